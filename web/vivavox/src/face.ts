import { createPose, mix, scaleHeadMotion, type Pose } from './pose.js';
import type { Performance, PerformanceOptions, StageModule } from './stage.js';
import type { Timeline } from './timeline.js';

/** One mood changes to another in this time, and what is left of a stopped utterance fades. */
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
  #options: Omit<PerformanceOptions, 'idleStart_s'>;
  #idle: Performance;
  #speaking: Performance | null = null;
  /** The clauses of #speaking, to speak on in another mood. */
  #clauses: string[] = [];
  readonly #pose: Pose = createPose();
  readonly #leaving: Pose = createPose();
  #changedAt_s = -Infinity;
  #shownAt_s = 0;
  #spokeAt_s = 0;
  #headMotion = 1;

  constructor(module: StageModule, options: Omit<PerformanceOptions, 'idleStart_s'>) {
    this.#module = module;
    this.#options = options;
    this.#idle = this.#perform([]);
  }

  /** The pose to show. `now_s` is any steady clock, `position_s` the moment of the utterance heard. */
  poseAt(now_s: number, position_s: number | null): Pose {
    this.#shownAt_s = now_s;
    if (this.#speaking && position_s !== null) this.#speaking.pose(position_s, this.#pose);
    else this.#idle.pose(now_s, this.#pose);
    scaleHeadMotion(this.#pose, this.#headMotion);
    mix(this.#pose, this.#leaving, leavingAmount((now_s - this.#changedAt_s) / change_s));
    return this.#pose;
  }

  /** Speaks one more clause of the utterance. */
  addClause(timelineJson: string): void {
    this.#clauses.push(timelineJson);
    if (this.#speaking) {
      this.#speaking.append(timelineJson);
    } else {
      this.#beginChange();
      this.#spokeAt_s = this.#shownAt_s;
      this.#speaking = this.#perform(this.#clauses, this.#spokeAt_s);
    }
  }

  /** Goes back to rest. */
  finishUtterance(): void {
    if (!this.#speaking) return;
    this.#beginChange();
    this.#speaking.delete();
    this.#speaking = null;
    this.#clauses = [];
  }

  setMood(mood: string, moodIntensity: number): void {
    const before = this.#options;
    this.#options = { ...before, mood, moodIntensity };
    let idle;
    try {
      idle = this.#perform([]);
    } catch (error) {
      this.#options = before;
      throw error;
    }
    this.#beginChange();
    this.#idle.delete();
    this.#idle = idle;
    if (!this.#speaking) return;
    this.#speaking.delete();
    this.#speaking = this.#perform(this.#clauses, this.#spokeAt_s);
  }

  reduceMotion(reduce: boolean): void {
    this.#headMotion = reduce ? reducedMotion : 1;
  }

  dispose(): void {
    this.#speaking?.delete();
    this.#idle.delete();
  }

  #perform(clauses: string[], idleStart_s = 0): Performance {
    const [first = JSON.stringify(silence), ...rest] = clauses;
    const options: PerformanceOptions = { ...this.#options, idleStart_s };
    const performance = this.#module.createPerformance(first, JSON.stringify(options));
    for (const clause of rest) performance.append(clause);
    return performance;
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
