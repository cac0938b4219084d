/**
 * Where a sound device's clock stands against the wall's: enough to tell what of it is heard at
 * any later moment, on the page or in a worker.
 */
export interface ClockReading {
  /** The moment of the AudioContext's time that was heard … */
  context_s: number;
  /** … at this moment of wallTime_ms(). */
  wall_ms: number;
  /** Whether it goes on from there. */
  isRunning: boolean;
}

/** A steady clock that is the same on the page and in its workers. */
export function wallTime_ms(): number {
  return performance.timeOrigin + performance.now();
}

/** The moment of the AudioContext's time that is heard at a time of the wall's clock. */
export function heardAt_s(reading: ClockReading, wall_ms: number): number {
  const since_s = reading.isRunning ? (wall_ms - reading.wall_ms) / 1000 : 0;
  return reading.context_s + since_s;
}
