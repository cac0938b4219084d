import { VivavoxError } from './errors.js';
import { shifted, timelineOfVisemes, withWords, type Listen, type TimedWord } from './own_audio.js';
import type { SpeechClause } from './speech_source.js';
import type { SpeakOutcome } from './speaker.js';
import type { TimedViseme } from './visemes.js';

/** So much sound is gathered before it is played: enough to tell a mouth from. */
const piece_s = 0.2;

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
  #given_s = 0;
  #words: TimedWord[] = [];
  #visemes: TimedViseme[] = [];
  #knowsVisemes = false;
  #isEnded = false;
  #isOver = false;
  #wake: () => void = () => undefined;

  /** Made by Avatar.stream(). */
  constructor(
    sampleRate_hz: number,
    listen: Listen,
    say: (clauses: (signal: AbortSignal) => AsyncIterable<SpeechClause>) => Promise<SpeakOutcome>,
  ) {
    this.#sampleRate_hz = sampleRate_hz;
    this.finished = say((signal) => this.#clauses(listen, signal));
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

  async *#clauses(listen: Listen, signal: AbortSignal): AsyncGenerator<SpeechClause> {
    const least = piece_s * this.#sampleRate_hz;
    for (;;) {
      while (this.#length < least && !this.#isEnded && !signal.aborted) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          signal.addEventListener('abort', () => {
            resolve();
          });
        });
      }
      if (signal.aborted || this.#length === 0) return;
      yield await this.#take(listen);
    }
  }

  async #take(listen: Listen): Promise<SpeechClause> {
    const samples = new Float32Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks.splice(0)) {
      samples.set(chunk, at);
      at += chunk.length;
    }
    this.#length = 0;
    const sampleRate_hz = this.#sampleRate_hz;
    const from_s = this.#given_s;
    this.#given_s += samples.length / sampleRate_hz;
    const here = <T extends TimedWord | TimedViseme>(timed: T[]) =>
      timed
        .filter(({ start_s, end_s }) => start_s < this.#given_s && end_s > from_s)
        .map((one) => shifted(one, -from_s));
    const visemes = here(this.#visemes).map((one) => ({
      ...one,
      start_s: Math.max(0, one.start_s),
    }));
    // A word is told once, by the piece that it begins in.
    const words = here(this.#words).filter(({ start_s }) => start_s >= 0);
    this.#visemes = this.#visemes.filter(({ end_s }) => end_s > this.#given_s);
    this.#words = this.#words.filter(({ start_s }) => start_s >= this.#given_s);
    const timeline = this.#knowsVisemes
      ? timelineOfVisemes({ samples, sampleRate_hz }, visemes)
      : await listen(samples, sampleRate_hz);
    return { timeline: withWords(timeline, words), samples };
  }
}
