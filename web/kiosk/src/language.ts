import { knownWords, wordNames, type Words } from './words.js';
import type { YamlField } from './yaml_field.js';

/** A language of a kiosk. */
export interface Language {
  /** BCP 47, e.g. `de` or `zh-Hant`. */
  code: string;
  /** As its button says it, in the language itself. */
  label: string;
  /** As speak() takes it. */
  voice: string;
  direction: 'ltr' | 'rtl';
  words: Words;
}

/** Scripts that are written from right to left. */
const leftward = new Set(['Adlm', 'Arab', 'Hebr', 'Mand', 'Nkoo', 'Rohg', 'Samr', 'Syrc', 'Thaa']);

/** espeak-ng's voices that are called otherwise than their languages. */
const voices: Record<string, string> = { en: 'en-us', no: 'nb', zh: 'cmn' };

/**
 * Reads an entry of `languages`.
 * @param hasVoice whether there is a voice of that name
 * @throws KioskFileError
 */
export function readLanguage(field: YamlField, hasVoice: (voice: string) => boolean): Language {
  const map = field.map(['code', 'label', 'voice', 'words']);
  const codeField = map.needed('code');
  const code = codeField.text();
  const locale = localeOf(code);
  if (!locale) return codeField.fail(`"${code}" is no language code: write one as de or zh-Hant.`);
  const voiceField = map.at('voice');
  const voice = voiceField?.text() ?? `espeak:${voices[code] ?? code}`;
  if (!hasVoice(voice)) {
    (voiceField ?? codeField).fail(`there is no voice "${voice}": name one by "voice".`);
  }
  const wordsField = map.at('words');
  return {
    code,
    label: map.needed('label').text(),
    voice,
    direction: leftward.has(locale.maximize().script ?? '') ? 'rtl' : 'ltr',
    words:
      (wordsField ? readWords(wordsField) : knownWords(code)) ??
      codeField.fail(`"${code}" needs "words": ${wordNames.join(', ')}.`),
  };
}

function readWords(field: YamlField): Words {
  const map = field.map(wordNames);
  const word = (name: keyof Words) => map.needed(name).text();
  return {
    begin: word('begin'),
    back: word('back'),
    again: word('again'),
    language: word('language'),
    face: word('face'),
  };
}

function localeOf(code: string): Intl.Locale | null {
  try {
    return new Intl.Locale(code);
  } catch {
    return null;
  }
}
