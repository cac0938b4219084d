// A mouth that follows sound that others make.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { openEmptyPage } from './empty_page.js';
import { frames, motion } from './picture.js';
import { shareSite } from './site.js';
import { peak, soundOf } from './sound.js';

const site = shareSite();

/** Where the default avatar's mouth is. */
const mouth = { left: 0.38, top: 0.5, width: 0.24, height: 0.22 };

const mouthMotion = async (page: Page) => motion(await frames(page, mouth, 24));

declare global {
  /** Speech that somebody else makes, over and over. */
  var othersSpeech: (context: AudioContext) => Promise<AudioBufferSourceNode>;
}

/** An avatar, and speech that is not its own. */
async function openPageWithSpeech(t: Parameters<typeof openEmptyPage>[0]): Promise<Page> {
  const page = await openEmptyPage(t, site);
  await page.evaluate(() => {
    globalThis.othersSpeech = async (context) => {
      const { createSpeech } = await import('vivavox-speech');
      const speech = await createSpeech();
      const node = new AudioBufferSourceNode(context, { loop: true });
      for await (const { samples, timeline } of speech.speak(
        'Far away a bear made our father bow.',
      )) {
        node.buffer = new AudioBuffer({
          length: samples.length,
          sampleRate: timeline.sample_rate_hz,
        });
        node.buffer.copyToChannel(samples as Float32Array<ArrayBuffer>, 0);
      }
      speech.dispose();
      node.start();
      return node;
    };
  });
  return page;
}

describe('live sound', () => {
  test('moves the mouth while it is followed, silently', async (t) => {
    const page = await openPageWithSpeech(t);
    await page.evaluate(async () => {
      Object.assign(globalThis, { avatar: await makeAvatar({ seed: 1 }) });
    });
    const idle = await mouthMotion(page);
    await page.evaluate(`(async () => {
      const stream = new MediaStreamAudioDestinationNode(new AudioContext());
      (await othersSpeech(stream.context)).connect(stream);
      await avatar.follow(stream.stream);
    })()`);
    await page.waitForTimeout(500);
    const following = await mouthMotion(page);
    await page.evaluate('avatar.follow(null)');
    await page.waitForTimeout(500);
    const after = await mouthMotion(page);
    assert.ok(following > 3 * idle, `${following} while followed, ${idle} before`);
    assert.ok(following > 3 * after, `${following} while followed, ${after} after`);
    assert.equal(peak((await soundOf(page)).samples), 0);
  });

  test('is followed from any node, and lets what the avatar says go first', async (t) => {
    const page = await openPageWithSpeech(t);
    await page.evaluate(async () => {
      const avatar = await makeAvatar({ speech: tones([{ text: 'a', duration_s: 1 }]) });
      Object.assign(globalThis, { avatar });
      await avatar.follow(await othersSpeech(new AudioContext()));
    });
    const following = await mouthMotion(page);
    const outcome = await page.evaluate(`avatar.speak('a')`);
    const again = await mouthMotion(page);
    assert.equal(outcome, 'finished');
    assert.ok(following > 0.5, `${following}`);
    assert.ok(again > following / 3, `${again} after speaking, ${following} before`);
  });

  test('that is none, or cannot be tapped, is refused, and the last one holds', async (t) => {
    const page = await openPageWithSpeech(t);
    const codes = await page.evaluate(async () => {
      const codeOf = (promise: Promise<unknown>) =>
        promise.then(
          () => 'followed',
          (error: { code: string; message: string }) => error.code,
        );
      const context = new AudioContext();
      const node = new OscillatorNode(context);
      const avatar = await makeAvatar();
      const silent = await codeOf(avatar.follow(new MediaStream()));
      const both = await Promise.all([codeOf(avatar.follow(node)), codeOf(avatar.follow(node))]);
      avatar.dispose();
      const lost = await makeAvatar({ listenUrl: '/nowhere.wasm' });
      const unheard = await codeOf(lost.follow(node));
      const old = new AudioContext();
      Object.defineProperty(old, 'audioWorklet', { value: undefined });
      const untapped = await codeOf(lost.follow(new OscillatorNode(old)));
      lost.dispose();
      return { silent, both, untapped, unheard };
    });
    assert.deepEqual(codes, {
      silent: 'invalid_argument',
      both: ['superseded', 'followed'],
      untapped: 'unavailable',
      unheard: 'io_failed',
    });
  });
});
