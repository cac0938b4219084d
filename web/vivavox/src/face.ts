import { createPose, mix, scaleBodyMotion, type Pose } from './pose.js';
import type { JawAndLips } from './speaking_style.js';
import type { Performance, PerformanceOptions, StageModule } from './stage.js';
import type { Timeline } from './timeline.js';

/** A stopped utterance fades to rest, and rest to the next utterance, in this time. */
const change_s = 0.25;
/** Lips go over from what is heard to what is known in this time. */
const revision_s = 0.12;
/** What is left of the head's motion for people who asked their system for less motion. */
const reducedMotion = 0.2;
/** How fast eyes and head turn to what they are asked to look at: the time for two thirds. */
const turning_s = 0.12;
/** How fast the mouth goes where it was heard to be: the time for two thirds. */
const lipping_s = 0.008;
/** Sound that stops coming leaves the mouth at rest after so long. */
const hearing_s = 0.3;
/** A mouth that is less open than this is at rest. */
const least_mouth = 0.02;
/** How far eyes and head go together. */
const widest_rad = { pitch: 0.6, yaw: 0.9 };

const silence: Timeline = {
  text: '',
  voice: '',
  language: '',
  sample_rate_hz: 22050,
  duration_s: 0,
  timing: 'exact',
  words: [],
  phones: [],
};

/** A direction to look in, from straight ahead: positive pitch down, positive yaw to the face's left. */
export interface Direction {
  pitch_rad: number;
  yaw_rad: number;
}

/** What the face does: rests or speaks, in a mood, and goes from one to the other without a jump. */
export class Face {
  readonly #module: StageModule;
  readonly #seed: number;
  #mood: string;
  #moodIntensity: number;
  #style: JawAndLips;
  readonly #idle: Performance;
  #speaking: Performance | null = null;
  #isPaused = false;
  readonly #pose: Pose = createPose();
  readonly #leaving: Pose = createPose();
  #changedAt_s = -Infinity;
  #change_s = change_s;
  /** How long before its first sound the utterance began to be shown. */
  #lead_s: number;
  /** When, and at what moment of the utterance, the face was last shown. */
  #shownAt_s = 0;
  #position_s = 0;
  #headMotion = 1;
  #target: Direction | null = null;
  /** The mouth that is followed, when it was heard, and as it is shown. */
  #heard: Float32Array | null = null;
  #heardAt_s = -Infinity;
  #mouth = new Float32Array();
  readonly #attention = { pitch_rad: 0, yaw_rad: 0, share: 0 };

  constructor(module: StageModule, options: Omit<PerformanceOptions, 'idleStart_s'>) {
    this.#module = module;
    this.#seed = options.seed;
    this.#mood = options.mood;
    this.#moodIntensity = options.moodIntensity;
    const { jaw, lips } = options;
    this.#style = { jaw, lips };
    this.#lead_s = module.performanceLead_s;
    this.#idle = this.#perform(silence, 0);
  }

