import { VivavoxError } from './errors.js';
import type { OpenListener, SoundListener } from './sound_listener.js';
import type { SpeechClause, SpeechOptions, SpeechSource } from './speech_source.js';
import type { Phone, Timeline, Word } from './timeline.js';
import { soundOf, visemes as visemeNames, type TimedViseme } from './visemes.js';

/** A word and when it is said, in seconds. */
export interface TimedWord {
  text: string;
  start_s: number;
  end_s: number;
}

/** What an app knows of its own audio; with nothing the mouth follows what is heard in it. */
export interface AudioContent {
  /** What is said; `vivavox-speech` finds out when. */
  text?: string | undefined;
  /** Which voice's language that is. */
  voice?: string | undefined;
  /** What is said and when, e.g. from a cloud voice. */
  words?: readonly TimedWord[] | undefined;
  /** The mouth itself, e.g. a cloud voice's visemes. */
  visemes?: readonly TimedViseme[] | undefined;
}

/** Mono sound. */
export interface Sound {
  samples: Float32Array;
  sampleRate_hz: number;
}

/** So much of an unknown recording is listened to at once. */
const piece_s = 2;

/**
 * An app's audio as clauses.
 * @throws VivavoxError `invalid_argument`, `invalid_audio`; what the speech throws
 */
export async function* clausesOfAudio(
  sound: Sound,
  content: AudioContent,
  speech: SpeechSource | null,
  listen: OpenListener,
): AsyncGenerator<SpeechClause> {
  const { samples, sampleRate_hz } = sound;
  if (samples.length === 0) {
    throw new VivavoxError('invalid_audio', 'The audio is empty: give it at least one sample.');
  }
  const { text, words, visemes, voice } = content;
  const options: SpeechOptions = voice === undefined ? {} : { voice };
  if (visemes) {
    yield { timeline: withWords(timelineOfVisemes(sound, visemes), words), samples };
  } else if (words && speech) {
    yield { timeline: await timelineOfWords(sound, words, speech, options), samples };
  } else if (text !== undefined && !words && speech?.align) {
    yield { timeline: await speech.align(samples, sampleRate_hz, text, options), samples };
  } else {
    yield* heardClauses(sound, words, listen(sampleRate_hz));
  }
}

/** The stretches of a recording as they are heard, with the words that begin in each. */
async function* heardClauses(
  { samples, sampleRate_hz }: Sound,
  words: readonly TimedWord[] | undefined,
  listener: SoundListener,
): AsyncGenerator<SpeechClause> {
  const length = Math.round(piece_s * sampleRate_hz);
  let told = 0;
  try {
    for (let at = 0; told < samples.length; at += length) {
      const isOver = at >= samples.length;
      const timeline = await (isOver
        ? listener.finish()
        : listener.push(samples.slice(at, at + length)));
      const end = isOver ? samples.length : told + Math.round(timeline.duration_s * sampleRate_hz);
      if (end === told) continue;
      const [from_s, to_s] = [told / sampleRate_hz, end / sampleRate_hz];
      const said = words
        ?.filter(({ start_s }) => start_s >= from_s && start_s < to_s)
        .map((word) => shifted(word, -from_s));
      yield { timeline: withWords(timeline, said), samples: samples.slice(told, end) };
      told = end;
    }
  } finally {
    listener.close();
  }
}

/** A stretch of sound with the mouth that was given for it. */
export function timelineOfVisemes(sound: Sound, given: readonly TimedViseme[]): Timeline {
  const timeline = emptyTimeline(sound);
  let at_s = 0;
  const add = (ipa: string, end_s: number) => {
    const end = Math.min(end_s, timeline.duration_s);
    if (end <= at_s) return;
    timeline.phones.push({ ipa, stress: 'none', word: -1, start_s: at_s, end_s: end });
    at_s = end;
  };
  for (const { viseme, start_s, end_s } of inOrder(given)) {
    const ipa = soundOf(viseme);
    if (ipa === undefined) {
      throw new VivavoxError(
        'invalid_argument',
        `There is no viseme "${viseme}": choose one of ${visemeNames.join(', ')}.`,
      );
    }
    add('', start_s);
    add(ipa, end_s);
  }
  add('', timeline.duration_s);
  return timeline;
}

/** The phones that a voice makes of the words, at the words' own times. */
async function timelineOfWords(
  sound: Sound,
  given: readonly TimedWord[],
  speech: SpeechSource,
  options: SpeechOptions,
): Promise<Timeline> {
  const timeline = withWords(emptyTimeline(sound), given);
  const phonesOfWord = await readPhones(timeline, speech, options);
  let at_s = 0;
  const add = (phone: Omit<Phone, 'start_s' | 'end_s'>, end_s: number) => {
    const end = Math.min(end_s, timeline.duration_s);
    if (end > at_s) timeline.phones.push({ ...phone, start_s: at_s, end_s: end });
    at_s = Math.max(at_s, end);
  };
  timeline.words.forEach((word, index) => {
    add({ ipa: '', stress: 'none', word: -1 }, word.start_s);
    const phones = phonesOfWord[index] ?? [];
    const whole_s = phones.reduce((sum, { start_s, end_s }) => sum + end_s - start_s, 0);
    let spoken_s = 0;
    for (const { ipa, stress, start_s, end_s } of phones) {
      spoken_s += end_s - start_s;
      const share = whole_s > 0 ? spoken_s / whole_s : 1;
      add({ ipa, stress, word: index }, word.start_s + (word.end_s - word.start_s) * share);
    }
  });
  add({ ipa: '', stress: 'none', word: -1 }, timeline.duration_s);
  return timeline;
}

