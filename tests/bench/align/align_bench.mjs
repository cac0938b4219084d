// How well recordings of people are aligned with their texts, and followed without. Prints JSON.
//   align_bench.mjs FOLDER CACHE [--half tune|report] [--only clean,pause,…] [--details FILE]
// FOLDER: Debian's packages unpacked, by scripts/alignbench. Constants are chosen on the
// half "tune" (every other prompt by name, from the first); "report" is what is published.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { conditions, onlyNoise } from './conditions.mjs';
import { decode, languages, prompts, rate_hz } from './corpus.mjs';
import { forEach, output, run } from './programs.mjs';
import { wordStarts } from './reference.mjs';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    half: { type: 'string', default: 'report' },
    only: { type: 'string' },
    details: { type: 'string' },
  },
});
const [root, cache] = positionals;
const tool = resolve(process.env.VIVAVOX_TOOL ?? 'build/native/server/vivavox');
const scratch = mkdtempSync(join(tmpdir(), 'vivavox-align-'));
process.on('exit', () => rmSync(scratch, { recursive: true }));
const details = {};

const ofHalf = (all) => all.filter((_, i) => (i % 2 === 0) === (values.half === 'tune'));
const isAsked = (name) => values.only === undefined || values.only.split(',').includes(name);

/** 16-bit PCM. */
function writeWav(file, samples) {
  const bytes = Buffer.alloc(44 + 2 * samples.length);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + 2 * samples.length, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate_hz, 24);
  bytes.writeUInt32LE(2 * rate_hz, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((x, i) =>
    bytes.writeInt16LE(Math.max(-32768, Math.min(32767, Math.round(x * 32768))), 44 + 2 * i),
  );
  writeFileSync(file, bytes);
}

let made = 0;
/** {confidence, timeline}, or {refused: the message}. */
async function aligned(samples, text, language) {
  const base = join(scratch, String(made++));
  writeWav(`${base}.wav`, samples);
  const { status, stderr } = await run(tool, [
    ...['align', '--audio', `${base}.wav`, '--text', text, '--out', `${base}.json`],
    ...['--voice', languages[language].voice],
  ]);
  const found =
    status === 0 ? JSON.parse(readFileSync(`${base}.json`, 'utf8')) : { refused: stderr.trim() };
  for (const ending of ['wav', 'json']) rmSync(`${base}.${ending}`, { force: true });
  return found;
}

const rounded = (value, scale) => Math.round(value * scale) / scale;

function spread(errors_ms) {
  const sorted = errors_ms.toSorted((a, b) => a - b);
  return {
    starts: sorted.length,
    mean_ms: rounded(sorted.reduce((sum, x) => sum + x, 0) / sorted.length, 10),
    median_ms: rounded(sorted[Math.floor(sorted.length / 2)], 10),
    p95_ms: rounded(sorted[Math.floor(sorted.length * 0.95)], 10),
  };
}

async function wordErrors(name, referenced) {
  const results = await forEach(referenced, async ({ prompt, samples, starts_s }) => {
    const truth = conditions[name](samples, starts_s);
    const found = await aligned(truth.samples, prompt.text, 'en');
    const words = found.timeline?.words ?? [];
    const errors_ms =
      words.length === truth.starts_s.length
        ? words.map((word, i) => 1000 * (word.start_s - truth.starts_s[i]))
        : [];
    return { name: prompt.name, errors_ms, confidence: found.confidence, refused: found.refused };
  });
  details[name] = results;
  const all = results.flatMap(({ errors_ms }) => errors_ms.map(Math.abs));
  const later = results.flatMap(({ errors_ms }) => errors_ms.slice(1).map(Math.abs));
  return {
    ...spread(all),
    mean_without_first_words_ms: spread(later).mean_ms,
    refused: results.filter(({ refused }) => refused !== undefined).length,
    without_words: results.filter((r) => r.errors_ms.length === 0 && !r.refused).length,
  };
}

/** Prompts of about the same length with each other's texts. */
function withWrongTexts(list) {
  const byLength = list.toSorted((a, b) => a.words.length - b.words.length);
  return byLength.map((prompt, i) => ({
    ...prompt,
    text: byLength[(i + 3) % byLength.length].text,
  }));
}

async function refusals(name, list, soundOf) {
  const results = await forEach(list, async (prompt) => {
    const found = await aligned(soundOf(decode(prompt.file)), prompt.text, prompt.language);
    return { name: prompt.name, confidence: found.confidence, refused: found.refused };
  });
  details[name] = results;
  const refused = results.filter((result) => result.refused !== undefined).length;
  const confidences = results.flatMap(({ confidence }) => confidence ?? []).sort((a, b) => a - b);
  return {
    prompts: results.length,
    refused,
    refused_percent: rounded((100 * refused) / results.length, 10),
    confidences: [0, 0.01, 0.05, 0.5, 0.95, 0.99, 1].map((q) =>
      rounded(confidences[Math.floor(q * (confidences.length - 1))] ?? NaN, 1000),
    ),
  };
}

