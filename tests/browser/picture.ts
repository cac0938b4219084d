import { execFileSync } from 'node:child_process';
import type { Page } from 'playwright-core';

/** A part of an element, in shares of its width and height. */
export interface Region {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The grey values of a part of an element as it is on the screen. */
export async function greyOf(page: Page, selector: string, region: Region): Promise<Uint8Array> {
  const box = await page.locator(selector).boundingBox();
  if (!box) throw new Error(`${selector} is not to be seen`);
  const png = await page.screenshot({
    clip: {
      x: box.x + region.left * box.width,
      y: box.y + region.top * box.height,
      width: region.width * box.width,
      height: region.height * box.height,
    },
  });
  const decode = ['-loglevel', 'error', '-i', '-', '-f', 'rawvideo', '-pix_fmt', 'gray', '-'];
  return execFileSync('ffmpeg', decode, { input: png });
}

/** The mean difference of two pictures' pixels, 0 to 255. */
export function difference(a: Uint8Array, b: Uint8Array): number {
  const sum = a.reduce((total, value, i) => total + Math.abs(value - (b[i] ?? 0)), 0);
  return sum / a.length;
}

/** The largest difference between any of the pictures and the first. */
export function motion(pictures: Uint8Array[]): number {
  const [first, ...rest] = pictures;
  if (!first) return 0;
  return Math.max(0, ...rest.map((picture) => difference(first, picture)));
}
