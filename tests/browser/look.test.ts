// What the avatar's properties change in what is seen and heard.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Avatar } from 'vivavox';
import { openEmptyPage, scenesOf, untilScenes } from './empty_page.js';
import { difference, frames, nearest } from './picture.js';
import { shareSite } from './site.js';
import { peak, soundOf } from './sound.js';

declare global {
  var avatar: Avatar;
}

const site = shareSite();
const whole = { left: 0, top: 0, width: 1, height: 1 };
const eyes = { left: 0.3, top: 0.3, width: 0.4, height: 0.2 };

/** A picture once what was asked for shows. */
async function settled(page: Page, region = whole): Promise<number[] | undefined> {
  return (await frames(page, region, 6)).at(-1);
}

describe('what is seen', () => {
  test('changes with the view, and is as before with the first one', async (t) => {
    const page = await openEmptyPage(t, site);
    await page.evaluate(async () => {
      globalThis.avatar = await makeAvatar({ view: 'bust' });
      // A snapshot waits for all the light that comes to her, of which frames show more and more.
      await avatar.snapshot();
    });
    const bust = await settled(page);
    const still = difference(bust, await settled(page));
    for (const view of [
      'head',
      'full',
      { yaw_deg: 60 },
      { pitch_deg: 30 },
      { height: 4 },
    ] as const) {
      await page.evaluate((view) => (avatar.view = view), view);
      const change = difference(bust, await settled(page));
      assert.ok(change > 4 * still + 3, `${JSON.stringify(view)}: ${change} after ${still}`);
    }
    await page.evaluate(() => (avatar.view = 'bust'));
    assert.ok(difference(bust, await settled(page)) < 2 * still + 2);
  });

  test('changes with the lighting', async (t) => {
    const page = await openEmptyPage(t, site);
    await page.evaluate(async () => {
      globalThis.avatar = await makeAvatar();
    });
    const portrait = await settled(page);
    await page.evaluate(() => (avatar.lighting = 'flat'));
    assert.ok(difference(portrait, await settled(page)) > 3);
  });

  test('of the eyes differs by the side that they are asked to look at', async (t) => {
    const page = await openEmptyPage(t, site);
    await page.evaluate(async () => {
      globalThis.avatar = await makeAvatar({ view: 'head' });
      avatar.lookAt('camera');
    });
    const look = async (x: number) => {
      await page.evaluate((x) => {
        avatar.lookAt(x, 80);
      }, x);
      await page.waitForTimeout(1500);
      return settled(page, eyes);
    };
    const left = await look(-2000);
    const right = await look(2000);
    const leftAgain = await look(-2000);
    assert.ok(difference(left, right) > 2 * difference(left, leftAgain) + 0.5);
  });

  test('through a background is the picture that a style names', async (t) => {
    const page = await openEmptyPage(t, site);
    const seen = await page.evaluate(async () => {
      globalThis.avatar = await makeAvatar({ background: 'linear-gradient(#000, #fff)' });
      const alphaOf = async () => {
        const picture = await createImageBitmap(await avatar.snapshot());
        const copy = new OffscreenCanvas(4, 4).getContext('2d');
        copy?.drawImage(picture, 0, 0, 4, 4, 0, 0, 4, 4);
        return copy?.getImageData(1, 1, 1, 1).data[3];
      };
      const { style } = avatar.canvas;
      const first = [style.backgroundImage !== '', await alphaOf()];
      avatar.background = '#204060';
      return [...first, style.backgroundImage !== '', await alphaOf()];
    });
    assert.deepEqual(seen, [true, 0, false, 255]);
  });

  test('of an avatar made soon after another is as it was with the first one', async (t) => {
    const page = await openEmptyPage(t, site);
    const make = (options: Parameters<typeof makeAvatar>[0]) =>
      page.evaluate(async (options) => {
        if ('avatar' in globalThis) globalThis.avatar.dispose();
        // The worker of the one before is kept as soon as it says that it rests.
        await new Promise((resolve) => setTimeout(resolve, 500));
        globalThis.avatar = await makeAvatar(options);
      }, options);
    await make({ view: 'head' });
    const first = await scenesOf(page);
    const before = await frames(page, whole, 18);
    await make({ view: 'head', mood: 'angry', lighting: 'flat' });
    const otherwise = nearest(before, await frames(page, whole, 18));
    await make({ view: 'head' });
    const again = nearest(before, await frames(page, whole, 18));
    assert.ok(again < otherwise / 3, `${again} where another differed by ${otherwise}`);
    assert.deepEqual(await scenesOf(page), first);
    await page.evaluate(() => {
      globalThis.avatar.dispose();
    });
    await untilScenes(page, 0);
  });

  test('is recorded together with what is heard', async (t) => {
    const page = await openEmptyPage(t, site);
    const film = await page.evaluate(async () => {
      const speech = tones([{ text: 'one two', duration_s: 1 }]);
      const avatar = await makeAvatar({ speech });
      await avatar.snapshot();
      const recording = avatar.record();
      await avatar.speak('one two');
      const blob = await recording.stop();
      const video = document.createElement('video');
      video.muted = true;
      video.src = URL.createObjectURL(blob);
      await new Promise((resolve, reject) => {
        video.onloadeddata = resolve;
        video.onerror = () => {
          reject(new Error(`the film cannot be shown: ${video.error?.message}`));
        };
      });
      video.currentTime = 0.8;
      // A picture is told of before it can be drawn.
      let contrast = 0;
      for (
        const end_ms = performance.now() + 20_000;
        contrast < 60 && performance.now() < end_ms;
      ) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        const copy = new OffscreenCanvas(40, 40).getContext('2d');
        copy?.drawImage(video, 0, 0, 40, 40);
        const greens = copy?.getImageData(0, 0, 40, 40).data.filter((_, i) => i % 4 === 1) ?? [];
        contrast = Math.max(...greens) - Math.min(...greens);
      }
      const sound = await new OfflineAudioContext(1, 1, 48000).decodeAudioData(
        await blob.arrayBuffer(),
      );
      const samples = sound.getChannelData(0);
      const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      return {
        type: blob.type,
        width: video.videoWidth,
        contrast,
        loudest,
        duration_s: sound.duration,
      };
    });
    assert.deepEqual([film.type, film.width], ['video/webm', 160]);
    assert.ok(film.loudest > 0.1 && film.duration_s > 0.9, JSON.stringify(film));
    assert.ok(film.contrast > 60, JSON.stringify(film));
  });

  test('is recorded until the avatar is disposed of, at a rate of 1 to 60', async (t) => {
    const page = await openEmptyPage(t, site);
    const seen = await page.evaluate(async () => {
      const recorders: MediaRecorder[] = [];
      globalThis.MediaRecorder = class extends MediaRecorder {
        override start(timeslice?: number) {
          recorders.push(this);
          super.start(timeslice);
        }
      };
      const avatar = await makeAvatar();
      let code = '';
      try {
        avatar.record({ frameRate: 0 });
      } catch (error) {
        code = (error as { code: string }).code;
      }
      const recording = avatar.record();
      avatar.dispose();
      const states = recorders.map(({ state }) => state);
      await recording.stop();
      return { code, states };
    });
    assert.deepEqual(seen, { code: 'invalid_argument', states: ['inactive'] });
  });
});

