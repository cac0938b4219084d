/** A part of a canvas, in shares of its width and height. */
export interface Region {
  left: number;
  top: number;
  width: number;
  height: number;
}

declare global {
  /** Called after each picture that a canvas of the page shows; watchPictures() calls it. */
  var onPicture: (() => void) | null;
}

/** Runs in the page before its scripts: tells of each picture that is shown. */
export function watchPictures(): void {
  globalThis.onPicture = null;
  const shown = ImageBitmapRenderingContext.prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on its own context
  const show = shown.transferFromImageBitmap;
  shown.transferFromImageBitmap = function (bitmap: ImageBitmap | null) {
    show.call(this, bitmap);
    globalThis.onPicture?.();
  };
  // Where a browser draws on the page, it copies from a canvas that is not in it.
  const drawing = CanvasRenderingContext2D.prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on its own context
  const draw = drawing.drawImage as (this: unknown, ...args: unknown[]) => void;
  drawing.drawImage = function (this: CanvasRenderingContext2D, ...args: unknown[]) {
    draw.apply(this, args);
    if (args[0] instanceof HTMLCanvasElement && !args[0].isConnected) globalThis.onPicture?.();
  };
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

/** Runs in the page. */
function nextFrames(region: Region, count: number): Promise<number[][]> {
  return new Promise((resolve) => {
    const canvas = document.querySelector('canvas');
    const size_px = 40;
    const copy = new OffscreenCanvas(size_px, size_px).getContext('2d', {
      willReadFrequently: true,
    });
    if (!canvas || !copy) throw new Error('there is no canvas');
    const pictures: number[][] = [];
    globalThis.onPicture = () => {
      const { width, height } = canvas;
      copy.drawImage(
        canvas,
        ...([region.left * width, region.top * height] as const),
        ...([region.width * width, region.height * height] as const),
        ...([0, 0, size_px, size_px] as const),
      );
      const { data } = copy.getImageData(0, 0, size_px, size_px);
      const at = (i: number) => data[i] ?? 0;
      pictures.push(
        Array.from({ length: size_px * size_px }, (_, i) =>
          Math.round((at(4 * i) + at(4 * i + 1) + at(4 * i + 2)) / 3),
        ),
      );
      if (pictures.length < count) return;
      globalThis.onPicture = null;
      resolve(pictures);
    };
  });
}

export function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** How much a picture differs from the one before, in the mean of pixels and pictures, 0 to 255. */
export function motion(pictures: number[][]): number {
  const differences = pictures.slice(1).map((picture, i) => {
    const before = pictures[i] ?? [];
    return mean(picture.map((value, pixel) => Math.abs(value - (before[pixel] ?? 0))));
  });
  return mean(differences);
}
