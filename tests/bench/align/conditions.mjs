// What happens to recordings, and where their words start afterwards. Always the same.
import { rate_hz } from './corpus.mjs';

/** Uniform in −1…1 (Numerical Recipes' generator). */
function noiseSource(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (2 * (state >>> 8)) / (1 << 24) - 1;
  };
}

const filled = (length, value) => Float32Array.from({ length }, value);
const floor = 1e-4; // silence is never digital silence in a recording

function joined(...parts) {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function rms(samples) {
  return Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
}

/** Each gives {samples, starts_s}. */
export const conditions = {
  clean: (samples, starts_s) => ({ samples, starts_s }),

  /** Two seconds of silence before the word in the middle. */
  pause: (samples, starts_s) => {
    const middle = Math.floor(starts_s.length / 2);
    const at = Math.round(starts_s[middle] * rate_hz);
    const noise = noiseSource(1);
    return {
      samples: joined(
        samples.subarray(0, at),
        filled(2 * rate_hz, () => floor * noise()),
        samples.subarray(at),
      ),
      starts_s: starts_s.map((start_s, i) => (i < middle ? start_s : start_s + 2)),
    };
  },

  /** A click of 3 ms, one second before. */
  click: (samples, starts_s) => {
    const noise = noiseSource(2);
    const before = filled(rate_hz, (_, i) => (i < 0.003 * rate_hz ? 0.8 : floor) * noise());
    return { samples: joined(before, samples), starts_s: starts_s.map((start_s) => start_s + 1) };
  },

  /** White noise, 15 dB below the speech. */
  noise: (samples, starts_s) => {
    const noise = noiseSource(3);
    const level = rms(samples) * 10 ** (-15 / 20) * Math.sqrt(3);
    return { samples: samples.map((x) => x + level * noise()), starts_s };
  },
};

/** White noise, as long and as loud. */
export function onlyNoise(samples) {
  const noise = noiseSource(4);
  const level = rms(samples) * Math.sqrt(3);
  return samples.map(() => level * noise());
}
