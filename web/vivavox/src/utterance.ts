import type { SoundOutput } from './sound_output.js';
import type { SpeechClause } from './speech_source.js';
import type { Timeline, Word } from './timeline.js';

/** How an utterance ended: all was said, or something stopped it. */
export type SpeakOutcome = 'finished' | 'stopped';

/** Silence before the first sound: time for the lips to get ready, and for the sound device. */
const leadIn_s = 0.1;
/** How far synthesis may run ahead of the sound. */
const ahead_s = 20;
/** Stopping takes this long, so that it does not click. */
const fadeOut_s = 0.05;

/** A clause on the sound device's clock. */
interface Segment {
  /** When it starts, in the AudioContext's time. */
  at_s: number;
  /** Where it starts in the utterance. */
  start_s: number;
  duration_s: number;
}

/** What an Utterance tells while it plays. */
export interface UtteranceListener {
  /** A clause is about to sound. */
  onClause(clause: SpeechClause): void;
  /** A word begins to be heard. */
  onWord(word: Word): void;
}

/** One spoken text on its way from clauses to sound. */
export class Utterance {
  readonly #output: SoundOutput;
  readonly #gain: GainNode;
  readonly #segments: Segment[] = [];
  readonly #sources: AudioBufferSourceNode[] = [];
  readonly #listener: UtteranceListener;
  /** The words to come. */
  readonly #words: Word[] = [];
  #wordTimer: ReturnType<typeof setTimeout> | null = null;
  #stop!: () => void;
  readonly #stopped = new Promise<void>((resolve) => (this.#stop = resolve));
  #isStopped = false;

  constructor(output: SoundOutput, listener: UtteranceListener) {
    this.#output = output;
    this.#listener = listener;
    this.#gain = output.context.createGain();
    this.#gain.connect(output.node);
  }

  /**
   * Plays the clauses one after the other without a gap, each as soon as it is there, and returns
   * when the last was heard or stop() was called.
   */
  async play(clauses: AsyncIterable<SpeechClause>): Promise<SpeakOutcome> {
    await Promise.race([this.#playAll(clauses), this.#stopped]);
    return this.#isStopped ? 'stopped' : 'finished';
  }

  /** Fades out in 50 ms; nothing sounds after that. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    const now_s = this.#output.context.currentTime;
    this.#gain.gain.setValueAtTime(1, now_s);
    this.#gain.gain.linearRampToValueAtTime(0, now_s + fadeOut_s);
    for (const source of this.#sources) source.stop(now_s + fadeOut_s);
    if (this.#wordTimer) clearTimeout(this.#wordTimer);
    this.#stop();
  }

  /** Seconds into the utterance that are heard now; negative before the first sound, null before any. */
  position_s(): number | null {
    const now_s = this.#output.audibleTime_s();
    const segment = this.#segments.findLast(({ at_s }) => at_s <= now_s) ?? this.#segments[0];
    if (!segment) return null;
    // A clause that is late makes a gap: the face waits at the end of the one before.
    return segment.start_s + Math.min(now_s - segment.at_s, segment.duration_s);
  }

  async #playAll(clauses: AsyncIterable<SpeechClause>): Promise<void> {
    let ended = Promise.resolve();
    for await (const clause of clauses) {
      if (this.#wasStopped()) return;
      this.#listener.onClause(clause);
      ended = this.#schedule(clause);
      this.#awaitWord();
      await Promise.race([this.#roomAhead(), this.#stopped]);
      if (this.#wasStopped()) return;
    }
    await ended;
    // A timer may be late; no word is lost for that.
    if (this.#wordTimer) clearTimeout(this.#wordTimer);
    for (const word of this.#words.splice(0)) this.#listener.onWord(word);
  }

  /** Tells of the next word when it is heard: by a timer, because hidden pages draw no frames. */
  #awaitWord(): void {
    const [word] = this.#words;
    const position_s = this.position_s();
    if (!word || position_s === null || this.#wordTimer !== null || this.#isStopped) return;
    const wait_ms = Math.max(0, (word.start_s - position_s) * 1000);
    this.#wordTimer = setTimeout(() => {
      this.#wordTimer = null;
      if ((this.position_s() ?? 0) >= word.start_s) {
        this.#words.shift();
        this.#listener.onWord(word);
      }
      this.#awaitWord();
    }, wait_ms);
  }

  #schedule(clause: SpeechClause): Promise<void> {
    const timeline = JSON.parse(clause.timelineJson) as Timeline;
    const segment = this.#nextSegment(clause.samples.length / timeline.sample_rate_hz);
    this.#segments.push(segment);
    for (const word of timeline.words) {
      const { start_s } = segment;
      this.#words.push({ ...word, start_s: start_s + word.start_s, end_s: start_s + word.end_s });
    }
    if (clause.samples.length === 0) return Promise.resolve();
    return this.#start(clause.samples, timeline.sample_rate_hz, segment.at_s);
  }

  #nextSegment(duration_s: number): Segment {
    const last = this.#segments.at(-1);
    const earliest_s = this.#output.context.currentTime + leadIn_s;
    if (!last) return { at_s: earliest_s, start_s: 0, duration_s };
    const end_s = last.at_s + last.duration_s;
    const late = end_s < this.#output.context.currentTime;
    return {
      at_s: late ? earliest_s : end_s,
      start_s: last.start_s + last.duration_s,
      duration_s,
    };
  }

  #start(samples: Float32Array<ArrayBuffer>, rate_hz: number, at_s: number): Promise<void> {
    const { context } = this.#output;
    const buffer = context.createBuffer(1, samples.length, rate_hz);
    buffer.copyToChannel(samples, 0);
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(this.#gain);
    source.start(at_s);
    this.#sources.push(source);
    return new Promise((resolve) => {
      source.onended = () => {
        this.#sources.splice(this.#sources.indexOf(source), 1);
        resolve();
      };
    });
  }

  // A method, so that the compiler does not take the answer before an await for the one after it.
  #wasStopped(): boolean {
    return this.#isStopped;
  }

  #roomAhead(): Promise<void> {
    const last = this.#segments.at(-1);
    const end_s = last ? last.at_s + last.duration_s : 0;
    const wait_s = end_s - ahead_s - this.#output.context.currentTime;
    return new Promise((resolve) => setTimeout(resolve, Math.max(0, wait_s * 1000)));
  }
}
