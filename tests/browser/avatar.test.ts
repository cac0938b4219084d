import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loseContexts } from './context_loss.js';
import { openEmptyPage } from './empty_page.js';
import { frames } from './picture.js';
import { shareSite } from './site.js';

const site = shareSite();

describe('Avatar', () => {
  test('tells when it starts, each word with its place in the text, and when it ends', async (t) => {
    const page = await openEmptyPage(t, site);
    const { events, outcome } = await page.evaluate(async () => {
      const { Avatar } = await import('vivavox');
      const { createSpeech } = await import('vivavox-speech');
      const canvas = document.querySelector('canvas') ?? document.createElement('canvas');
      const avatar = await Avatar.create(canvas, { speech: createSpeech() });
      const events: string[] = [];
      avatar.addEventListener('start', ({ detail }) => events.push(`start ${detail.text}`));
      avatar.addEventListener('word', ({ detail }) => {
        events.push(`${detail.text} ${detail.begin}-${detail.end}`);
      });
      avatar.addEventListener('end', ({ detail }) => events.push(`end ${detail.outcome}`));
      const outcome = await avatar.speak('Dr. Who, 100 times.');
      return { events, outcome };
    });
    assert.equal(outcome, 'finished');
    assert.deepEqual(events, [
      'start Dr. Who, 100 times.',
      'Dr. 0-3',
      'Who 4-7',
      '100 9-12',
      'times 13-18',
      'end finished',
    ]);
  });

  test('is stopped by stop(), by a signal and by the next speak()', async (t) => {
    const page = await openEmptyPage(t, site);
    const outcomes = await page.evaluate(async () => {
      const { Avatar } = await import('vivavox');
      const { createSpeech } = await import('vivavox-speech');
      const canvas = document.querySelector('canvas') ?? document.createElement('canvas');
      const avatar = await Avatar.create(canvas, { speech: createSpeech() });
      const long = 'one two three four five six seven eight nine ten. '.repeat(20);
      const started = () =>
        new Promise((resolve) => {
          avatar.addEventListener('word', resolve, { once: true });
        });

      const stopped = avatar.speak(long);
      await started();
      avatar.stop();
      const abort = new AbortController();
      const aborted = avatar.speak(long, { signal: abort.signal });
      await started();
      abort.abort();
      const outcomes = [await stopped, await aborted];
      const replaced = avatar.speak(long);
      const last = avatar.speak('Yes.');
      return [...outcomes, await replaced, await last, avatar.speaking];
    });
    assert.deepEqual(outcomes, ['stopped', 'stopped', 'stopped', 'finished', false]);
  });

  test('fails with an error that has a code', async (t) => {
    const page = await openEmptyPage(t, site);
    const codes = await page.evaluate(async () => {
      const { Avatar, VivavoxError } = await import('vivavox');
      const { createSpeech } = await import('vivavox-speech');
      const canvas = document.querySelector('canvas') ?? document.createElement('canvas');
      const avatar = await Avatar.create(canvas, { speech: createSpeech() });
      const codeOf = async (call: () => unknown) => {
        try {
          await call();
          return 'no error';
        } catch (error) {
          return error instanceof VivavoxError ? error.code : String(error);
        }
      };
      const codes = {
        empty: await codeOf(() => avatar.speak('')),
        halfCharacter: await codeOf(() => avatar.speak('\udc00')),
        language: await codeOf(() => avatar.speak('Hi', { voice: 'espeak:xx' })),
        voice: await codeOf(() => avatar.speak('Hi', { voice: 'nobody' })),
        rate: await codeOf(() => avatar.speak('Hi', { rate: 99 })),
        mood: await codeOf(() => (avatar.mood = 'hungry' as 'happy')),
        style: await codeOf(() => (avatar.speakingStyle = 'loud' as 'shout')),
        styleRange: await codeOf(() => (avatar.speakingStyle = { jaw: 3, lips: 1 })),
        noAvatar: await codeOf(() => avatar.load(new Uint8Array([1, 2, 3]))),
        noFile: await codeOf(() => avatar.load('missing.glb')),
        mute: 'no error',
        disposed: 'no error',
      };
      avatar.dispose();
      avatar.dispose();
      codes.disposed = await codeOf(() => avatar.speak('Hi'));
      const mute = await Avatar.create(document.createElement('canvas'));
      codes.mute = await codeOf(() => mute.speak('Hi'));
      mute.dispose();
      return codes;
    });
    assert.deepEqual(codes, {
      empty: 'invalid_text',
      halfCharacter: 'invalid_text',
      language: 'unknown_voice',
      voice: 'unknown_voice',
      rate: 'invalid_argument',
      mood: 'invalid_argument',
      style: 'invalid_argument',
      styleRange: 'invalid_argument',
      noAvatar: 'invalid_avatar',
      noFile: 'io_failed',
      mute: 'no_speech',
      disposed: 'disposed',
    });
  });

  test('gets itself another graphics context when the browser takes it away', async (t) => {
    const page = await openEmptyPage(t, site);
    await page.evaluate(async () => {
      const { Avatar } = await import('vivavox');
      const canvas = document.querySelector('canvas') ?? document.createElement('canvas');
      const avatar = await Avatar.create(canvas);
      const seen: string[] = [];
      Object.assign(globalThis, { avatar, seen });
      for (const type of ['contextlost', 'contextrestored', 'error'] as const) {
        avatar.addEventListener(type, () => seen.push(type));
      }
    });
    await loseContexts(page);
    await page.waitForFunction(
      () => (globalThis as unknown as { seen: string[] }).seen.length >= 2,
    );
    const mouth = { left: 0.3, top: 0.3, width: 0.4, height: 0.4 };
    const [after] = await frames(page, mouth, 1);
    assert.deepEqual(
      await page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen),
      ['contextlost', 'contextrestored'],
    );
    const grey = after ?? [];
    assert.ok(Math.max(...grey) - Math.min(...grey) > 60, 'there is a face again');
  });
});

test('<vivavox-avatar> speaks', async (t) => {
  const page = await openEmptyPage(t, site);
  const outcome = await page.evaluate(async () => {
    const { VivavoxAvatarElement } = await import('vivavox/element');
    const { createSpeech } = await import('vivavox-speech');
    document.body.insertAdjacentHTML(
      'beforeend',
      '<vivavox-avatar voice="espeak:de" mood="happy" style="width: 160px"></vivavox-avatar>',
    );
    const element = document.querySelector('vivavox-avatar');
    if (!(element instanceof VivavoxAvatarElement)) return 'no element';
    element.speech = await createSpeech();
    return element.speak('Hallo.');
  });
  assert.equal(outcome, 'finished');
});
