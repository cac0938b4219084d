// Where the words of an English prompt start, by pocketsphinx: the recogniser with a
// grammar that knows this text alone, optional silence between its words.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { decode } from './corpus.mjs';
import { run } from './programs.mjs';

const frame_s = 0.01;
const digits = 'zero one two three four five six seven eight nine'.split(' ');

let dictionary;
function isKnown(root, word) {
  dictionary ??= new Set(
    readFileSync(join(root, 'usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict'), 'utf8')
      .split('\n')
      .map((line) => line.split(' ', 1)[0]),
  );
  return dictionary.has(word);
}

const spelt = (word) => {
  const bare = word.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
  return digits[bare] ?? bare;
};

/** Starts in seconds, or null where the dictionary or the recogniser does not follow. */
export async function wordStarts(root, prompt, cache) {
  const words = prompt.words.map(spelt);
  if (!words.every((word) => isKnown(root, word))) return null;
  mkdirSync(cache, { recursive: true });
  const base = join(cache, prompt.name.replaceAll('/', '_'));
  if (!existsSync(`${base}.log`)) {
    const samples = decode(prompt.file);
    writeFileSync(
      `${base}.raw`,
      Int16Array.from(samples, (x) => Math.max(-32768, Math.min(32767, x * 32768))),
    );
    writeFileSync(`${base}.gram`, `#JSGF V1.0;\ngrammar a;\npublic <a> = ${words.join(' ')};\n`);
    writeFileSync(`${base}.ctl`, `${base}\n`);
    const model = join(root, 'usr/share/pocketsphinx/model/en-us');
    await run(join(root, 'usr/bin/pocketsphinx_batch'), [
      ...['-adcin', 'yes', '-cepext', '.raw', '-ctl', `${base}.ctl`, '-jsgf', `${base}.gram`],
      ...['-hmm', join(model, 'en-us'), '-dict', join(model, 'cmudict-en-us.dict')],
      ...['-backtrace', 'yes', '-bestpath', 'no', '-beam', '1e-80', '-wbeam', '1e-60'],
      ...['-pbeam', '1e-80', '-logfn', `${base}.log`],
    ]);
  }
  const found = [];
  for (const line of readFileSync(`${base}.log`, 'utf8').split('\n')) {
    const [, word, start] = /^(\S+) +(\d+) +(\d+) +[\d.]+ +-?\d+/.exec(line) ?? [];
    if (word !== undefined && !/^[<[(+]/.test(word)) {
      found.push({ word: word.replace(/\(\d+\)$/, ''), start_s: Number(start) * frame_s });
    }
  }
  const isWhole = found.length === words.length && found.every(({ word }, i) => word === words[i]);
  return isWhole ? found.map(({ start_s }) => start_s) : null;
}
