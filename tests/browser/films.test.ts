// Pages that cannot draw: films of a server, or a picture.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Avatar } from 'vivavox';
import { openEmptyPage } from './empty_page.js';
import { difference, frames, mean, motion } from './picture.js';
import { shareSite } from './site.js';
import { audible_s, soundOf } from './sound.js';

const site = shareSite('none');
const whole = { left: 0, top: 0, width: 1, height: 1 };
const mouth = { left: 0.35, top: 0.5, width: 0.3, height: 0.25 };

declare global {
  /** The page's avatar, and the video that shows its films. */
  var avatar: Avatar;
  var film: HTMLVideoElement;
}

/** Runs in the page: its video is the reel's. */
function keepVideo(): void {
  const video = HTMLVideoElement.prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on its own video
  const { requestVideoFrameCallback } = video;
  video.requestVideoFrameCallback = function (callback) {
    globalThis.film = this;
    return requestVideoFrameCallback.call(this, callback);
  };
}

async function openFilms(page: Page): Promise<void> {
  await page.evaluate(keepVideo);
  await page.evaluate(async () => {
    globalThis.avatar = await makeAvatar({ server: location.origin, seed: 3 });
  });
}

describe('without WebGL, with a server', () => {
  test('idles and speaks in films, and tells of words in order as they are heard', async (t) => {
    const page = await openEmptyPage(t, site);
    await openFilms(page);
    assert.equal(await page.evaluate(() => avatar.renderer), 'server');
    const idle = await frames(page, whole, 8);
    assert.ok(mean(idle[0] ?? []) > 20, 'there is a picture');
    assert.ok(motion(idle) > 0.02, 'it lives');
    const seen = await page.evaluate(async () => {
      const text = 'Papa bought a map of Wyoming. Why not?';
      const told: { type: string; text: string; at_s: number; start_s: number }[] = [];
      let begun_s = 0;
      avatar.addEventListener('start', () => (begun_s = film.currentTime));
      avatar.addEventListener('word', ({ detail }) => {
        const word = text.slice(detail.begin, detail.end);
        told.push({ type: 'word', text: word, at_s: film.currentTime, start_s: detail.start_s });
      });
      const visemes: string[] = [];
      avatar.addEventListener('viseme', ({ detail }) => visemes.push(detail.viseme));
      const marks: string[] = [];
      avatar.addEventListener('mark', ({ detail }) => marks.push(detail.name));
      const outcome = await avatar.speak(text, { marks: [{ name: 'map', at: 14 }] });
      return { outcome, told, begun_s, marks, visemes, stats: await avatar.stats() };
    });
    assert.equal(seen.outcome, 'finished');
    assert.deepEqual(
      seen.told.map(({ text }) => text),
      ['Papa', 'bought', 'a', 'map', 'of', 'Wyoming', 'Why', 'not'],
    );
    const [first] = seen.told;
    assert.ok(first);
    for (const { text, at_s, start_s } of seen.told) {
      const late_s = at_s - first.at_s - (start_s - first.start_s);
      assert.ok(late_s > -0.1, `${text} was told ${-late_s} s before it was heard`);
    }
    assert.deepEqual(seen.marks, ['map']);
    assert.deepEqual(seen.visemes.slice(0, 3), ['PP', 'aa', 'PP']);
    assert.equal(seen.stats.renderer, 'server');
    assert.ok(seen.stats.framesDrawn > 20);
  });

  test('moves the mouth while it speaks, and hardly in between', async (t) => {
    const page = await openEmptyPage(t, site);
    await openFilms(page);
    const idle = motion(await frames(page, mouth, 20));
    const speaking = page.evaluate(() => avatar.speak('Far away a large car park, far away.'));
    await page.evaluate(
      () => new Promise((resolve) => avatar.addEventListener('start', resolve, { once: true })),
    );
    const spoken = motion(await frames(page, mouth, 20));
    await speaking;
    assert.ok(spoken > 2 * idle, `${spoken} while it speaks, ${idle} before`);
  });

  test('falls silent at once, and comes back to rest', async (t) => {
    const page = await openEmptyPage(t, site);
    await openFilms(page);
    const seen = await page.evaluate(async () => {
      const ends: string[] = [];
      avatar.addEventListener('end', ({ detail }) => ends.push(detail.outcome));
      const speaking = avatar.speak('One two three four five six seven eight nine ten.');
      await new Promise((resolve) => avatar.addEventListener('word', resolve, { once: true }));
      const loud = !film.muted;
      const at_s = film.currentTime;
      const heard = avatar.stop();
      const quiet = film.muted;
      const outcome = await speaking;
      while (film.seeking || film.currentTime < at_s + 1) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return { loud, quiet, outcome, ends, seconds: heard?.seconds ?? 0 };
    });
    assert.deepEqual(
      { ...seen, seconds: 0 },
      { loud: true, quiet: true, outcome: 'stopped', ends: ['stopped'], seconds: 0 },
    );
    assert.ok(seen.seconds < 2);
    assert.ok(motion(await frames(page, whole, 8)) > 0.02, 'it goes on idling');
    assert.equal(await page.evaluate(() => avatar.speak('Again.')), 'finished');
  });

  test('says one thing after another, and what interrupts', async (t) => {
    const page = await openEmptyPage(t, site);
    await openFilms(page);
    const order = await page.evaluate(async () => {
      const told: string[] = [];
      avatar.addEventListener('start', ({ detail }) => told.push(`start ${detail.text}`));
      avatar.addEventListener('end', ({ detail }) => told.push(`end ${detail.text}`));
      await Promise.all([avatar.speak('One.'), avatar.speak('Two.', { queue: true })]);
      const cut = avatar.speak('A long sentence that nobody hears the end of.');
      await new Promise((resolve) => avatar.addEventListener('word', resolve, { once: true }));
      return [...told, await avatar.speak('Three.'), await cut];
    });
    assert.deepEqual(order, [
      ...['start One.', 'end One.', 'start Two.', 'end Two.'],
      'start A long sentence that nobody hears the end of.',
      ...['finished', 'stopped'],
    ]);
  });

  test('shows captions in step, as an element', async (t) => {
    const canvas = '<vivavox-avatar server="/" captions style="width: 160px"></vivavox-avatar>';
    const page = await openEmptyPage(t, site, { canvas });
    const seen = await page.evaluate(async () => {
      await import('vivavox/element');
      const element = document.querySelector('vivavox-avatar');
      if (!element?.shadowRoot) throw new Error('there is no element');
      const line = element.shadowRoot.querySelector('.captions');
      const marked: (string | undefined)[] = [];
      const told: string[] = [];
      element.addEventListener('word', ({ detail }: Event & { detail?: { text: string } }) => {
        told.push(detail?.text ?? '');
        marked.push(line?.querySelector('.now')?.textContent);
      });
      const outcome = await element.speak('Papa bought a map.');
      return { outcome, told, marked, renderer: (await element.avatar).renderer };
    });
    assert.equal(seen.renderer, 'server');
    assert.equal(seen.outcome, 'finished');
    assert.deepEqual(seen.told, ['Papa', 'bought', 'a', 'map']);
    assert.deepEqual(seen.marked, seen.told);
  });

  test('shows another mood', async (t) => {
    const page = await openEmptyPage(t, site);
    await openFilms(page);
    const before = await frames(page, whole, 3);
    await page.evaluate(() => {
      avatar.mood = 'angry';
    });
    await page.waitForFunction(() => film.buffered.length > 0 && film.currentTime > 9);
    const after = await frames(page, whole, 3);
    assert.ok(difference(before[0], after[0]) > 0.5);
  });

  test('says what the server says', async (t) => {
    const page = await openEmptyPage(t, site);
    await openFilms(page);
    await page.route('**/generate', (route) =>
      route.fulfill({ status: 503, json: { detail: 'too many watch' } }),
    );
    const error = await page.evaluate(() =>
      avatar.speak('Hello.').catch(({ code, message }: { code: string; message: string }) => ({
        code,
        message,
      })),
    );
    assert.deepEqual(error, {
      code: 'unavailable',
      message: 'The server says 503: too many watch',
    });
    assert.ok(motion(await frames(page, whole, 8)) > 0.02, 'it goes on idling');
  });
});

