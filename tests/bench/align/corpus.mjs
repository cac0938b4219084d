// Asterisk's prompts, which people read, with their texts.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { output } from './programs.mjs';

export const rate_hz = 16000;

export const languages = {
  en: { voice: 'espeak:en-us', folder: 'en_US_f_Allison' },
  es: { voice: 'espeak:es-419', folder: 'es_MX_f_Allison' },
  fr: { voice: 'espeak:fr-fr', folder: 'fr_CA_f_June' },
  it: { voice: 'espeak:it', folder: 'it_IT_m_Carlo' },
  ru: { voice: 'espeak:ru', folder: 'ru_RU_f_IvrvoiceRU' },
};

/** Prompts with at least six words, in the order of their names. */
export function prompts(root, language) {
  const package_ = `asterisk-core-sounds-${language}`;
  const list = join(root, 'usr/share/doc', package_, `core-sounds-${language}.txt.gz`);
  const folder = join(root, 'usr/share/asterisk/sounds', languages[language].folder);
  const found = [];
  for (const line of gunzipSync(readFileSync(list)).toString().split('\n')) {
    const [, name, text] = /^([\w/-]+)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
    // In brackets are remarks; with "..." the text goes on in another prompt.
    if (name === undefined || /[[\]()<>]|\.\.\./.test(text)) continue;
    const file = join(folder, `${name}.g722`);
    const words = text.match(/\S*[\p{L}\p{N}]\S*/gu) ?? [];
    if (words.length >= 6 && existsSync(file)) found.push({ name, language, text, words, file });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A file as mono samples at rate_hz. */
export function decode(file) {
  const bytes = output('ffmpeg', [
    ...['-v', 'error', '-i', file, '-f', 'f32le', '-ac', '1', '-ar', String(rate_hz), '-'],
  ]);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}
