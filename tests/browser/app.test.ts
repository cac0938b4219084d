import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { openPage } from './browser.js';
import { frames, mean, motion, type Region } from './picture.js';
import { serve } from './server.js';
import { shareSite } from './site.js';
import { audible_s, between, peak, soundOf } from './sound.js';

const patience = { timeout: 60_000 };
/** Where Vivi's mouth is on her canvas. */
const mouth: Region = { left: 0.4, top: 0.57, width: 0.2, height: 0.18 };

const site = shareSite();

async function speak(page: Page, text: string): Promise<void> {
  await page.waitForSelector('#speak:enabled', patience);
  await page.fill('#text', text);
  await page.click('#speak');
}

async function untilSpeaking(page: Page): Promise<void> {
  await page.waitForFunction(() => recording.marked.length > 0, null, patience);
}

async function untilSilent(page: Page): Promise<void> {
  await page.waitForSelector('#stop:disabled', patience);
}

async function problemOf(page: Page): Promise<string> {
  return (await page.waitForSelector('#problem:not([hidden])', patience)).innerText();
}

/** Adds a Piper voice whose model makes tones, as a user does: by its two files. */
async function addTone(page: Page): Promise<void> {
  await page.setInputFiles('#voice-files', ['tests/data/tone.onnx', 'tests/data/tone.onnx.json']);
  await page.waitForFunction(
    () => document.querySelector<HTMLSelectElement>('#voice')?.value === 'tone',
    null,
    patience,
  );
}

