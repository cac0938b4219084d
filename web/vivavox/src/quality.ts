/** The engine's levels of quality, from the best to the quickest: engine/stage/quality.h. */
export const qualityLevels = ['ultra', 'high', 'medium', 'low', 'minimal'] as const;
/** A level's name; docs/quality.md shows how each looks. */
export type QualityLevel = (typeof qualityLevels)[number];

/** How well the avatar is drawn: a level, or whatever holds the frame rate. */
export type Quality = 'auto' | QualityLevel;

/** What `auto` begins with, and rises to at most: `ultra` is for pictures that can wait. */
const best = qualityLevels.indexOf('high');
const last = qualityLevels.length - 1;

/** How far apart frames are meant to be. */
const meant_ms = { busy: 1000 / 60, idle: 1000 / 30 };
/** Frames that take so much longer than meant, in the mean, are one level too good … */
const slow = 1.5;
/** … such that take this much longer are two levels too good, for a level halves the time at most … */
const verySlow = 5;
/** … and such as come on time for long may be drawn better. */
const fast = 1.15;
/** Below so many frames a second a face is better shown by somebody else; and for how long that is looked at. */
const leastRate_hz = 20;
const timeToGiveUp_ms = 3000;
const timeToFall_ms = 600;
const leastFrames = 3;
const timeToRise_ms = 15_000;
/** A level that proved too slow is tried again after so many times as long, each time. */
const patience = 2;

/** What `auto` knows: the level that it draws at, and the frames that it judges it by. */
export interface AutoQuality {
  readonly level: number;
  /** Of the frames at this level: how long they took and were meant to take. */
  readonly taken_ms: number;
  readonly meant_ms: number;
  readonly count: number;
  /** How long frames must be on time until a better level is tried. */
  readonly wait_ms: number;
}

export const startOfAuto: AutoQuality = {
  level: best,
  taken_ms: 0,
  meant_ms: 0,
  count: 0,
  wait_ms: timeToRise_ms,
};

/** What `auto` begins with where the processor draws: better levels would first be compiled, then dropped. */
const startOfSoftware: AutoQuality = { ...startOfAuto, level: last };

/** Whether not even the quickest level holds the least rate. */
export function isTooSlow({ level, taken_ms, count }: AutoQuality): boolean {
  return level === last && taken_ms > timeToGiveUp_ms && taken_ms / count > 1000 / leastRate_hz;
}

/** The next state after a frame that came so long after the one before it. */
export function afterFrame(state: AutoQuality, interval_ms: number, isBusy: boolean): AutoQuality {
  const judged = {
    ...state,
    taken_ms: state.taken_ms + interval_ms,
    meant_ms: state.meant_ms + (isBusy ? meant_ms.busy : meant_ms.idle),
    count: state.count + 1,
  };
  const ratio = judged.taken_ms / judged.meant_ms;
  const isKnown = judged.taken_ms > timeToFall_ms && judged.count >= leastFrames;
  if (isKnown && ratio > slow && state.level < last) {
    const level = Math.min(last, state.level + (ratio > verySlow ? 2 : 1));
    return { ...startOfAuto, level, wait_ms: state.wait_ms * patience };
  }
  if (judged.taken_ms < state.wait_ms) return judged;
  if (ratio < fast && state.level > best) {
    return { ...startOfAuto, level: state.level - 1, wait_ms: state.wait_ms };
  }
  return { ...judged, taken_ms: 0, meant_ms: 0, count: 0 };
}

/** Chooses the level that is drawn at. */
export class QualityKeeper {
  #chosen: Quality = 'auto';
  #auto: AutoQuality;
  #last_ms: number | null = null;

  /** @param isSoftware no graphics processor draws */
  constructor(isSoftware: boolean) {
    this.#auto = isSoftware ? startOfSoftware : startOfAuto;
  }

  get level(): QualityLevel {
    if (this.#chosen !== 'auto') return this.#chosen;
    return qualityLevels[this.#auto.level] ?? 'minimal';
  }

  /** Whether `auto` finds nothing that is quick enough. */
  get isTooSlow(): boolean {
    return this.#chosen === 'auto' && isTooSlow(this.#auto);
  }

  choose(quality: Quality): void {
    this.#chosen = quality;
    this.rest();
  }

  /** After a rest the next interval tells nothing. */
  rest(): void {
    this.#last_ms = null;
    this.#auto = { ...this.#auto, taken_ms: 0, meant_ms: 0, count: 0 };
  }

  /** A frame begins; returns whether the level has changed. */
  frame(now_ms: number, isBusy: boolean): boolean {
    const last_ms = this.#last_ms;
    this.#last_ms = now_ms;
    if (this.#chosen !== 'auto' || last_ms === null) return false;
    const { level } = this.#auto;
    this.#auto = afterFrame(this.#auto, now_ms - last_ms, isBusy);
    if (this.#auto.level === level) return false;
    // What compiles shaders takes long once.
    this.#last_ms = null;
    return true;
  }
}
