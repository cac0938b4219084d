import { heardAt_s, wallTime_ms } from './clock.js';
import { VivavoxError } from './errors.js';
import type { SoundOutput } from './sound_output.js';
import type { SpeechClause } from './speech_source.js';
import { Telling, type Cue } from './telling.js';
import type { Word } from './timeline.js';

/** Silence before the first sound: time for the lips to get ready, and for the sound device. */
const leadIn_s = 0.1;
/** The same where a clause came late, and after a pause. */
const resume_s = 0.05;
/** How far synthesis may run ahead of the sound. */
const ahead_s = 20;
/** Stopping takes this long where nothing else is asked for, so that it does not click. */
const fadeOut_s = 0.05;
const longestFade_s = 10;

/** A clause's sound at its place in the utterance. */
interface Segment {
  start_s: number;
  buffer: AudioBuffer;
  source: AudioBufferSourceNode | null;
}

/** What an Utterance tells while it plays. */
export interface UtteranceListener {
  /** A clause is about to sound; the utterance's first sound is at origin_s of the device's clock. */
  onClause(clause: SpeechClause, start_s: number, gap_s: number, origin_s: number): void;
  /** It pauses, or goes on from another origin. */
  onPause(isPaused: boolean, origin_s: number): void;
}

/** How much of an utterance was heard. */
export interface Heard {
  /** The last word that was heard to its end. */
  word: Word | null;
  /** How much of the text that is: where the word ends in it, in UTF-16 code units. */
  characters: number;
  /** How much of the sound, without the silence in which a late clause was waited for. */
  seconds: number;
}

/** Something that is being said, by whoever sounds. */
export interface Playing {
  /** Seconds into it that are heard now; negative before the first sound, null before any. */
  position_s(): number | null;
  /** What was heard up to now. */
  heard(): Heard;
  /** Falls silent; nothing is told after that. */
  stop(fade_s?: number): void;
  /** Holds it where it is. */
  pause(): void;
  /** Goes on where pause() held it. */
  resume(): void;
  /** Tells something when its moment is heard. */
  addCues(cues: Cue[]): void;
  /** The same for what is still asked for: the end waits for it. */
  addComingCues(coming: Promise<Cue[]>): void;
  /** Adds words as they will be heard, for heard(). */
  addWords(words: Word[]): void;
  /**
   * Where a stretch of the sound ended up, in which clauses may have been waited for: by how much
   * the part after the last wait is later, and where that begins.
   */
  placeOf(end_s: number): { later_s: number; from_s: number };
}

/** One spoken text on its way from clauses to sound. */
export class Utterance implements Playing {
  readonly #output: SoundOutput;
  readonly #gain: GainNode;
  readonly #listener: UtteranceListener;
  #segments: Segment[] = [];
  /** Of the device's clock at the utterance's start; null before the first clause. */
  #origin_s: number | null = null;
  #end_s = 0;
  /** Where clauses were waited for, and how long. */
  readonly #gaps: { start_s: number; length_s: number }[] = [];
  /** Where it pauses. */
  #pausedAt_s: number | null = null;
  readonly #telling: Telling;
  #stop!: () => void;
  readonly #stopped = new Promise<void>((resolve) => (this.#stop = resolve));
  #isStopped = false;
  /** Whether all of it was heard. */
  #isHeard = false;

  constructor(output: SoundOutput, listener: UtteranceListener) {
    this.#output = output;
    this.#listener = listener;
    this.#gain = output.context.createGain();
    this.#gain.connect(output.node);
    this.#telling = new Telling(this);
  }

