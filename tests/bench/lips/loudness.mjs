// A jaw that flaps with the loudness, as many pages do it: the level of the last 43 ms, smoothed.
import { fps, names } from './shapes.mjs';

const window_s = 2048 / 48000; // an AnalyserNode's usual size
const smoothing = 0.8; // and its usual smoothing

export function flapping({ timeline, sound }) {
  const level = (t_s) => {
    const end = Math.round(t_s * sound.rate_hz);
    const part = sound.samples.slice(
      Math.max(0, end - Math.round(window_s * sound.rate_hz)),
      Math.max(0, end),
    );
    return part.length ? Math.sqrt(part.reduce((sum, x) => sum + x * x, 0) / part.length) : 0;
  };
  const times = [];
  const levels = [];
  let shown = 0;
  for (let t_s = -0.2; t_s < timeline.duration_s + 0.3; t_s += 1 / fps) {
    shown = smoothing * shown + (1 - smoothing) * level(t_s);
    times.push(t_s);
    levels.push(shown);
  }
  const loudest = Math.max(...levels, 1e-6);
  const at = names.indexOf('jawOpen');
  const frames = levels.map((value) =>
    names.map((_, i) => (i === at ? (0.5 * value) / loudest : 0)),
  );
  return { times, frames };
}
