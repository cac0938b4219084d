// When lips and sound are seen and heard to part at a p.

/**
 * When a p bursts in the sound: its energy rises out of the quiet of the closed lips.
 * @param level (at_s, length_s) => how loud the sound is there
 */
export function burst_s(level, from_s, to_s) {
  const step_s = 0.001;
  const levels = [];
  for (let at_s = from_s - 0.02; at_s < to_s + 0.06; at_s += step_s) {
    levels.push(level(at_s, step_s));
  }
  const loudest = Math.max(...levels);
  const quiet = levels.lastIndexOf(Math.min(...levels.slice(0, levels.length - 60)));
  const loud = levels.findIndex((value, i) => i > quiet && value > 0.1 * loudest);
  return from_s - 0.02 + loud * step_s;
}

/**
 * When the lips begin to open at a burst: a fifth of the way from shut to the next sound's; null where
 * they are not seen to.
 * @param mouth [at_s, share of it that is dark] of each picture
 */
export function opening_s(mouth, sound_s) {
  const near = mouth.filter(([at_s]) => at_s > sound_s - 0.06 && at_s < sound_s + 0.2);
  const early = near.filter(([at_s]) => at_s < sound_s + 0.06).map(([, dark]) => dark);
  const shut = early.lastIndexOf(Math.min(...early));
  const after = near.slice(Math.max(0, shut)).map(([, dark]) => dark);
  const mark = after[0] + 0.2 * (Math.max(...after) - after[0]);
  const crossed = near.findIndex(([, dark], i) => i > shut && dark > mark);
  if (shut < 0 || crossed < 1 || mark - after[0] < 0.002) return null;
  const [[before_s, before], [after_s, dark]] = [near[crossed - 1], near[crossed]];
  return before_s + ((mark - before) / (dark - before)) * (after_s - before_s);
}