describe('without WebGL or a server', () => {
  test('shows a picture, and is heard', async (t) => {
    const page = await openEmptyPage(t, site);
    const seen = await page.evaluate(async () => {
      globalThis.avatar = await makeAvatar({
        speech: tones([{ text: 'one two', duration_s: 0.6 }]),
      });
      const told = new Promise<string>((resolve) => {
        avatar.addEventListener('renderer', ({ detail }) => {
          resolve(detail.renderer);
        });
      });
      const words: string[] = [];
      avatar.addEventListener('word', ({ detail }) => words.push(detail.text));
      const outcome = await avatar.speak('one two');
      return { told: await told, renderer: avatar.renderer, words, outcome };
    });
    assert.deepEqual(seen, {
      told: 'still',
      renderer: 'still',
      words: ['one', 'two'],
      outcome: 'finished',
    });
    const [picture] = await frames(page, whole, 1);
    const greys = new Set(picture);
    assert.ok(greys.size > 50, `a picture of ${greys.size} greys`);
    assert.ok(audible_s(await soundOf(page)) > 0.5);
  });

  test('shows it where the server is away, too', async (t) => {
    const page = await openEmptyPage(t, site);
    const renderer = await page.evaluate(async () => {
      const avatar = await makeAvatar({ server: 'http://localhost:9', speech: tones([]) });
      return avatar.renderer;
    });
    assert.equal(renderer, 'still');
  });
});
