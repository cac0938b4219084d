import { VivavoxError } from './errors.js';
import { partOf, shifted, timelineOfVisemes, withWords, type TimedWord } from './own_audio.js';
import type { OpenListener, SoundListener } from './sound_listener.js';
import type { SpeechClause } from './speech_source.js';
import type { SpeakOutcome } from './speaker.js';
import type { Timeline } from './timeline.js';
import type { TimedViseme } from './visemes.js';

/** So much sound is gathered before it is played. */
const piece_s = 0.1;

/** Of sound whose text was not told so much is kept. */
const untold_s = 300;

/** What an AudioStream needs of the avatar. */
export interface StreamHost {
  listen: OpenListener;
  /** Says what comes. */
  say(clauses: (signal: AbortSignal) => AsyncIterable<SpeechClause>): Promise<SpeakOutcome>;
  /** When the words of a text are said in a sound. @throws VivavoxError `unavailable` … */
  align(samples: Float32Array, sampleRate_hz: number, told: ToldText): Promise<Timeline>;
  /** What a stretch of the sound from start_s on says, which was only heard so far. */
  revise(timeline: Timeline, start_s: number): void;
}

/** What a stretch of sound says. */
export interface ToldText {
  text: string;
  /** Which voice's language that is. */
  voice?: string | undefined;
}

/** What is known of a stretch, and up to where it was passed on, in samples of the stream. */
interface Known {
  timeline: Timeline;
  start: number;
  passed: number;
}

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
  readonly #host: StreamHost;
  /** Sound whose text may still be told, and where it begins. */
  #untold: Float32Array[] = [];
  #untoldFrom = 0;
  #written = 0;
  #known: Known[] = [];
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
  constructor(sampleRate_hz: number, host: StreamHost) {
    this.#sampleRate_hz = sampleRate_hz;
    this.#host = host;
    this.finished = host.say((signal) => this.#clauses(host.listen(sampleRate_hz), signal));
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
    const chunk =
      samples instanceof Int16Array
        ? Float32Array.from(samples, (s) => s / 32768)
        : samples.slice();
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    this.#keep(chunk);
    this.#wake();
  }

  /**
   * Tells what the sound since the last tell() says, of the last five minutes at most. Voices often
   * know that only after the sound: what is not heard yet then moves the lips by its words (with
   * `vivavox-speech`), and they are told of as they come.
   * @returns once the lips know it
   * @throws VivavoxError `invalid_argument` where no sound came; `text_mismatch`, `unavailable` … :
   * the lips go on by what is heard
   */
  async tell(text: string, { voice }: Omit<ToldText, 'text'> = {}): Promise<void> {
    const samples = joined(this.#untold);
    const start = this.#untoldFrom;
    this.#untold = [];
    this.#untoldFrom = this.#written;
    if (samples.length === 0) {
      throw new VivavoxError(
        'invalid_argument',
        'No sound came since the last text: write() first.',
      );
    }
    const timeline = await this.#host.align(samples, this.#sampleRate_hz, { text, voice });
    this.#known.push({ timeline, start, passed: start });
    this.#passOn();
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
        this.#passOn();
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
    if (this.#knowsVisemes) return this.#clauseOf(this.#unheard.length, null);
    if (came.length === 0) {
      const rest = this.#unheard.length;
      return this.#clauseOf(rest, rest > 0 ? await listener.finish() : null);
    }
    const heard = await listener.push(came);
    return this.#clauseOf(Math.round(heard.duration_s * this.#sampleRate_hz), heard);
  }

  /** So many samples as a clause, with the words and visemes that are theirs. */
  #clauseOf(count: number, heard: Timeline | null): SpeechClause {
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

  #keep(chunk: Float32Array): void {
    this.#written += chunk.length;
    this.#untold.push(chunk);
    const most = untold_s * this.#sampleRate_hz;
    while (this.#written - this.#untoldFrom > most) {
      this.#untoldFrom += this.#untold.shift()?.length ?? 0;
    }
  }

  /** What became known of sound that is on its way already. */
  #passOn(): void {
    const rate_hz = this.#sampleRate_hz;
    for (const known of this.#known) {
      const { timeline, start, passed } = known;
      const end = Math.min(this.#told, start + Math.round(timeline.duration_s * rate_hz));
      if (end <= passed) continue;
      const part = partOf(timeline, (passed - start) / rate_hz, (end - start) / rate_hz);
      this.#host.revise(part, passed / rate_hz);
      known.passed = end;
    }
    this.#known = this.#known.filter(
      ({ timeline, start, passed }) => passed < start + Math.round(timeline.duration_s * rate_hz),
    );
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
