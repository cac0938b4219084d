import { createPose, mix, scaleHeadMotion, type Pose } from './pose.js';
import type { Performance, PerformanceOptions, StageModule } from './stage.js';
import type { Timeline } from './timeline.js';

/** A stopped utterance fades to rest, and rest to the next utterance, in this time. */
const change_s = 0.25;
/** What is left of the head's motion for people who asked their system for less motion. */
const reducedMotion = 0.2;

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

/** What the face does: rests or speaks, in a mood, and goes from one to the other without a jump. */
export class Face {
  readonly #module: StageModule;
  readonly #seed: number;
  #mood: string;
  #moodIntensity: number;
  readonly #idle: Performance;
  #speaking: Performance | null = null;
  readonly #pose: Pose = createPose();
  readonly #leaving: Pose = createPose();
  #changedAt_s = -Infinity;
  /** When, and at what moment of the utterance, the face was last shown. */
  #shownAt_s = 0;
  #position_s = 0;
  #headMotion = 1;

  constructor(module: StageModule, options: Omit<PerformanceOptions, 'idleStart_s'>) {
    this.#module = module;
    this.#seed = options.seed;
    this.#mood = options.mood;
    this.#moodIntensity = options.moodIntensity;
    this.#idle = this.#perform(JSON.stringify(silence), 0);
  }

  /** The pose to show. `now_s` is any steady clock, `position_s` the moment of the utterance heard. */
  poseAt(now_s: number, position_s: number | null): Pose {
    this.#shownAt_s = now_s;
    this.#position_s = position_s ?? 0;
    if (this.#speaking && position_s !== null) this.#speaking.pose(position_s, this.#pose);
    else this.#idle.pose(now_s, this.#pose);
    scaleHeadMotion(this.#pose, this.#headMotion);
    mix(this.#pose, this.#leaving, leavingAmount((now_s - this.#changedAt_s) / change_s));
    return this.#pose;
  }

  /** Speaks one more clause of the utterance. */
  addClause(timelineJson: string): void {
    if (this.#speaking) {
      this.#speaking.append(timelineJson);
    } else {
      this.#beginChange();
      this.#speaking = this.#perform(timelineJson, this.#shownAt_s);
    }
  }

  /** Goes back to rest. */
  finishUtterance(): void {
    if (!this.#speaking) return;
    this.#beginChange();
    this.#speaking.delete();
    this.#speaking = null;
  }

  setMood(mood: string, intensity: number): void {
    this.#idle.setMood(this.#shownAt_s, mood, intensity);
    this.#speaking?.setMood(this.#position_s, mood, intensity);
    this.#mood = mood;
    this.#moodIntensity = intensity;
  }

  reduceMotion(reduce: boolean): void {
    this.#headMotion = reduce ? reducedMotion : 1;
  }

  dispose(): void {
    this.#speaking?.delete();
    this.#idle.delete();
  }

  #perform(timelineJson: string, idleStart_s: number): Performance {
    const options: PerformanceOptions = {
      mood: this.#mood,
      moodIntensity: this.#moodIntensity,
      seed: this.#seed,
      idleStart_s,
    };
    return this.#module.createPerformance(timelineJson, JSON.stringify(options));
  }

  #beginChange(): void {
    this.#leaving.set(this.#pose);
    this.#changedAt_s = this.#shownAt_s;
  }
}

/** 1 → 0, smooth at both ends. */
function leavingAmount(progress: number): number {
  if (progress >= 1) return 0;
  return 1 - progress * progress * (3 - 2 * progress);
}