/** For each word of a Timeline the phones that a voice says it with. */
async function readPhones(
  timeline: Timeline,
  speech: SpeechSource,
  options: SpeechOptions,
): Promise<Phone[][]> {
  const phonesOfWord: Phone[][] = timeline.words.map(() => []);
  if (!/[\p{L}\p{N}]/u.test(timeline.text)) return phonesOfWord;
  for await (const { timeline: read, textOffset = 0 } of speech.speak(timeline.text, options)) {
    for (const phone of read.phones) {
      const said = read.words[phone.word];
      if (!said || phone.ipa === '') continue;
      const at = said.begin + textOffset;
      const index = timeline.words.findIndex(({ begin, end }) => at >= begin && at < end);
      phonesOfWord[index]?.push(phone);
    }
  }
  return phonesOfWord;
}

function emptyTimeline({ samples, sampleRate_hz }: Sound): Timeline {
  return {
    text: '',
    voice: '',
    language: '',
    sample_rate_hz: sampleRate_hz,
    duration_s: samples.length / sampleRate_hz,
    timing: 'estimated',
    words: [],
    phones: [],
  };
}

/** The Timeline with words at their times, its text made of them. */
export function withWords(timeline: Timeline, given: readonly TimedWord[] | undefined): Timeline {
  if (!given || given.length === 0) return timeline;
  let text = '';
  const words: Word[] = inOrder(given).map(({ text: word, start_s, end_s }) => {
    const begin = text === '' ? 0 : text.length + 1;
    text = text === '' ? word : `${text} ${word}`;
    return {
      text: word,
      begin,
      end: text.length,
      start_s: Math.min(Math.max(0, start_s), timeline.duration_s),
      end_s: Math.min(Math.max(0, end_s), timeline.duration_s),
    };
  });
  return { ...timeline, text, words };
}

function inOrder<T extends { start_s: number; end_s: number }>(timed: readonly T[]): T[] {
  for (const { start_s, end_s } of timed) {
    if (!(Number.isFinite(start_s) && end_s >= start_s)) {
      throw new VivavoxError(
        'invalid_argument',
        'Every word and viseme needs start_s and end_s in seconds, the end not before the start.',
      );
    }
  }
  return timed.toSorted((a, b) => a.start_s - b.start_s);
}

/** A Timeline's part between two of its times, with the words that begin in it. */
export function partOf(timeline: Timeline, from_s: number, to_s: number): Timeline {
  const first = timeline.words.findIndex(({ start_s }) => start_s >= from_s);
  const words = timeline.words.filter(({ start_s }) => start_s >= from_s && start_s < to_s);
  const begin = words[0]?.begin ?? 0;
  const end = timeline.words[first + words.length]?.begin ?? timeline.text.length;
  return {
    ...timeline,
    duration_s: to_s - from_s,
    text: words.length > 0 ? timeline.text.slice(begin, end) : '',
    words: words.map((word) => ({
      ...shifted(word, -from_s),
      begin: word.begin - begin,
      end: word.end - begin,
    })),
    phones: timeline.phones
      .filter(({ start_s, end_s }) => end_s > from_s && start_s < to_s)
      .map((phone) => ({
        ...phone,
        word: phone.word >= first && phone.word < first + words.length ? phone.word - first : -1,
        start_s: Math.max(from_s, phone.start_s) - from_s,
        end_s: Math.min(to_s, phone.end_s) - from_s,
      })),
  };
}

/** The same, earlier or later. */
export function shifted<T extends { start_s: number; end_s: number }>(timed: T, by_s: number): T {
  return { ...timed, start_s: timed.start_s + by_s, end_s: timed.end_s + by_s };
}

/** A recording's samples, its channels mixed to one. */
export function monoOf(buffer: AudioBuffer): Sound {
  const { sampleRate: sampleRate_hz, numberOfChannels, length } = buffer;
  const samples = buffer.getChannelData(0).slice();
  for (let channel = 1; channel < numberOfChannels; channel++) {
    const other = buffer.getChannelData(channel);
    for (let i = 0; i < length; i++) samples[i] = (samples[i] ?? 0) + (other[i] ?? 0);
  }
  if (numberOfChannels > 1)
    for (let i = 0; i < length; i++) samples[i] = (samples[i] ?? 0) / numberOfChannels;
  return { samples, sampleRate_hz };
}
