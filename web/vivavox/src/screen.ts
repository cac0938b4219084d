import { wallTime_ms } from './clock.js';
import { VivavoxError } from './errors.js';
import type { Port } from './remote.js';

/** The first message to a worker of the scene's script that is to be the page's screens. */
export const wantScreens = 'screens';

/** A scene's picture, and the moment of wallTime_ms() that it was drawn for. */
export interface Frame {
  picture: ImageBitmap | HTMLCanvasElement;
  drawnFor_ms: number;
}

/** The screen is done with a frame, so much later than the moment it was drawn for. */
export interface FrameShown {
  late_ms: number;
}

/** What the page asks of its screens. Canvases and scenes go by numbers of its choice. */
export interface ScreenCalls {
  /** @throws VivavoxError `renderer_unavailable` where the browser shows no pictures on canvases */
  open(canvas: number, target: OffscreenCanvas | HTMLCanvasElement): void;
  /** A scene's frames for the canvas come through the port, and each is answered by FrameShown. */
  attach(canvas: number, scene: number, frames: Port): void;
  /** From now on the canvas shows this scene's frames alone; nobody's, and it is empty. */
  give(canvas: number, scene: number | null): void;
  close(canvas: number): void;
}

/**
 * The canvases that a page has given for pictures. They are a worker's, so that a face moves on
 * while its page is busy and showing costs the page nothing; or the page's own, where scenes draw
 * on it too.
 */
export class Screens implements ScreenCalls {
  readonly #screens = new Map<number, Screen>();

  open(canvas: number, target: OffscreenCanvas | HTMLCanvasElement): void {
    this.#screens.set(canvas, new Screen(target));
  }

  attach(canvas: number, scene: number, frames: Port): void {
    this.#screens.get(canvas)?.attach(scene, frames);
  }

  give(canvas: number, scene: number | null): void {
    this.#screens.get(canvas)?.give(scene);
  }

  close(canvas: number): void {
    this.#screens.delete(canvas);
  }
}

type Context =
  ImageBitmapRenderingContext | Pick<CanvasRenderingContext2D, 'clearRect' | 'drawImage'>;

/** One canvas, which shows the frames of one of its scenes at a time. */
class Screen {
  readonly #canvas: OffscreenCanvas | HTMLCanvasElement;
  readonly #context: Context;
  #shown: number | null = null;

  constructor(canvas: OffscreenCanvas | HTMLCanvasElement) {
    this.#canvas = canvas;
    // A page's scene gives its own canvas to be copied; a worker's gives whole pictures.
    const type = 'toBlob' in canvas ? '2d' : 'bitmaprenderer';
    const context = (canvas as { getContext(type: string): Context | null }).getContext(type);
    if (!context) {
      throw new VivavoxError('renderer_unavailable', 'This browser shows no pictures on a canvas.');
    }
    this.#context = context;
  }

  attach(scene: number, frames: Port): void {
    // Never closed from here: what lies in a closed port holds a scene's graphics memory.
    frames.onmessage = ({ data: { picture, drawnFor_ms } }: MessageEvent<Frame>) => {
      if (scene === this.#shown) this.#show(picture);
      else if ('close' in picture) picture.close();
      const late_ms = wallTime_ms() - drawnFor_ms;
      frames.postMessage({ late_ms } satisfies FrameShown, []);
    };
  }

  give(scene: number | null): void {
    this.#shown = scene;
    if (scene !== null) return;
    if ('transferFromImageBitmap' in this.#context) {
      this.#context.transferFromImageBitmap(blankPicture());
    } else this.#context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  /** In the size that it has. */
  #show(picture: ImageBitmap | HTMLCanvasElement): void {
    if ('transferFromImageBitmap' in this.#context) {
      this.#context.transferFromImageBitmap(picture as ImageBitmap);
      return;
    }
    const { width, height } = picture;
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      Object.assign(this.#canvas, { width, height });
    } else {
      this.#context.clearRect(0, 0, width, height);
    }
    this.#context.drawImage(picture, 0, 0);
    if ('close' in picture) picture.close();
  }
}

/**
 * Of the processor's memory. A canvas without a picture goes on holding the last one, and with it
 * the graphics context of a scene that is gone (Chromium).
 */
function blankPicture(): ImageBitmap {
  const blank = new OffscreenCanvas(1, 1);
  blank.getContext('2d', { willReadFrequently: true });
  return blank.transferToImageBitmap();
}
