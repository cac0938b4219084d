import { VivavoxError } from './errors.js';
import { shifted, timelineOfVisemes, withWords, type TimedWord } from './own_audio.js';
import type { OpenListener, SoundListener } from './sound_listener.js';
import type { SpeechClause } from './speech_source.js';
import type { SpeakOutcome } from './speaker.js';
import type { Timeline } from './timeline.js';
import type { TimedViseme } from './visemes.js';

/** So much sound is gathered before it is played. */
const piece_s = 0.1;

/** What comes with a chunk of sound. Times count from the start of the stream. */
export interface ChunkContent {
  words?: readonly TimedWord[];
  visemes?: readonly TimedViseme[];
}

/** Sound on its way from an app's own source, chunk by chunk. */
export class AudioStream {
  /** Settles when all was heard, or something stopped it. */
  readonly finished: Promise<SpeakOutcome>;
  readonly #sampleRate_hz: number;
  readonly #chunks: Float32Array[] = [];
  #length = 0;
  /** Sound that waits for its mouth to be known. */
  #unheard: Float32Array = new Float32Array();
  /** How many samples became clauses. */
  #told = 0;
  #words: TimedWord[] = [];
  #visemes: TimedViseme[] = [];
  #knowsVisemes = false;
  #isEnded = false;
  #isOver = false;
  #wake: () => void = () => undefined;

  /** Made by Avatar.stream(). */
  constructor(
    sampleRate_hz: number,
    listen: OpenListener,
    say: (clauses: (signal: AbortSignal) => AsyncIterable<SpeechClause>) => Promise<SpeakOutcome>,
  ) {
    this.#sampleRate_hz = sampleRate_hz;
    this.finished = say((signal) => this.#clauses(listen(sampleRate_hz), signal));
    const over = () => {
      this.#isOver = true;
      this.#wake();
    };
    this.finished.then(over, over);
  }

  /**
   * Adds sound, and the words or visemes that are known by now: they may come before their sound.
   * Does nothing once the stream was stopped.
   * @param samples mono; floats in -1 to 1, or 16-bit integers
   * @throws VivavoxError `invalid_argument` after end()
   */
  write(samples: Float32Array | Int16Array, { words = [], visemes = [] }: ChunkContent = {}): void {
    if (this.#isEnded) {
      throw new VivavoxError('invalid_argument', 'This stream has ended: open another.');
    }
    if (this.#isOver) return;
    if (visemes.length > 0) this.#knowsVisemes = true;
    this.#words.push(...words);
    this.#visemes.push(...visemes);
    this.#chunks.push(
      samples instanceof Int16Array
        ? Float32Array.from(samples, (s) => s / 32768)
        : samples.slice(),
    );
    this.#length += samples.length;
    this.#wake();
  }

  /** No more comes; `finished` settles once all was heard. */
  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  async *#clauses(listener: SoundListener, signal: AbortSignal): AsyncGenerator<SpeechClause> {
    const least = piece_s * this.#sampleRate_hz;
    try {
      for (;;) {
        while (this.#length < least && !this.#isEnded && !signal.aborted) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
            signal.addEventListener('abort', () => {
              resolve();
            });
          });
        }
        if (signal.aborted) return;
        const isOver = this.#length === 0;
        const clause = await this.#next(listener);
        if (clause.samples.length > 0) yield clause;
        if (isOver) return;
      }
    } finally {
      listener.close();
    }
  }

  /** What came since the last clause, as far as its mouth is known; the rest when nothing came. */
  async #next(listener: SoundListener): Promise<SpeechClause> {
    const came = joined(this.#chunks.splice(0));
    this.#length = 0;
    this.#unheard = joined([this.#unheard, came]);
    if (this.#knowsVisemes) return this.#tell(this.#unheard.length, null);
    if (came.length === 0) {
      const rest = this.#unheard.length;
      return this.#tell(rest, rest > 0 ? await listener.finish() : null);
    }
    const heard = await listener.push(came);
    return this.#tell(Math.round(heard.duration_s * this.#sampleRate_hz), heard);
  }

  /** So many samples as a clause, with the words and visemes that are theirs. */
  #tell(count: number, heard: Timeline | null): SpeechClause {
    const sampleRate_hz = this.#sampleRate_hz;
    const samples = this.#unheard.slice(0, count);
    this.#unheard = this.#unheard.slice(count);
    const from_s = this.#told / sampleRate_hz;
    this.#told += count;
    const to_s = this.#told / sampleRate_hz;
    const here = <T extends TimedWord | TimedViseme>(timed: T[]) =>
      timed
        .filter(({ start_s, end_s }) => start_s < to_s && end_s > from_s)
        .map((one) => shifted(one, -from_s));
    const visemes = here(this.#visemes).map((one) => ({
      ...one,
      start_s: Math.max(0, one.start_s),
    }));
    // A word is told once, by the piece that it begins in.
    const words = here(this.#words).filter(({ start_s }) => start_s >= 0);
    this.#visemes = this.#visemes.filter(({ end_s }) => end_s > to_s);
    this.#words = this.#words.filter(({ start_s }) => start_s >= to_s);
    const timeline = heard ?? timelineOfVisemes({ samples, sampleRate_hz }, visemes);
    return { timeline: withWords(timeline, words), samples };
  }
}

function joined(chunks: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
