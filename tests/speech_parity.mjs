// speech.wasm gives, byte for byte, the Timelines that the native engine gives:
// node speech_parity.mjs PRINT_TIMELINES SPEECH_JS ESPEAK_DATA
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const [printTimelines, speechJs, espeakData] = process.argv.slice(2);
const sentencesFile = path.join(import.meta.dirname, 'data/sentences.json');
const sentences = JSON.parse(readFileSync(sentencesFile, 'utf8'));
const { default: createSpeechModule } = await import(path.resolve(speechJs));
const speech = await createSpeechModule();

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
  const wasm = sentences.flatMap(({ text, voice }) => clauses(text, voice));
  assert.equal(wasm.map(({ timelineJson }) => timelineJson + '\n').join(''), native);
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
  assert.throws(() => speech.speakEspeak('a', 'espeak:en-us', '{"rate":9}'), code('invalid_argument'));
});
