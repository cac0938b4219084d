// Visemes as ARKit's blend shapes on the default avatar, and curves as JSON.
import { readFileSync } from 'node:fs';

export const fps = 60;

const table = JSON.parse(readFileSync('shared/visemes.json', 'utf8')).visemes;
const arkit = Object.fromEntries(table.map(({ name, arkit }) => [name, arkit]));

export const names = [...new Set(table.flatMap(({ arkit }) => Object.keys(arkit)))];

/** The weights that visemes (name → weight) add up to, in the order of `names`. */
export const shapesOf = (visemes) =>
  names.map((shape) => {
    let sum = 0;
    for (const [viseme, weight] of Object.entries(visemes)) {
      sum += weight * (arkit[viseme][shape] ?? 0);
    }
    return Math.min(1, sum);
  });

/** Frames of visemes that fade into one another, each change `fade_s` long around its time. */
export function fading(cues, duration_s, fade_s) {
  const times = [];
  const frames = [];
  for (let t_s = -0.2; t_s < duration_s + 0.3; t_s += 1 / fps) {
    const visemes = {};
    let left = 1;
    for (const { start_s, viseme } of cues.toReversed()) {
      const share = Math.max(0, Math.min(1, (t_s - start_s) / fade_s + 0.5));
      visemes[viseme] = (visemes[viseme] ?? 0) + left * share;
      left *= 1 - share;
      if (left === 0) break;
    }
    visemes.sil = (visemes.sil ?? 0) + left;
    times.push(t_s);
    frames.push(shapesOf(visemes));
  }
  return { times, frames };
}
