// speech.wasm gives, byte for byte, the Timelines that the native engine gives:
// node speech_parity.mjs PRINT_TIMELINES SPEECH_JS ESPEAK_DATA
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { withWholeText } from './whole_text.mjs';

const [printTimelines, speechJs, espeakData] = process.argv.slice(2);
const sentencesFile = path.join(import.meta.dirname, 'data/sentences.json');
const sentences = JSON.parse(readFileSync(sentencesFile, 'utf8'));
const { default: createSpeechModule } = await import(path.resolve(speechJs));
const speech = await createSpeechModule({
  wasmBinary: readFileSync(speechJs.replace(/\.js$/, '.wasm')),
});

function loadVoice(voice) {
  for (const file of JSON.parse(speech.dataFilesFor(voice))) {
    speech.addDataFile(file, readFileSync(path.join(espeakData, file)));
  }
}

function clauses(text, voice, options = {}) {
  loadVoice(voice);
  const request = speech.speakEspeak(text, voice, JSON.stringify(options));
  const spoken = [];
  for (let clause = request.next(); clause; clause = request.next()) spoken.push(clause);
  request.delete();
  return spoken;
}

test('the Timelines of 20 sentences in 6 languages are those of the native engine', () => {
  assert.equal(sentences.length, 20);
  assert.equal(new Set(sentences.map(({ voice }) => voice)).size, 6);
  const native = execFileSync(printTimelines, [sentencesFile], { encoding: 'utf8' });
  const wasm = sentences.flatMap(({ text, voice }) =>
    clauses(text, voice).map((clause) => ({ ...clause, text })),
  );
  const whole = wasm.map(({ timelineJson, textOffset, text }) =>
    withWholeText(timelineJson, textOffset, text),
  );
  assert.equal(whole.join('\n') + '\n', native);
  for (const { timelineJson, samples } of wasm) {
    const { duration_s, sample_rate_hz } = JSON.parse(timelineJson);
    assert.equal(Math.round(duration_s * sample_rate_hz), samples.length);
    assert.ok(samples.some((sample) => Math.abs(sample) > 0.05));
  }
});

test('voices are listed, and what cannot be spoken is thrown with its code', () => {
  const voices = JSON.parse(speech.voices());
  assert.ok(voices.length > 100);
  assert.deepEqual(
    voices.find(({ language }) => language === 'en-us'),
    { voice: 'espeak:en-us', language: 'en-us', name: 'English (America)' },
  );
  const code = (code) => (error) => error instanceof Error && error.code === code;
  assert.throws(() => speech.dataFilesFor('espeak:xx'), code('unknown_voice'));
  assert.throws(() => speech.speakEspeak(' ', 'espeak:en-us', '{}'), code('invalid_text'));
  assert.throws(
    () => speech.speakEspeak('a', 'espeak:en-us', '{"rate":9}'),
    code('invalid_argument'),
  );
});

test('a Piper voice gives ids, and of a model’s answer a Timeline', () => {
  const folder = path.join(import.meta.dirname, 'data');
  const voice = speech.readPiperVoice(readFileSync(path.join(folder, 'tone.onnx.json'), 'utf8'));
  assert.equal(voice.espeakVoice(), 'espeak:en-us');
  loadVoice(voice.espeakVoice());
  const request = voice.speak('My voice.', '{"noiseScale":0}');
  voice.delete();
  const input = request.nextInput();
  assert.ok(input.ids instanceof BigInt64Array && input.ids[0] === 1n);
  assert.deepEqual(
    [...input.scales].map((scale) => scale.toFixed(3)),
    ['0.000', '1.000', '0.800'],
  );
  assert.equal(input.speaker, -1);
  const frames = new Float32Array(input.ids.length).fill(2);
  const samples = new Float32Array(input.ids.length * 2 * 256).fill(0.1);
  const exact = JSON.parse(request.complete(samples, frames).timelineJson);
  assert.equal(exact.timing, 'exact');
  assert.deepEqual(
    exact.words.map(({ text }) => text),
    ['My', 'voice'],
  );
  assert.equal(JSON.parse(request.complete(samples, null).timelineJson).timing, 'estimated');
  assert.equal(request.nextInput(), null);
  request.delete();
});

test('a Piper model’s durations are found without copying the model', () => {
  const model = readFileSync(path.join(import.meta.dirname, 'data/tone.onnx'));
  const read = (offset, length) => model.subarray(offset, offset + length);
  const { name, suffix } = speech.findDurations(read, model.length);
  assert.equal(name, '/Ceil_output_0');
  assert.equal(suffix.length, 26);
  assert.throws(() => speech.findDurations(read, 100), { code: 'invalid_model' });
});
