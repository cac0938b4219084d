/** A part of a canvas, in shares of its width and height. */
export interface Region {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A page that gives the value of an expression. */
interface Page {
  evaluate<T>(expression: string): Promise<T>;
}

/** The grey values, 0 to 255, of a part of the avatar in some of its next frames. */
export async function frames(page: Page, region: Region, count: number): Promise<number[][]> {
  return page.evaluate<number[][]>(
    `(${nextFrames.toString()})(${JSON.stringify(region)}, ${count})`,
  );
}

/** Runs in the page. A frame is told from the one before by its pixels, or by the time after it. */
function nextFrames(region: Region, count: number): Promise<number[][]> {
  return new Promise((resolve) => {
    const canvas = document.querySelector('canvas');
    const size_px = 40;
    const longest_ms = 300;
    const copy = new OffscreenCanvas(size_px, size_px).getContext('2d', {
      willReadFrequently: true,
    });
    if (!canvas || !copy) throw new Error('there is no canvas');
    const pictures: number[][] = [];
    let last = new Uint8ClampedArray();
    let last_ms = -Infinity;
    const look = (now_ms: number) => {
      const { width, height } = canvas;
      copy.clearRect(0, 0, size_px, size_px);
      copy.drawImage(
        canvas,
        ...([region.left * width, region.top * height] as const),
        ...([region.width * width, region.height * height] as const),
        ...([0, 0, size_px, size_px] as const),
      );
      const { data } = copy.getImageData(0, 0, size_px, size_px);
      const isEmpty = data.every((value) => value === 0);
      const isNew = data.some((value, i) => value !== last[i]) || now_ms - last_ms > longest_ms;
      if (isNew && !isEmpty) {
        last = data;
        last_ms = now_ms;
        const at = (i: number) => data[i] ?? 0;
        pictures.push(
          Array.from({ length: size_px * size_px }, (_, i) =>
            Math.round((at(4 * i) + at(4 * i + 1) + at(4 * i + 2)) / 3),
          ),
        );
      }
      if (pictures.length < count) requestAnimationFrame(look);
      else resolve(pictures);
    };
    requestAnimationFrame(look);
  });
}

export function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** How much two pictures differ, in the mean of their pixels, 0 to 255. */
export function difference(one: number[] | undefined, other: number[] | undefined): number {
  if (!one || !other) throw new Error('a picture is missing');
  return mean(one.map((value, pixel) => Math.abs(value - (other[pixel] ?? 0))));
}

/**
 * How much the two most alike of two series of pictures differ. An idle face never holds still, but
 * comes back to where it was: what is left is what else has changed.
 */
export function nearest(ones: number[][], others: number[][]): number {
  return Math.min(...ones.flatMap((one) => others.map((other) => difference(one, other))));
}

/**
 * What is measured once it is as wanted, or after a minute: a busy browser shows what is drawn some
 * frames later.
 */
export async function settled(
  measure: () => Promise<number>,
  isWanted: (measured: number) => boolean,
): Promise<number> {
  const patience_ms = 60_000;
  const begun_ms = performance.now();
  let measured = await measure();
  while (!isWanted(measured) && performance.now() - begun_ms < patience_ms) {
    measured = await measure();
  }
  return measured;
}

/** How much a picture differs from the one before, in the mean of pixels and pictures, 0 to 255. */
export function motion(pictures: number[][]): number {
  const differences = pictures.slice(1).map((picture, i) => {
    return difference(picture, pictures[i]);
  });
  return mean(differences);
}