  /**
   * The pose to show. `now_s` is any steady clock, `position_s` the moment of the utterance heard.
   * Where a clause is late the position runs on, and only the mouth waits.
   */
  poseAt(now_s: number, position_s: number | null): Pose {
    this.#turn(now_s - this.#shownAt_s);
    this.#moveMouth(now_s, now_s - this.#shownAt_s);
    this.#shownAt_s = now_s;
    const { pitch_rad, yaw_rad, share } = this.#attention;
    if (this.#speaking && position_s !== null && !this.#isPaused) {
      this.#position_s = position_s;
      const shown_s = this.#beforeSound(position_s);
      this.#speaking.pose(shown_s, pitch_rad, yaw_rad, share, this.#pose);
    } else if (this.#heard) {
      this.#idle.poseWith(this.#mouth, now_s, pitch_rad, yaw_rad, share, this.#pose);
    } else {
      this.#idle.pose(now_s, pitch_rad, yaw_rad, share, this.#pose);
    }
    scaleBodyMotion(this.#pose, this.#headMotion);
    mix(this.#pose, this.#leaving, leavingAmount((now_s - this.#changedAt_s) / this.#change_s));
    return this.#pose;
  }

  /** Whether anything but idling is to be seen. */
  get isBusy(): boolean {
    return (
      (this.#speaking !== null && !this.#isPaused) ||
      this.#shownAt_s - this.#changedAt_s < this.#change_s ||
      this.#mouth.some((channel) => channel > least_mouth) ||
      (this.#heard?.some((channel) => channel > least_mouth) ?? false)
    );
  }

  /** Follows a mouth that is heard just now, where the face does not speak itself; null: no more. */
  hear(mouth: Float32Array | null): void {
    if ((mouth === null) !== (this.#heard === null)) {
      this.#beginChange(change_s);
      this.#mouth = new Float32Array(mouth?.length ?? 0);
    }
    this.#heard = mouth;
    this.#heardAt_s = performance.now() / 1000;
  }

  /**
   * Speaks one more clause of the utterance, heard `gap_s` after the one before.
   * @param position_s of the utterance now; negative before its first sound
   */
  addClause(timeline: Timeline, gap_s: number, position_s: number): void {
    if (this.#speaking) {
      this.#speaking.append(JSON.stringify(timeline), gap_s);
      this.#speaking.forget(position_s);
      return;
    }
    this.#speaking = this.#perform(timeline, this.#shownAt_s);
    this.#isPaused = false;
    this.#lead_s = Math.max(0.02, -position_s);
    this.#beginChange(Math.min(change_s, this.#lead_s));
  }

  /**
   * What a stretch of the utterance says is known now, where its sound was followed.
   * @param start_s of the utterance, where it begins
   * @param from_s what lies before is shown as it was
   */
  revise(timeline: Timeline, start_s: number, from_s: number): void {
    if (!this.#speaking) return;
    const first_s = Math.max(from_s, this.#position_s + revision_s);
    this.#speaking.revise(JSON.stringify(timeline), start_s, first_s);
    // The lips get ready for it before.
    this.#beginChange(revision_s);
  }

  /** Goes back to rest. */
  finishUtterance(): void {
    if (!this.#speaking) return;
    if (!this.#isPaused) this.#beginChange(change_s);
    this.#speaking.delete();
    this.#speaking = null;
    this.#isPaused = false;
  }

  /** Rests while the utterance waits, and takes it up again. */
  pause(isPaused: boolean): void {
    if (!this.#speaking || this.#isPaused === isPaused) return;
    this.#isPaused = isPaused;
    this.#beginChange(change_s);
  }

  setMood(mood: string, intensity: number): void {
    this.#idle.setMood(this.#shownAt_s, mood, intensity);
    this.#speaking?.setMood(this.#position_s, mood, intensity);
    this.#mood = mood;
    this.#moodIntensity = intensity;
  }

  setStyle(style: JawAndLips): void {
    this.#idle.setStyle(this.#shownAt_s, style.jaw, style.lips);
    this.#speaking?.setStyle(this.#position_s, style.jaw, style.lips);
    this.#style = style;
  }

  reduceMotion(reduce: boolean): void {
    this.#headMotion = reduce ? reducedMotion : 1;
  }

  /** Looks in a direction, or with null wherever the mood has it. */
  lookAt(direction: Direction | null): void {
    this.#target = direction;
  }

  dispose(): void {
    this.#speaking?.delete();
    this.#idle.delete();
  }

  /**
   * The lips get ready in as long as there is: the engine's lead is shown faster where the first
   * sound comes sooner.
   */
  #beforeSound(position_s: number): number {
    const { performanceLead_s } = this.#module;
    if (position_s >= 0 || this.#lead_s >= performanceLead_s) return position_s;
    return (position_s / this.#lead_s) * performanceLead_s;
  }

  #moveMouth(now_s: number, elapsed_s: number): void {
    const share = 1 - Math.exp(-Math.max(0, elapsed_s) / lipping_s);
    const isHeard = now_s - this.#heardAt_s < hearing_s;
    this.#mouth.forEach((channel, i) => {
      const aim = isHeard ? (this.#heard?.[i] ?? 0) : 0;
      this.#mouth[i] = channel + (aim - channel) * share;
    });
  }

  #turn(elapsed_s: number): void {
    const share = 1 - Math.exp(-Math.max(0, elapsed_s) / turning_s);
    const towards = (now: number, then: number) => now + (then - now) * share;
    const attention = this.#attention;
    attention.share = towards(attention.share, this.#target ? 1 : 0);
    if (!this.#target) return;
    const { pitch_rad, yaw_rad } = this.#target;
    attention.pitch_rad = towards(attention.pitch_rad, within(pitch_rad, widest_rad.pitch));
    attention.yaw_rad = towards(attention.yaw_rad, within(yaw_rad, widest_rad.yaw));
  }

  #perform(timeline: Timeline, idleStart_s: number): Performance {
    const options: PerformanceOptions = {
      mood: this.#mood,
      moodIntensity: this.#moodIntensity,
      ...this.#style,
      seed: this.#seed,
      idleStart_s,
    };
    return this.#module.createPerformance(JSON.stringify(timeline), JSON.stringify(options));
  }

  #beginChange(duration_s: number): void {
    this.#leaving.set(this.#pose);
    this.#changedAt_s = this.#shownAt_s;
    this.#change_s = duration_s;
  }
}

function within(value: number, most: number): number {
  return Math.min(most, Math.max(-most, value));
}

/** 1 → 0, smooth at both ends. */
function leavingAmount(progress: number): number {
  if (progress >= 1) return 0;
  return 1 - progress * progress * (3 - 2 * progress);
}
