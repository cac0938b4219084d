// Rhubarb Lip Sync: its program (as WebAssembly) on the sound and the text, and its mouth shapes at
// the phones' exact times.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

import { fading } from './shapes.mjs';

/** Its README's descriptions of the mouths A–H and X as the visemes that look like them. */
const visemes = { A: 'PP', B: 'SS', C: 'E', D: 'aa', E: 'O', F: 'U', G: 'FF', H: 'nn', X: 'sil' };

/** Its drawings are cut from one to the next: on a mesh they fade in a frame of drawn film. */
const fade_s = 1 / 24;

export const voices = { 'espeak:en-us': 'en' };

/** 16 kHz, 16 bits: what the recogniser takes. */
function pcm16k({ samples, rate_hz }) {
  const count = Math.floor((samples.length * 16000) / rate_hz);
  const bytes = Buffer.alloc(2 * count);
  for (let i = 0; i < count; i++) {
    const at = (i * rate_hz) / 16000;
    // The mean of what lies under a sample is low-pass enough for speech at 22 kHz.
    const [before, after] = [samples[Math.floor(at)], samples[Math.ceil(at)] ?? 0];
    const value = before + (at - Math.floor(at)) * (after - before);
    bytes.writeInt16LE(Math.round(32767 * Math.max(-1, Math.min(1, value))), 2 * i);
  }
  return bytes;
}

export async function rhubarb(modules) {
  const file = join(modules, 'rhubarb-lip-sync-wasm/dist/index.js');
  const { Rhubarb } = await import(pathToFileURL(file).href);
  return async ({ timeline, sound }) => {
    const { log, warn, error } = console;
    const silent = () => undefined; // it tells each step
    Object.assign(console, { log: silent, warn: silent, error: silent });
    try {
      const { mouthCues } = await Rhubarb.getLipSync(pcm16k(sound), { dialogText: timeline.text });
      const cues = mouthCues.map(({ start, value }) => ({
        start_s: start,
        viseme: visemes[value],
      }));
      return fading(cues, timeline.duration_s, fade_s);
    } finally {
      Object.assign(console, { log, warn, error });
    }
  };
}

/** `cues`: lines of "seconds, tab, shape". */
export const rhubarbShapes = ({ timeline, cues }) =>
  fading(
    cues
      .trim()
      .split('\n')
      .map((line) => line.split('\t'))
      .map(([start, shape]) => ({ start_s: Number(start), viseme: visemes[shape] })),
    timeline.duration_s,
    fade_s,
  );