const report = { half: values.half, word_starts: {}, refusals: {} };
const english = prompts(root, 'en');
const starts = await forEach(english, (prompt) => wordStarts(root, prompt, cache));
const referenced = ofHalf(
  english.flatMap((prompt, i) =>
    starts[i] ? [{ prompt, samples: decode(prompt.file), starts_s: starts[i] }] : [],
  ),
);
for (const name of Object.keys(conditions)) {
  if (isAsked(name)) report.word_starts[name] = await wordErrors(name, referenced);
}
for (const language of Object.keys(languages)) {
  const list = ofHalf(prompts(root, language));
  const add = async (name, these, soundOf = (samples) => samples) => {
    if (isAsked(name) || isAsked(`${name}_${language}`)) {
      report.refusals[`${name}_${language}`] = await refusals(
        `${name}_${language}`,
        these,
        soundOf,
      );
    }
  };
  await add('right_text', list);
  await add('wrong_text', withWrongTexts(list));
  await add('white_noise', list, onlyNoise);
}
/** Phones of espeak voices at another speed and pitch, against their own exact times. */
async function syntheticPhones() {
  const { languages: spoken } = JSON.parse(readFileSync('tests/data/lip_sentences.json', 'utf8'));
  const all = spoken.flatMap(({ voice, sentences }) => sentences.map((text) => ({ voice, text })));
  const results = await forEach(ofHalf(all), async ({ voice, text }, i) => {
    const base = join(scratch, `synthetic${i}`);
    const how = [
      '--voice',
      voice,
      '--rate',
      i % 2 ? '0.85' : '1.2',
      '--pitch',
      i % 3 ? '1.2' : '0.8',
    ];
    const outs = ['wav', 'json'].flatMap((ending) => ['--out', `${base}.${ending}`]);
    await run(tool, ['speak', text, ...how, ...outs]);
    const truth = JSON.parse(readFileSync(`${base}.json`, 'utf8')).timeline.phones;
    const out = ['--voice', voice, '--out', `${base}.aligned.json`];
    const { status } = await run(tool, [
      ...['align', '--audio', `${base}.wav`, '--text', text, ...out],
    ]);
    if (status !== 0) return { refused: true, errors_ms: [] };
    const found = JSON.parse(readFileSync(`${base}.aligned.json`, 'utf8')).timeline.phones;
    const said = (phones) => phones.filter(({ ipa }) => ipa !== '');
    const [a, b] = [said(truth), said(found)];
    // At another speed a voice says some words with other phones.
    if (a.map(({ ipa }) => ipa).join() !== b.map(({ ipa }) => ipa).join()) return { errors_ms: [] };
    return { errors_ms: a.map(({ start_s }, k) => 1000 * (b[k].start_s - start_s)) };
  });
  const errors = results.flatMap(({ errors_ms }) => errors_ms.map(Math.abs));
  return {
    sentences: results.length,
    refused: results.filter(({ refused }) => refused).length,
    compared: results.filter(({ errors_ms }) => errors_ms.length > 0).length,
    ...spread(errors),
  };
}

/** Prompts one after the other, again and again in other orders, for so long. */
function* manyPrompts(minutes) {
  const pause = new Float32Array(0.6 * rate_hz);
  let seed = 1;
  for (let left = minutes * 60 * rate_hz; left > 0;) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const { prompt, samples, starts_s } = referenced[(seed >>> 8) % referenced.length];
    yield { text: prompt.text, samples, starts_s, pause };
    left -= samples.length + pause.length;
  }
}

/** Time, memory and words of recordings that last long. */
async function longRecordings() {
  const rows = [];
  for (const minutes of [10, 40, 118]) {
    const many = [...manyPrompts(minutes)];
    const base = join(scratch, 'long');
    const whole = new Float32Array(
      many.reduce((length, { samples, pause }) => length + samples.length + pause.length, 0),
    );
    let [at, at_chars] = [0, 0];
    for (const one of many) {
      Object.assign(one, { start_s: at / rate_hz, begin: at_chars });
      whole.set(one.samples, at);
      at += one.samples.length + one.pause.length;
      at_chars += one.text.length + 1;
    }
    writeWav(`${base}.wav`, whole);
    writeFileSync(`${base}.txt`, many.map(({ text }) => text).join('\n'));
    const { status, stderr } = await run('python3', [
      'tests/bench/align/peak_memory.py',
      ...[tool, 'align', '--audio', `${base}.wav`, '--text', '-', '--out', `${base}.json`],
      ...['--voice', languages.en.voice, `${base}.txt`],
    ]);
    const row = { minutes };
    if (status === 0) {
      const [taken_s, peak_mb] = stderr.trim().split(' ').map(Number);
      const { words } = JSON.parse(readFileSync(`${base}.json`, 'utf8')).timeline;
      const errors = many.flatMap(({ text, begin, start_s, starts_s }) => {
        const own = words.filter((w) => w.begin >= begin && w.begin < begin + text.length);
        if (own.length !== starts_s.length) return [];
        return own.map((word, i) => 1000 * Math.abs(word.start_s - start_s - starts_s[i]));
      });
      Object.assign(row, { taken_s, peak_mb, words: words.length, ...spread(errors) });
    } else {
      row.refused = stderr.trim();
    }
    rows.push(row);
  }
  return rows;
}
if (isAsked('long')) report.long = await longRecordings();
if (isAsked('synthetic')) report.synthetic_phones = await syntheticPhones();
// Lips that follow sound alone, of a speaker whom the ear never heard, in two languages.
for (const language of ['en', 'es']) {
  if (!isAsked('live') && !isAsked(`live_${language}`)) continue;
  const lines = ofHalf(prompts(root, language)).map(({ file, text }, i) => {
    const sound = join(scratch, `live${i}.f32`);
    writeFileSync(sound, Buffer.from(decode(file).buffer));
    return [languages[language].voice, sound, text].join('\t');
  });
  const input = `${lines.join('\n')}\n`;
  report.live ??= {};
  report.live[language] = JSON.parse(output('build/native/tests/live_score', [], { input }));
}
if (values.details !== undefined) writeFileSync(values.details, JSON.stringify(details));
console.log(JSON.stringify(report, null, 2));