  /**
   * Plays the clauses one after the other without a gap, each as soon as it is there, and returns
   * when the last was heard or stop() was called.
   * @throws VivavoxError as the clauses do; `audio_blocked`, `audio_interrupted`, `invalid_audio`
   */
  async play(clauses: AsyncIterable<SpeechClause>): Promise<void> {
    const over = new AbortController();
    try {
      // The device starts while the first clause is made.
      const device = this.#output.start().then(() => this.#output.untilLost(over.signal));
      await Promise.race([this.#playAll(clauses), device, this.#stopped]);
    } finally {
      over.abort();
      this.stop();
    }
  }

  /** Fades out; nothing sounds after that, and nothing is told. */
  stop(fade_s = fadeOut_s): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    const { gain } = this.#gain;
    const now_s = this.#output.context.currentTime;
    const end_s = now_s + Math.min(longestFade_s, Math.max(0.005, fade_s));
    gain.cancelScheduledValues(now_s);
    gain.setValueAtTime(gain.value, now_s);
    gain.linearRampToValueAtTime(0, end_s);
    let sounding = 0;
    for (const { source } of this.#segments) {
      if (!source) continue;
      sounding++;
      source.stop(end_s);
      source.onended = () => {
        source.disconnect();
        if (--sounding === 0) this.#gain.disconnect();
      };
    }
    if (sounding === 0) this.#gain.disconnect();
    this.#telling.stop();
    this.#segments = [];
    this.#stop();
  }

  get isPaused(): boolean {
    return this.#pausedAt_s !== null;
  }

  /** Holds the sound where it is. */
  pause(): void {
    if (this.isPaused || this.#isStopped) return;
    const { currentTime } = this.#output.context;
    this.#pausedAt_s = this.#origin_s === null ? 0 : currentTime - this.#origin_s;
    this.#telling.hold();
    this.#gain.gain.setValueAtTime(this.#gain.gain.value, currentTime);
    this.#gain.gain.linearRampToValueAtTime(0, currentTime + 0.02);
    for (const segment of this.#segments) {
      if (segment.source) segment.source.onended = null;
      segment.source?.stop(currentTime + 0.02);
      segment.source = null;
    }
    if (this.#origin_s !== null) this.#listener.onPause(true, this.#origin_s);
  }

  /** Goes on where pause() held it. */
  resume(): void {
    if (this.#pausedAt_s === null || this.#isStopped) return;
    const { currentTime } = this.#output.context;
    const from_s = this.#pausedAt_s;
    this.#pausedAt_s = null;
    this.#gain.gain.cancelScheduledValues(currentTime);
    this.#gain.gain.setValueAtTime(0, currentTime + resume_s - 0.02);
    this.#gain.gain.linearRampToValueAtTime(1, currentTime + resume_s);
    if (this.#origin_s === null) return;
    this.#origin_s = currentTime + resume_s - from_s;
    for (const segment of this.#segments) this.#start(segment, from_s);
    this.#listener.onPause(false, this.#origin_s);
    this.#telling.goOn();
  }

  position_s(): number | null {
    if (this.#origin_s === null) return null;
    if (this.#pausedAt_s !== null) return this.#pausedAt_s;
    return heardAt_s(this.#output.reading(), wallTime_ms()) - this.#origin_s;
  }

  heard(): Heard {
    // A device's clock may step back a little: what was heard to its end stays so.
    const position_s = this.#isHeard ? this.#end_s : (this.position_s() ?? 0);
    const heard_s = Math.min(this.#end_s, Math.max(0, position_s));
    const word = this.#telling.lastWord(heard_s);
    const seconds = heard_s - this.#gapsBefore_s(heard_s);
    return { word, characters: word?.end ?? 0, seconds };
  }

  isRunning(): boolean {
    return this.#output.isRunning();
  }

  addCues(cues: Cue[]): void {
    this.#telling.addCues(cues);
  }

  addComingCues(coming: Promise<Cue[]>): void {
    this.#telling.addComingCues(coming);
  }

  placeOf(end_s: number): { later_s: number; from_s: number } {
    const place = { later_s: 0, from_s: 0 };
    for (const { start_s, length_s } of this.#gaps) {
      if (start_s >= end_s + place.later_s) break;
      place.later_s += length_s;
      place.from_s = start_s + length_s;
    }
    return place;
  }

  addWords(words: Word[]): void {
    this.#telling.addWords(words);
  }

  // A method, so that the compiler does not take the answer before an await for the one after it.
  #wasStopped(): boolean {
    return this.#isStopped;
  }

  async #playAll(clauses: AsyncIterable<SpeechClause>): Promise<void> {
    for await (const clause of clauses) {
      if (this.#wasStopped()) return;
      this.#schedule(clause);
      await Promise.race([this.#roomAhead(), this.#stopped]);
      if (this.#wasStopped()) return;
    }
    await this.#untilHeard();
    if (this.#wasStopped()) return;
    this.#isHeard = true;
    await this.#telling.finish(this.#stopped);
  }

  #schedule(clause: SpeechClause): void {
    const { context } = this.#output;
    const { sample_rate_hz } = clause.timeline;
    this.#origin_s ??= context.currentTime + leadIn_s;
    const now_s = this.#pausedAt_s ?? context.currentTime - this.#origin_s;
    const isLate = this.#end_s > 0 && this.#end_s < now_s;
    const start_s = isLate ? now_s + resume_s : this.#end_s;
    const gap_s = start_s - this.#end_s;
    if (gap_s > 0) this.#gaps.push({ start_s: this.#end_s, length_s: gap_s });
    const buffer = bufferOf(context, clause.samples, sample_rate_hz);
    this.#end_s = start_s + (buffer?.duration ?? 0);
    this.#listener.onClause(clause, start_s, gap_s, this.#origin_s);
    if (!buffer || this.#wasStopped()) return;
    const segment: Segment = { start_s, buffer, source: null };
    this.#segments.push(segment);
    if (!this.isPaused) this.#start(segment, start_s);
  }

  /** Starts what of a segment lies after a moment. */
  #start(segment: Segment, from_s: number): void {
    const { context } = this.#output;
    const offset_s = Math.max(0, from_s - segment.start_s);
    if (this.#origin_s === null || offset_s >= segment.buffer.duration) return;
    const source = new AudioBufferSourceNode(context, { buffer: segment.buffer });
    source.connect(this.#gain);
    source.start(this.#origin_s + segment.start_s + offset_s, offset_s);
    segment.source = source;
    source.onended = () => {
      source.disconnect();
      this.#segments = this.#segments.filter((other) => other !== segment);
    };
  }

  /** What is rendered is heard only after the device's latency. */
  async #untilHeard(): Promise<void> {
    while (!this.#wasStopped()) {
      const left_s = this.#end_s - (this.position_s() ?? this.#end_s);
      if (left_s <= 0 && !this.isPaused) return;
      const wait_s = this.isPaused || !this.#output.isRunning() ? 0.1 : left_s;
      await Promise.race([sleep(Math.max(0.005, wait_s)), this.#stopped]);
    }
  }

  #gapsBefore_s(position_s: number): number {
    return this.#gaps.reduce(
      (sum, { start_s, length_s }) => sum + Math.min(length_s, Math.max(0, position_s - start_s)),
      0,
    );
  }

  async #roomAhead(): Promise<void> {
    while (!this.#wasStopped()) {
      const left_s = this.#end_s - ahead_s - (this.position_s() ?? 0);
      if (left_s <= 0) return;
      await Promise.race([sleep(Math.max(0.1, left_s)), this.#stopped]);
    }
  }
}

function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

/** @throws VivavoxError `invalid_audio` for a rate that browsers do not play */
function bufferOf(
  context: BaseAudioContext,
  samples: Float32Array,
  rate_hz: number,
): AudioBuffer | null {
  if (samples.length === 0) return null;
  try {
    const buffer = context.createBuffer(1, samples.length, rate_hz);
    buffer.copyToChannel(samples as Float32Array<ArrayBuffer>, 0);
    return buffer;
  } catch (cause) {
    throw new VivavoxError('invalid_audio', `Sound of ${rate_hz} Hz cannot be played here.`, {
      cause,
    });
  }
}
