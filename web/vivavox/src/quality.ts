/** How well the avatar is drawn: a level, or whatever holds the frame rate. */
export type Quality = 'auto' | 'low' | 'medium' | 'high';

interface Level {
  samples: number;
  fxaa: boolean;
  /** Pixels drawn for one shown, along a side. */
  scale: number;
}

const levels: readonly [Level, Level, Level] = [
  { samples: 1, fxaa: false, scale: 0.6 },
  { samples: 1, fxaa: true, scale: 1 },
  { samples: 4, fxaa: true, scale: 1 },
];

const highest = 2;

/** How far apart frames are meant to be. */
const meant_ms = { busy: 1000 / 60, idle: 1000 / 30 };
/** Frames that take so much longer than meant, in the mean, are one level too good … */
const slow = 1.5;
/** … and such as come on time for long may be drawn better. */
const fast = 1.15;
const timeToFall_ms = 600;
const timeToRise_ms = 15_000;
const leastFrames = 5;

/** How edges are smoothed at a level. */
export function antialiasing(level: number): Pick<Level, 'samples' | 'fxaa'> {
  return levels[level] ?? levels[highest];
}

/** Chooses the level that holds the frame rate, by how far apart frames come. */
export class QualityKeeper {
  #level = highest;
  #isAuto = true;
  #last_ms: number | null = null;
  /** Of the frames that are judged: how long they took and were meant to take. */
  #taken_ms = 0;
  #meant_ms = 0;
  #count = 0;
  /** A level that proved too slow is not tried again. */
  #ceiling = highest;

  get level(): number {
    return this.#level;
  }

  get scale(): number {
    return (levels[this.#level] ?? levels[highest]).scale;
  }

  choose(quality: Quality): void {
    this.#isAuto = quality === 'auto';
    if (quality !== 'auto') this.#level = { low: 0, medium: 1, high: 2 }[quality];
    this.rest();
  }

  /** After a rest the next interval tells nothing. */
  rest(): void {
    this.#last_ms = null;
    this.#taken_ms = 0;
    this.#meant_ms = 0;
    this.#count = 0;
  }

  /** A frame begins; returns whether the level has changed. */
  frame(now_ms: number, isBusy: boolean): boolean {
    const last_ms = this.#last_ms;
    this.#last_ms = now_ms;
    if (!this.#isAuto || last_ms === null) return false;
    this.#count++;
    this.#taken_ms += now_ms - last_ms;
    this.#meant_ms += isBusy ? meant_ms.busy : meant_ms.idle;
    const ratio = this.#taken_ms / this.#meant_ms;
    const isSlow = ratio > slow && this.#taken_ms > timeToFall_ms && this.#count >= leastFrames;
    if (isSlow && this.#level > 0) {
      this.#ceiling = this.#level - 1;
      return this.#change(this.#level - 1);
    }
    if (this.#taken_ms < timeToRise_ms) return false;
    if (ratio < fast && this.#level < this.#ceiling) return this.#change(this.#level + 1);
    this.rest();
    return false;
  }

  #change(level: number): boolean {
    this.#level = level;
    this.rest();
    return true;
  }
}
