import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { loseContextsEvery } from './context_loss.js';
import { openEmptyPage } from './empty_page.js';
import { frames, motion } from './picture.js';
import { shareSite } from './site.js';
import { between, peak, soundOf } from './sound.js';

const site = shareSite();

describe('speaking', () => {
  test('moves the mouth as far as its style says', async (t) => {
    const page = await openEmptyPage(t, site);
    await page.evaluate(async () => {
      const { createSpeech } = await import('vivavox-speech');
      const avatar = await makeAvatar({ speech: createSpeech(), seed: 1, speakingStyle: 'mumble' });
      Object.assign(globalThis, { avatar });
    });
    const moves = async () => {
      const text = 'Far away a large car park, far away a large car park, far away.';
      await page.evaluate(`avatar.speak('${text}').catch(() => undefined) && undefined`);
      await page.waitForTimeout(700);
      const seen = await frames(page, { left: 0.4, top: 0.55, width: 0.2, height: 0.16 }, 24);
      // The open mouth is dark.
      const dark = seen.map((picture) => picture.filter((grey) => grey < 70).length);
      return Math.max(...dark);
    };
    const mumbled = await moves();
    await page.evaluate(`avatar.speakingStyle = 'shout'`);
    const shouted = await moves();
    assert.ok(shouted > 2 * mumbled, `${shouted} dark pixels shouted, ${mumbled} mumbled`);
  });

  test('is given up when the system takes the sound away for good', async (t) => {
    const page = await openEmptyPage(t, site);
    const code = await page.evaluate(async () => {
      const avatar = await makeAvatar({ speech: tones([{ text: 'one two', duration_s: 30 }]) });
      const speaking = avatar.speak('one two').catch((error: { code: string }) => error.code);
      await new Promise((resolve) => avatar.addEventListener('word', resolve, { once: true }));
      const context = avatar.audioOutput?.context as AudioContext;
      context.resume = () => new Promise(() => undefined);
      await context.suspend();
      return speaking;
    });
    assert.equal(code, 'audio_interrupted');
  });

  test('goes on when the system gives the sound back', async (t) => {
    const page = await openEmptyPage(t, site);
    const seen = await page.evaluate(async () => {
      const avatar = await makeAvatar({ speech: tones([{ text: 'one two', duration_s: 1 }]) });
      const words: string[] = [];
      avatar.addEventListener('word', ({ detail }) => words.push(detail.text));
      const speaking = avatar.speak('one two');
      await new Promise((resolve) => avatar.addEventListener('word', resolve, { once: true }));
      await (avatar.audioOutput?.context as AudioContext).suspend();
      return [await speaking, ...words];
    });
    assert.deepEqual(seen, ['finished', 'one', 'two']);
  });

  test('is one voice, however listeners and interruptions meet', async (t) => {
    const page = await openEmptyPage(t, site);
    const seen = await page.evaluate(async () => {
      const avatar = await makeAvatar({ speech: tones([{ text: 'a', duration_s: 0.4 }]) });
      const ends: string[] = [];
      const outcomes: Promise<string>[] = [];
      avatar.addEventListener('end', ({ detail }) => ends.push(`${detail.text} ${detail.outcome}`));
      avatar.addEventListener('end', () => outcomes.push(avatar.speak('from the listener')), {
        once: true,
      });
      const first = avatar.speak('first');
      await new Promise((resolve) => avatar.addEventListener('start', resolve, { once: true }));
      const second = avatar.speak('second');
      const all = [await first, await second, ...(await Promise.all(outcomes))];
      return { all, ends, speaking: avatar.speaking };
    });
    assert.deepEqual(seen, {
      all: ['stopped', 'stopped', 'finished'],
      ends: ['first stopped', 'second stopped', 'from the listener finished'],
      speaking: false,
    });
  });

  test('works where the browser does not know its latency', async (t) => {
    const page = await openEmptyPage(t, site);
    const seen = await page.evaluate(async () => {
      Object.defineProperty(AudioContext.prototype, 'outputLatency', { value: undefined });
      AudioContext.prototype.getOutputTimestamp = () => ({ contextTime: 0, performanceTime: 0 });
      const avatar = await makeAvatar({ speech: tones([{ text: 'one two', duration_s: 0.6 }]) });
      const words: string[] = [];
      avatar.addEventListener('word', ({ detail }) => words.push(detail.text));
      return [await avatar.speak('one two'), ...words];
    });
    assert.deepEqual(seen, ['finished', 'one', 'two']);
  });

  test('works where the browser stamps the sound with times to come', async (t) => {
    const page = await openEmptyPage(t, site);
    const outcome = await page.evaluate(async () => {
      AudioContext.prototype.getOutputTimestamp = function (this: AudioContext) {
        const { currentTime } = this;
        return {
          contextTime: currentTime,
          performanceTime: performance.now() + 1000 * currentTime,
        };
      };
      const avatar = await makeAvatar({ speech: tones([{ text: 'one two', duration_s: 0.6 }]) });
      const late = new Promise((resolve) => setTimeout(resolve, 20_000, 'late'));
      return Promise.race([avatar.speak('one two'), late]);
    });
    assert.equal(outcome, 'finished');
  });

  test('has finished when it was heard, not when it was rendered', async (t) => {
    const page = await openEmptyPage(t, site);
    const late = await page.evaluate(async () => {
      // A device that is half a second behind, as by Bluetooth, and whose clock steps back.
      let last_s = 0;
      AudioContext.prototype.getOutputTimestamp = function () {
        const behind_s = this.currentTime === last_s ? 0.55 : 0.5;
        last_s = this.currentTime;
        const contextTime = Math.max(0.001, last_s - behind_s);
        return { contextTime, performanceTime: performance.now() };
      };
      let rendered_s = Infinity;
      globalThis.AudioBufferSourceNode = class extends AudioBufferSourceNode {
        override start(when = 0, offset = 0) {
          rendered_s = when + 0.5;
          super.start(when, offset);
        }
      };
      const avatar = await makeAvatar({ speech: tones([{ text: 'one', duration_s: 0.5 }]) });
      let end: unknown;
      avatar.addEventListener('end', ({ detail }) => {
        end = { seconds: detail.seconds, word: detail.word?.text };
      });
      await avatar.speak('one');
      return { end, after_s: (avatar.audioOutput?.context.currentTime ?? 0) - rendered_s };
    });
    assert.deepEqual(late.end, { seconds: 0.5, word: 'one' });
    assert.ok(late.after_s >= 0.49, JSON.stringify(late));
  });

  test('does not count the wait for a late clause as heard', async (t) => {
    const page = await openEmptyPage(t, site);
    const seconds = await page.evaluate(async () => {
      const avatar = await makeAvatar({
        speech: tones([
          { text: 'one', duration_s: 0.25 },
          { text: 'two', duration_s: 0.25, late_ms: 1000 },
        ]),
      });
      const ended = new Promise<number>((resolve) => {
        avatar.addEventListener('end', ({ detail }) => {
          resolve(detail.seconds);
        });
      });
      await avatar.speak('one two');
      return ended;
    });
    assert.ok(Math.abs(seconds - 0.5) < 1e-3, `${seconds} s`);
  });

  test('lets only the mouth wait for a clause that is late', async (t) => {
    const page = await openEmptyPage(t, site, { reducedMotion: 'no-preference' });
    await page.evaluate(async () => {
      const avatar = await makeAvatar({
        view: 'head',
        speech: tones([
          { text: 'one', duration_s: 0.3 },
          { text: 'two', duration_s: 0.3, late_ms: 100_000 },
        ]),
      });
      await new Promise((resolve) => {
        avatar.addEventListener('word', resolve, { once: true });
        void avatar.speak('one two').then((outcome) => {
          Object.assign(globalThis, { outcome });
        });
      });
    });
    await page.waitForTimeout(1500);
    const whole = { left: 0, top: 0, width: 1, height: 1 };
    const moved = motion(await frames(page, whole, 6));
    const outcome = await page.evaluate(() => (globalThis as { outcome?: string }).outcome ?? '');
    assert.equal(outcome, '', 'it still waits');
    assert.ok(moved > 0.02, `the face moves by ${moved} while it waits`);
  });

  test('pauses in silence and goes on where it was', async (t) => {
    const page = await openEmptyPage(t, site);
    const seen = await page.evaluate(async () => {
      const avatar = await makeAvatar({
        speech: tones([
          { text: 'one two', duration_s: 1 },
          { text: 'three four', duration_s: 1 },
        ]),
      });
      const words: string[] = [];
      avatar.addEventListener('word', ({ detail }) => words.push(detail.text));
      const speaking = avatar.speak('one two three four');
      await new Promise((resolve) => avatar.addEventListener('word', resolve, { once: true }));
      avatar.pause();
      const context = avatar.audioOutput?.context;
      const paused_s = context?.currentTime ?? 0;
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const resumed_s = context?.currentTime ?? 0;
      const during = [...words];
      avatar.resume();
      return { outcome: await speaking, words, during, paused_s, resumed_s };
    });
    assert.equal(seen.outcome, 'finished');
    assert.deepEqual(seen.during, ['one']);
    assert.deepEqual(seen.words, ['one', 'two', 'three', 'four']);
    const sound = await soundOf(page);
    assert.equal(peak(between(sound, seen.paused_s + 0.1, seen.resumed_s)), 0);
    assert.ok(peak(between(sound, seen.resumed_s, seen.resumed_s + 1)) > 0.1);
  });

  test('reports what was heard when it is stopped', async (t) => {
    const page = await openEmptyPage(t, site);
    const { heard, again } = await page.evaluate(async () => {
      const text = 'one two three four five six seven eight';
      const avatar = await makeAvatar({ speech: tones([{ text, duration_s: 4 }]) });
      void avatar.speak(text);
      await new Promise<void>((resolve) => {
        avatar.addEventListener('word', ({ detail }) => {
          if (detail.text === 'four') resolve();
        });
      });
      return { heard: avatar.stop(), again: avatar.stop() };
    });
    assert.equal(again, null);
    assert.ok(heard?.word);
    // Words of half a second each, end to end.
    assert.equal(heard.characters, heard.word.end);
    assert.ok(heard.seconds >= heard.word.end_s && heard.seconds < heard.word.end_s + 0.5);
    assert.ok(['three', 'four', 'five'].includes(heard.word.text), heard.word.text);
  });

  test('queues what is asked to wait', async (t) => {
    const page = await openEmptyPage(t, site);
    const seen = await page.evaluate(async () => {
      const avatar = await makeAvatar({ speech: tones([{ text: 'a', duration_s: 0.2 }]) });
      const order: string[] = [];
      avatar.addEventListener('start', ({ detail }) => order.push(`start ${detail.text}`));
      avatar.addEventListener('end', ({ detail }) => order.push(`end ${detail.text}`));
      await Promise.all([avatar.speak('1'), avatar.speak('2', { queue: true })]);
      return order;
    });
    assert.deepEqual(seen, ['start 1', 'end 1', 'start 2', 'end 2']);
  });

  test('says a text that comes token by token, clause by clause', async (t) => {
    const page = await openEmptyPage(t, site);
    const seen = await page.evaluate(async () => {
      const { createSpeech } = await import('vivavox-speech');
      const avatar = await makeAvatar({ speech: createSpeech() });
      const text = 'Well, Dr. Who pays 3.50 for it. "Why?" Nobody knows';
      let given = 0;
      const tokens = async function* () {
        for (const token of text.match(/\s?\S{1,4}/g) ?? []) {
          await new Promise((resolve) => setTimeout(resolve, 60));
          given += token.length;
          yield token;
        }
      };
      const words: string[] = [];
      let givenAtStart = 0;
      avatar.addEventListener('start', () => (givenAtStart = given));
      avatar.addEventListener('word', ({ detail: { text: word, begin, end } }) => {
        words.push(text.slice(begin, end) === word ? word : `${word} is not at ${begin}`);
      });
      const outcome = await avatar.speak(tokens());
      return { outcome, words, early: givenAtStart < text.length };
    });
    assert.equal(seen.outcome, 'finished');
    assert.deepEqual(seen.words, [
      ...['Well', 'Dr.', 'Who', 'pays', '3.50', 'for', 'it'],
      ...['Why', 'Nobody', 'knows'],
    ]);
    assert.ok(seen.early, 'the first clause is heard before the text is whole');
  });

  test('tells of marks, sentences and visemes', async (t) => {
    const page = await openEmptyPage(t, site);
    const seen = await page.evaluate(async () => {
      const avatar = await makeAvatar({
        speech: tones([
          { text: 'Papa pa.', duration_s: 0.8 },
          { text: 'Pa.', duration_s: 0.4 },
        ]),
      });
      const events: string[] = [];
      avatar.addEventListener('mark', ({ detail }) => events.push(`mark ${detail.name}`));
      avatar.addEventListener('sentence', ({ detail }) => events.push(`sentence ${detail.text}`));
      const visemes: string[] = [];
      avatar.addEventListener('viseme', ({ detail }) => visemes.push(detail.viseme));
      await avatar.speak('Papa pa. Pa.', { marks: [{ name: 'here', at: 5 }] });
      return { events, visemes };
    });
    assert.deepEqual(seen.events, ['sentence Papa pa.', 'mark here', 'sentence Pa.']);
    assert.deepEqual(seen.visemes, ['PP', 'aa', 'PP', 'aa', 'PP', 'aa']);
  });

  test('tells of every viseme, however late the worker says which there are', async (t) => {
    const page = await openEmptyPage(t, site);
    const visemes = await page.evaluate(async () => {
      class SlowWorker extends Worker {
        override postMessage(message: unknown, options?: object): void {
          const post = () => {
            super.postMessage(message, options);
          };
          const isAsked = JSON.stringify(message).includes('"visemesOf"');
          if (isAsked) setTimeout(post, 1500);
          else post();
        }
      }
      window.Worker = SlowWorker;
      const avatar = await makeAvatar({ speech: tones([{ text: 'Papa.', duration_s: 0.4 }]) });
      const visemes: string[] = [];
      avatar.addEventListener('viseme', ({ detail }) => visemes.push(detail.viseme));
      await avatar.speak('Papa.');
      return visemes;
    });
    assert.deepEqual(visemes, ['PP', 'aa']);
  });

  test('keeps every promise in a thousand random sequences of calls', async (t) => {
    const page = await openEmptyPage(t, site);
    await loseContextsEvery(page, 2000);
    const { lost, ...seen } = await page.evaluate(async () => {
      let state = 7;
      const random = (below: number) => {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
        return Math.floor((state / 2_147_483_648) * below);
      };
      const speech = tones([
        { text: 'one two', duration_s: 0.03 },
        { text: 'three', duration_s: 0.02, late_ms: 3 },
      ]);
      let avatar = await makeAvatar({ speech });
      const faults: string[] = [];
      let asked = 0;
      let ended = 0;
      let current: string | null = null;
      let lost = 0;
      const watch = () => {
        avatar.addEventListener('contextlost', () => lost++);
        avatar.addEventListener('start', ({ detail }) => (current = detail.text));
        avatar.addEventListener('word', ({ detail }) => {
          if (current === null) faults.push(`stale word ${detail.text}`);
        });
        avatar.addEventListener('end', ({ detail }) => {
          ended++;
          if (current === detail.text) current = null;
        });
      };
      watch();
      const pending = new Set<Promise<unknown>>();
      const keep = (promise: Promise<unknown>) => {
        pending.add(promise);
        promise.catch(() => undefined).finally(() => pending.delete(promise));
      };
      const context = () => avatar.audioOutput?.context as AudioContext | undefined;
      const calls = [
        () => {
          asked++;
          keep(avatar.speak(`text ${asked}`, { queue: random(2) === 0 }));
        },
        () => {
          const leaving = new AbortController();
          asked++;
          keep(avatar.speak(`text ${asked}`, { signal: leaving.signal }));
          setTimeout(() => {
            leaving.abort();
          }, random(40));
        },
        () => avatar.stop({ fade_s: random(3) / 100 }),
        () => {
          avatar.pause();
        },
        () => {
          avatar.resume();
        },
        () => {
          if (random(10) === 0) keep(avatar.load('vivavox/vivi.glb'));
        },
        () => {
          void context()?.suspend();
        },
      ];
      for (let sequence = 0; sequence < 1000; sequence++) {
        for (let step = 0; step < 4; step++) {
          calls[random(calls.length)]?.();
          if (random(3) === 0) await new Promise((resolve) => setTimeout(resolve, random(12)));
        }
        if (sequence % 250 === 249) {
          avatar.dispose();
          current = null;
          avatar = await makeAvatar({ speech });
          watch();
        }
      }
      avatar.resume();
      avatar.stop();
      await Promise.race([
        Promise.allSettled(pending),
        new Promise((resolve) => setTimeout(resolve, 15_000)),
      ]);
      return { lost, faults, pending: pending.size, missing: asked - ended };
    });
    assert.deepEqual(seen, { faults: [], pending: 0, missing: 0 });
    assert.ok(lost > 0, 'the graphics context was lost now and then');
  });
});