describe('the app', () => {
  test('speaks what was typed, with captions that follow, and no error', async (t) => {
    const { page, errors } = await openPage(t, site.browser, site.url);
    await speak(page, 'Hello world. This is a living voice.');
    await untilSpeaking(page);
    await untilSilent(page);
    const sound = await soundOf(page);
    assert.ok(peak(sound.samples) > 0.05, `the loudest sample is ${peak(sound.samples)}`);
    assert.ok(audible_s(sound) > 1, `it sounds for ${audible_s(sound)} s`);
    const marked = await page.evaluate(() => recording.marked);
    assert.deepEqual(marked, ['Hello', 'world', 'This', 'is', 'a', 'living', 'voice']);
    assert.deepEqual(errors, []);
  });

  test('moves the mouth while it speaks, and only then', async (t) => {
    const { page } = await openPage(t, site.browser, site.url);
    await page.waitForSelector('canvas.ready', patience);
    const atRest = await frames(page, mouth, 12);
    await speak(page, 'Papa bought a huge map of Wyoming. '.repeat(4));
    await untilSpeaking(page);
    const speaking = await frames(page, mouth, 8);
    assert.ok(
      motion(speaking) > 4 * motion(atRest) && motion(speaking) > 2,
      `the mouth moves by ${motion(speaking)} speaking and ${motion(atRest)} at rest`,
    );
  });

  test('falls silent within 100 ms of Stop, by a fade', async (t) => {
    const { page, errors } = await openPage(t, site.browser, site.url);
    await speak(page, 'One two three four five six seven eight nine ten eleven twelve thirteen.');
    await untilSpeaking(page);
    await page.waitForTimeout(700);
    await page.click('#stop');
    await untilSilent(page);
    await page.waitForTimeout(1000);
    const sound = await soundOf(page);
    const stop_s = sound.stopClicked_s;
    assert.ok(stop_s !== null, 'Stop was clicked');
    const before = peak(between(sound, stop_s - 0.3, stop_s));
    assert.ok(before > 0.02, 'it spoke before');
    const end_s = sound.samples.length / sound.sampleRate_hz;
    assert.ok(end_s > stop_s + 0.5, 'the recording goes on after Stop');
    assert.equal(peak(between(sound, stop_s + 0.1, end_s)), 0);
    // A cut would leave the last sounding samples as loud as those before.
    const lastSound = sound.samples.findLastIndex((sample) => sample !== 0) / sound.sampleRate_hz;
    const tail = peak(between(sound, lastSound - 0.002, lastSound + 0.001));
    assert.ok(tail < 0.1 * before, `the last 2 ms are as loud as ${tail}, before it was ${before}`);
    assert.deepEqual(errors, []);
  });

  test('is light or dark as the system is', async (t) => {
    for (const [colorScheme, isDark] of [
      ['light', false],
      ['dark', true],
    ] as const) {
      const { page } = await openPage(t, site.browser, site.url, { colorScheme });
      await page.waitForSelector('canvas.ready', patience);
      const page_rgb = await page.evaluate(() =>
        getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g)?.map(Number),
      );
      const [corner] = await frames(page, { left: 0, top: 0, width: 0.1, height: 0.1 }, 1);
      for (const [part, values] of Object.entries({ page: page_rgb, avatar: corner })) {
        const brightness = mean(values ?? []);
        assert.equal(brightness < 128, isDark, `${part}, ${colorScheme}: ${brightness}`);
      }
    }
  });

  test('says in one line what is wrong with its input, and speaks on', async (t) => {
    const { page, errors } = await openPage(t, site.browser, site.url);
    await page.waitForSelector('#speak:enabled', patience);
    const wrong = ['', '   \n', 'a\ud800b', 'word '.repeat(1_048_576 / 5 + 1)];
    for (const text of wrong) {
      await page.locator('#text').evaluate((box, value) => {
        (box as HTMLTextAreaElement).value = value;
      }, text);
      await page.click('#speak');
      const problem = await problemOf(page);
      assert.match(problem, /^[^\n]{10,200}\.?$/, `for ${JSON.stringify(text.slice(0, 10))}`);
      await untilSilent(page);
    }
    await speak(page, 'All is well.');
    await untilSpeaking(page);
    assert.equal(await page.isVisible('#problem'), false);
    assert.deepEqual(errors, []);
  });

  test('speaks another language, whose data comes when it is asked for', async (t) => {
    const { page, errors } = await openPage(t, site.browser, site.url);
    await page.waitForSelector('#speak:enabled', patience);
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(request.url()));
    await page.selectOption('#voice', 'espeak:de');
    await speak(page, 'Guten Morgen, schöne Welt.');
    await untilSpeaking(page);
    await untilSilent(page);
    assert.ok(loaded.some((url) => url.endsWith('/de_dict.bin')));
    assert.ok(peak((await soundOf(page)).samples) > 0.05);
    const marked = await page.evaluate(() => recording.marked);
    assert.deepEqual(marked, ['Guten', 'Morgen', 'schöne', 'Welt']);
    assert.deepEqual(errors, []);
  });

  test('speaks with a Piper voice from two files', async (t) => {
    const { page, errors } = await openPage(t, site.browser, site.url);
    await page.waitForSelector('#add-voice:enabled', patience);
    await addTone(page);
    await speak(page, 'Hello world, this is a tone.');
    await untilSpeaking(page);
    await untilSilent(page);
    const sound = await soundOf(page);
    assert.ok(peak(sound.samples) > 0.05 && audible_s(sound) > 0.5);
    const marked = await page.evaluate(() => recording.marked);
    assert.deepEqual(marked, ['Hello', 'world', 'this', 'is', 'a', 'tone']);
    assert.deepEqual(errors, []);
  });

  test('runs under the policy that it is served with, with both kinds of voices', async (t) => {
    const context = await site.browser.newContext({ viewport: { width: 320, height: 640 } });
    t.after(() => context.close());
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    const response = await page.goto(site.url);
    const policy = response?.headers()['content-security-policy'] ?? '';
    assert.match(policy, /script-src 'self' 'wasm-unsafe-eval' 'sha256-/);
    assert.doesNotMatch(policy, /'unsafe-inline'|'unsafe-eval'/);
    await speak(page, 'Hello.');
    await page.waitForSelector('#stop:enabled', patience);
    await untilSilent(page);
    await addTone(page);
    await speak(page, 'Hello world, this is a tone.');
    await page.waitForSelector('#stop:enabled', patience);
    await untilSilent(page);
    assert.equal(await page.isVisible('#problem'), false);
    assert.deepEqual(complaints, []);
    const blocked = await page.evaluate(
      () =>
        new Promise<string>((settle) => {
          document.addEventListener('securitypolicyviolation', (violation) => {
            settle(violation.effectiveDirective);
          });
          const script = document.createElement('script');
          script.textContent = 'document.title = "not allowed"';
          document.head.append(script);
        }),
    );
    assert.match(blocked, /^script-src/);
    assert.notEqual(await page.title(), 'not allowed');
  });

  test('follows the microphone while asked to, and says where it may not', async (t) => {
    const { page, errors } = await openPage(t, site.browser, site.url);
    await page.evaluate(() => {
      // A person who says "aha" over and over: a vowel that comes and goes.
      let mayListen = false;
      navigator.mediaDevices.getUserMedia = () => {
        if (!mayListen) {
          mayListen = true;
          return Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
        }
        const context = new AudioContext();
        const voice = new OscillatorNode(context, { type: 'sawtooth', frequency: 130 });
        const stream = new MediaStreamAudioDestinationNode(context);
        const loudness = new GainNode(context, { gain: 0.25 });
        const rhythm = new OscillatorNode(context, { type: 'square', frequency: 2 });
        rhythm.connect(new GainNode(context, { gain: 0.25 })).connect(loudness.gain);
        const formants = [730, 1090, 2440].map(
          (frequency) => new BiquadFilterNode(context, { type: 'bandpass', frequency, Q: 6 }),
        );
        for (const formant of formants) voice.connect(formant).connect(loudness);
        loudness.connect(stream);
        voice.start();
        rhythm.start();
        return Promise.resolve(stream.stream);
      };
    });
    await page.waitForSelector('#follow:enabled', patience);
    const atRest = await frames(page, mouth, 12);
    await page.click('#follow');
    assert.match(await problemOf(page), /^The microphone cannot be heard \(Permission denied\)/);
    await page.click('#follow');
    await page.waitForSelector('#follow[aria-pressed=true]', patience);
    await page.waitForTimeout(1000);
    const following = await frames(page, mouth, 12);
    await page.click('#follow');
    await page.waitForSelector('#follow[aria-pressed=false]', patience);
    assert.ok(
      motion(following) > 3 * motion(atRest),
      `the mouth moves by ${motion(following)} following and ${motion(atRest)} at rest`,
    );
    assert.deepEqual(errors, []);
  });

  test('says what is wrong with the files of a voice', async (t) => {
    const { page, errors } = await openPage(t, site.browser, site.url);
    await page.waitForSelector('#add-voice:enabled', patience);
    const text = Buffer.from('This is no voice.');
    const model = { name: 'a.onnx', mimeType: '', buffer: text };
    const config = { name: 'a.onnx.json', mimeType: '', buffer: text };
    for (const files of [[model], [model, config]]) {
      await page.setInputFiles('#voice-files', files);
      assert.match(await problemOf(page), /^[^\n]{10,200}\.?$/);
    }
    await page.setInputFiles('#voice-files', [
      model,
      { ...config, buffer: readFileSync('tests/data/tone.onnx.json') },
    ]);
    assert.match(await problemOf(page), /ONNX/);
    assert.deepEqual(errors, []);
  });

  test('works without a network once it was loaded', async (t) => {
    const own = await serve('build/web');
    const { page, errors } = await openPage(t, site.browser, own.url);
    await page.waitForSelector('#speak:enabled', patience);
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    // What the service answers is never kept.
    const states = await page.evaluate(async () => {
      const url = '/api/v1/avatars/kept/state';
      const read = async () => await (await fetch(url)).text();
      const before = await read();
      await fetch(url, { method: 'PATCH', body: '{"state":{"seen":true}}' });
      return [before, await read()];
    });
    assert.notEqual(states[0], states[1]);
    await own.stop();
    await page.reload();
    await speak(page, 'Still here.');
    await untilSpeaking(page);
    await untilSilent(page);
    assert.ok(peak((await soundOf(page)).samples) > 0.05);
    assert.deepEqual(errors, []);
  });
});