describe('what is heard', () => {
  test('is as loud as the volume, and silent when muted', async (t) => {
    const peaks: number[] = [];
    for (const [volume, muted] of [
      [1, false],
      [0.25, false],
      [1, true],
    ] as const) {
      const page = await openEmptyPage(t, site);
      await page.evaluate(
        async ([volume, muted]) => {
          const avatar = await makeAvatar({ speech: tones([{ text: 'one', duration_s: 0.4 }]) });
          Object.assign(avatar, { volume, muted });
          await avatar.speak('one');
        },
        [volume, muted] as const,
      );
      peaks.push(peak((await soundOf(page)).samples));
    }
    const [full = 0, quarter = 0, silent = 1] = peaks;
    assert.ok(
      full > 0.15 && Math.abs(quarter / full - 0.25) < 0.03 && silent < 1e-3,
      peaks.join(' '),
    );
  });

  test('is nothing where the browser gives no sound device, which speak() says', async (t) => {
    const page = await openEmptyPage(t, site);
    const error = await page.evaluate(async () => {
      globalThis.AudioContext = new Proxy(AudioContext, {
        construct() {
          throw new DOMException('too many', 'NotSupportedError');
        },
      });
      const avatar = await makeAvatar({ speech: tones([{ text: 'one', duration_s: 0.4 }]) });
      return avatar.speak('one').then(
        () => 'spoken',
        (error: { code: string; cause: Error }) => [error.code, error.cause.name],
      );
    });
    assert.deepEqual(error, ['unavailable', 'NotSupportedError']);
  });

  test('that does not start is called blocked where the page was not used, and unavailable where it was', async (t) => {
    const page = await openEmptyPage(t, site);
    const codes = await page.evaluate(async () => {
      const wait = setTimeout;
      globalThis.setTimeout = ((then: () => void, ms: number) =>
        wait(then, ms / 20)) as typeof setTimeout;
      const never = new Promise<void>(() => undefined);
      AudioContext.prototype.resume = () => never;
      Object.defineProperty(AudioContext.prototype, 'state', { value: 'suspended' });
      const codes: string[] = [];
      for (const hasBeenActive of [false, true]) {
        Object.defineProperty(Navigator.prototype, 'userActivation', {
          configurable: true,
          value: { hasBeenActive },
        });
        const avatar = await makeAvatar({ speech: tones([{ text: 'one', duration_s: 0.4 }]) });
        await avatar.speak('one').catch((error: { code: string }) => codes.push(error.code));
        avatar.dispose();
      }
      return codes;
    });
    assert.deepEqual(codes, ['audio_blocked', 'unavailable']);
  });
});