describe("an app's own audio", () => {
  test('is spoken by its visemes, its words, its text, or what is heard in it', async (t) => {
    const page = await openEmptyPage(t, site);
    const seen = await page.evaluate(async () => {
      const { createSpeech } = await import('vivavox-speech');
      const speech = await createSpeech();
      const avatar = await makeAvatar({ speech });
      // A recording of which the times are known.
      const spoken = [];
      for await (const clause of speech.speak('Papa bought a map.')) spoken.push(clause);
      const [clause] = spoken;
      if (!clause) throw new Error('nothing was spoken');
      const { samples, timeline } = clause;
      const context = new OfflineAudioContext(1, samples.length, timeline.sample_rate_hz);
      const audio = context.createBuffer(1, samples.length, timeline.sample_rate_hz);
      audio.copyToChannel(samples as Float32Array<ArrayBuffer>, 0);
      let words: { text: string; start_s: number }[] = [];
      let visemes: string[] = [];
      avatar.addEventListener('word', ({ detail }) => words.push(detail));
      avatar.addEventListener('viseme', ({ detail }) => visemes.push(detail.viseme));
      const said = async (content: Parameters<typeof avatar.speakAudio>[1]) => {
        words = [];
        visemes = [];
        const outcome = await avatar.speakAudio(audio, content);
        return { outcome, words, visemes };
      };
      return {
        truth: timeline.words.map(({ text, start_s }) => ({ text, start_s })),
        byVisemes: await said({ visemes: [{ viseme: 'PP', start_s: 0.2, end_s: 0.6 }] }),
        byWords: await said({ words: timeline.words }),
        byText: await said({ text: 'Papa bought a map.' }),
        byEar: await said({}),
      };
    });
    for (const { outcome } of [seen.byVisemes, seen.byWords, seen.byText, seen.byEar]) {
      assert.equal(outcome, 'finished');
    }
    assert.deepEqual(seen.byVisemes.visemes, ['PP']);
    assert.deepEqual(
      seen.byWords.words.map(({ text }) => text),
      ['Papa', 'bought', 'a', 'map'],
    );
    assert.ok(seen.byWords.visemes.filter((viseme) => viseme === 'PP').length >= 5);
    const aligned = seen.byText.words;
    assert.deepEqual(
      aligned.map(({ text }) => text),
      seen.truth.map(({ text }) => text),
    );
    for (const [i, { text, start_s }] of aligned.entries()) {
      const error_s = Math.abs(start_s - (seen.truth[i]?.start_s ?? Infinity));
      assert.ok(error_s < 0.05, `"${text}" is aligned ${error_s} s off`);
    }
    const closures = seen.byEar.visemes.filter((viseme) => viseme === 'PP');
    assert.ok(closures.length >= 3 && closures.length <= 8, seen.byEar.visemes.join());
  });

  test('comes in chunks, with words, and is refused after its end', async (t) => {
    const page = await openEmptyPage(t, site);
    const seen = await page.evaluate(async () => {
      const avatar = await makeAvatar();
      const words: string[] = [];
      let heard_s = 0;
      avatar.addEventListener('word', ({ detail }) => words.push(detail.text));
      avatar.addEventListener('end', ({ detail }) => (heard_s = detail.seconds));
      const stream = avatar.stream(16_000);
      const tone = Int16Array.from({ length: 1600 }, (_, i) => 8000 * Math.sin(i / 5));
      for (let i = 0; i < 10; i++) {
        stream.write(tone, {
          words: i % 5 === 0 ? [{ text: `w${i}`, start_s: i / 10, end_s: i / 10 + 0.3 }] : [],
        });
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
      stream.end();
      const outcome = await stream.finished;
      let code = '';
      try {
        stream.write(tone);
      } catch (error) {
        code = (error as { code: string }).code;
      }
      return { outcome, words, heard_s, code };
    });
    const { heard_s, ...told } = seen;
    assert.deepEqual(told, { outcome: 'finished', words: ['w0', 'w5'], code: 'invalid_argument' });
    assert.ok(Math.abs(heard_s - 1) < 1e-9, `${heard_s} s`);
  });

  test('moves the lips by a text that comes after its sound, and by ear where none fits', async (t) => {
    const page = await openEmptyPage(t, site);
    const seen = await page.evaluate(async () => {
      const { createSpeech } = await import('vivavox-speech');
      const speech = await createSpeech();
      const avatar = await makeAvatar({ speech });
      const text = 'Papa bought a map. Mama made a big warm pie for all of us.';
      const told: { text: string; start_s: number }[] = [];
      avatar.addEventListener('word', ({ detail }) => told.push(detail));
      /** The words of the text, when they were said, and what became of telling another text. */
      const stream = async (tellWords: string) => {
        told.length = 0;
        let stream: ReturnType<typeof avatar.stream> | null = null;
        const truth: { text: string; start_s: number }[] = [];
        let length_s = 0;
        for await (const { samples, timeline } of speech.speak(text, {})) {
          stream ??= avatar.stream(timeline.sample_rate_hz);
          for (const word of timeline.words) {
            truth.push({ text: word.text, start_s: word.start_s + length_s });
          }
          length_s += samples.length / timeline.sample_rate_hz;
          for (let at = 0; at < samples.length; at += 4000) {
            stream.write(samples.slice(at, at + 4000));
          }
        }
        if (!stream) throw new Error('nothing was spoken');
        const code = await stream.tell(tellWords).then(
          () => 'told',
          (error: { code: string }) => error.code,
        );
        const again = await stream.tell(tellWords).then(
          () => 'told',
          (error: { code: string }) => error.code,
        );
        stream.end();
        return { code, again, truth, outcome: await stream.finished, words: [...told] };
      };
      return {
        right: await stream(text),
        wrong: await stream('Seven silent wizards should not see the quick fish in this city.'),
      };
    });
    const { right, wrong } = seen;
    assert.equal(right.code, 'told');
    assert.equal(right.again, 'invalid_argument');
    assert.equal(wrong.code, 'text_mismatch');
    assert.equal(wrong.outcome, 'finished');
    assert.deepEqual(wrong.words, []);
    // The first of them may have been heard before their text came.
    const late = right.truth.length - right.words.length;
    assert.ok(late < 6, `${right.words.length} of ${right.truth.length} words`);
    for (const [i, { text, start_s }] of right.truth.slice(late).entries()) {
      assert.equal(right.words[i]?.text, text);
      const error_s = Math.abs(right.words[i].start_s - start_s);
      assert.ok(error_s < 0.06, `"${text}" is ${error_s} s off`);
    }
  });

  test('that cannot be decoded is refused', async (t) => {
    const page = await openEmptyPage(t, site);
    const codes = await page.evaluate(async () => {
      const avatar = await makeAvatar();
      const codeOf = (promise: Promise<unknown>) =>
        promise.then(
          () => 'spoken',
          (error: { code: string }) => error.code,
        );
      return [
        await codeOf(avatar.speakAudio(new Uint8Array([1, 2, 3]))),
        await codeOf(
          avatar.speakAudio(new AudioBuffer({ length: 100, sampleRate: 8000 }), {
            visemes: [{ viseme: 'XX' as 'PP', start_s: 0, end_s: 1 }],
          }),
        ),
      ];
    });
    assert.deepEqual(codes, ['invalid_audio', 'invalid_argument']);
  });
});

test('a model that tells its durations already gives exact times, one without estimated ones', async (t) => {
  const page = await openEmptyPage(t, site);
  const tone = readFileSync('tests/data/tone.onnx');
  // ModelProto.graph, GraphProto.output: what is appended to a model that does not tell them yet.
  const name = Buffer.from('/Ceil_output_0');
  const value = [0x0a, name.length, ...name, 0x12, 4, 0x0a, 2, 0x08, 1];
  const output = Buffer.from([0x3a, value.length + 2, 0x62, value.length, ...value]);
  const models: Record<string, Buffer> = {
    told: Buffer.concat([tone, output]),
    hidden: tone,
    none: readFileSync('tests/data/tone_plain.onnx'),
  };
  await page.route('**/voices/*', async (route) => {
    const file = route.request().url().split('/').at(-1) ?? '';
    const [voice = ''] = file.split('.');
    if (file.endsWith('.json')) await route.fulfill({ path: 'tests/data/tone.onnx.json' });
    else await route.fulfill({ body: models[voice] ?? Buffer.alloc(0) });
  });
  const timings = await page.evaluate(async (voices) => {
    const { createSpeech } = await import('vivavox-speech');
    const speech = await createSpeech({ onnxRuntime: 'ort-wasm-simd-threaded.wasm' });
    const timings: string[] = [];
    for (const voice of voices) {
      await speech.loadPiperVoice(voice, { model: `voices/${voice}.onnx` });
      for await (const { timeline } of speech.speak('One.', { voice }))
        timings.push(timeline.timing);
    }
    speech.dispose();
    return timings;
  }, Object.keys(models));
  assert.deepEqual(timings, ['exact', 'exact', 'estimated']);
});

test('speech goes on while a voice loads', async (t) => {
  const page = await openEmptyPage(t, site);
  await page.route('**/slow.onnx*', async (route) => {
    const isModel = route.request().url().endsWith('.onnx');
    if (isModel) await new Promise((resolve) => setTimeout(resolve, 3000));
    await route.fulfill({ path: `tests/data/tone.onnx${isModel ? '' : '.json'}` });
  });
  const order = await page.evaluate(async () => {
    const { createSpeech } = await import('vivavox-speech');
    const speech = await createSpeech({ onnxRuntime: 'ort-wasm-simd-threaded.wasm' });
    const order: string[] = [];
    const loading = speech.loadPiperVoice('slow', { model: 'slow.onnx' }).then(() => {
      order.push('loaded');
    });
    for await (const { timeline } of speech.speak('One. Two.')) order.push(timeline.text);
    await loading;
    for await (const { timeline } of speech.speak('Three.', { voice: 'slow' })) {
      order.push(timeline.text);
    }
    speech.dispose();
    return order;
  });
  assert.deepEqual(order, ['One.', 'Two.', 'loaded', 'Three.']);
});
