import type { Page } from 'playwright-core';

/** The sound of a page: samples at their place on the AudioContext's clock. */
export interface Sound {
  sampleRate_hz: number;
  samples: Float32Array;
  stopClicked_s: number | null;
}

/** All that the page sent to the loudspeaker so far. */
export async function soundOf(page: Page): Promise<Sound> {
  const recorded = await page.evaluate(() => ({
    sampleRate_hz: recording.sampleRate_hz,
    stopClicked_s: recording.stopClicked_s,
    blocks: recording.blocks.map(({ frame, samples }) => ({ frame, samples: [...samples] })),
  }));
  const last = recorded.blocks.at(-1);
  const samples = new Float32Array(last ? last.frame + last.samples.length : 0);
  for (const block of recorded.blocks) samples.set(block.samples, block.frame);
  return { ...recorded, samples };
}

export function peak(samples: Float32Array): number {
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

/** Seconds from the first sample that is not silence to the last. */
export function audible_s({ samples, sampleRate_hz }: Sound): number {
  const isLoud = (sample: number) => Math.abs(sample) > 1e-3;
  return (samples.findLastIndex(isLoud) - samples.findIndex(isLoud)) / sampleRate_hz;
}

/** The samples between two times. */
export function between({ samples, sampleRate_hz }: Sound, from_s: number, to_s: number) {
  return samples.subarray(Math.round(from_s * sampleRate_hz), Math.round(to_s * sampleRate_hz));
}
