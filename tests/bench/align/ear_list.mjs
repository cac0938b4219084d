// What the ear learns from. Usage: ear_list.mjs FOLDER SCRATCH > LIST, which is ear_examples's.
// The speaker of the English and Spanish prompts is not learnt from: the ear is measured on her.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { decode, languages, prompts } from './corpus.mjs';
import { output } from './programs.mjs';

const [root, scratch] = process.argv.slice(2);
const least_samples = 6400;
let made = 0;
let state = 1;
/** Uniform in 0…1 (Numerical Recipes' generator). */
const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
const oneOf = (choices) => choices[Math.floor(random() * choices.length)];

/** Speeds change the voice, too. */
function add(set, voice, samples, speeds, text) {
  if (samples.length < least_samples) return;
  const file = join(scratch, `${made++}.f32`);
  writeFileSync(file, Buffer.from(samples.buffer));
  tell(set, voice, file, speeds, text);
}

function tell(set, voice, file, speeds, text) {
  for (const speed of speeds) {
    console.log([set, voice, file, speed, text.replace(/\s+/g, ' ')].join('\t'));
  }
}

// Asterisk's prompts.
for (const language of ['fr', 'it', 'ru']) {
  for (const { file, text } of prompts(root, language)) {
    add('train', languages[language].voice, decode(file), [0.88, 1, 1.14], text);
  }
}
const ofHalf = (language, half) => prompts(root, language).filter((_, i) => i % 2 === half);
for (const language of ['en', 'es']) {
  for (const { file, text } of ofHalf(language, 0)) {
    add('check', languages[language].voice, decode(file), [1], text);
  }
}

/** Files within a folder. */
function filesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .sort();
}

// The names of Tux Paint's stamps, said by many people.
const stampVoices = {
  ...{ be: 'be', bg: 'bg', ca: 'ca', da: 'da', el: 'el', es: 'es', fr: 'fr-fr', lt: 'lt' },
  ...{ nl: 'nl', nn: 'nb', ro: 'ro', ru: 'ru' },
};
for (const file of filesIn(join(root, 'usr/share/tuxpaint/stamps'))) {
  const [, stamp, language] = /^(.*)_desc_(\w+)\.ogg$/.exec(file) ?? [];
  const voice = stampVoices[language];
  if (voice === undefined || !existsSync(`${stamp}.txt`)) continue;
  const [, text] =
    new RegExp(`^${language}\\.utf8=(.{8,})$`, 'm').exec(readFileSync(`${stamp}.txt`, 'utf8')) ??
    [];
  if (text === undefined) continue;
  const speeds = oneOf([[0.88], [1], [1.14], [1, 0.9], [1, 1.1]]);
  add('train', `espeak:${voice}`, decode(file), speeds, text);
}

/** Sentences of Debian's fortunes, in any order. */
function fortunes(name) {
  const folder = join(root, 'usr/share/games/fortunes', name);
  const files = filesIn(folder).filter((file) => !/\.(dat|u8)$/.test(file));
  const found = (files.length > 0 ? files : [folder])
    .flatMap((file) => readFileSync(file, 'utf8').split(/\n%\n/))
    .map((quote) =>
      quote
        .replace(/^\s*--.*$/gm, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((quote) => /^[\p{L}\p{N} ,.;:'!?-]{40,200}$/u.test(quote));
  return found
    .map((quote) => ({ quote, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ quote }) => quote);
}

// Flite's voices, which people's speech made.
const english = ['fortunes', 'wisdom', 'cookie', 'literature'].flatMap(fortunes).slice(0, 500);
for (const text of [...english, ...ofHalf('en', 0).map((prompt) => prompt.text)]) {
  const file = join(scratch, 'spoken.wav');
  output(join(root, `usr/bin/flite_cmu_us_${oneOf(['awb', 'rms', 'slt', 'kal16'])}`), [
    ...['-t', text, '-o', file],
  ]);
  const speeds = oneOf([
    [0.88, 1.05],
    [1, 1.14],
    [0.94, 1.1],
    [1, 0.9],
  ]);
  add('train', languages.en.voice, decode(file), speeds, text);
  rmSync(file);
}

// And espeak-ng's own, whose times are exact.
const synthetic = {
  es: 'es',
  de: 'de',
  pl: 'pl',
  ru: 'ru',
  cs: 'cs',
  brasil: 'pt-br',
  italia: 'it',
};
for (const [name, voice] of Object.entries(synthetic)) {
  for (const text of fortunes(name).slice(0, 70)) {
    tell('train', `espeak:${voice}`, '-', [oneOf([0.9, 1, 1.15, 1.3])], text);
  }
}
const sentences = JSON.parse(readFileSync('tests/data/lip_sentences.json', 'utf8')).languages;
sentences
  .flatMap(({ voice, sentences: list }) => list.map((text) => ({ voice, text })))
  .filter((_, i) => i % 2 === 0)
  .forEach(({ voice, text }) => tell('train', voice, '-', [oneOf([0.9, 1, 1.15, 1.3])], text));
