import { VivavoxError } from './errors.js';

/** More pixels than this for one of the page's cost time and show nothing. */
const maxPixelRatio = 2;
/** The renderer's limit. */
const mostSide_px = 4096;

/** What happens to a canvas on its page. */
export interface SurfaceListener {
  onResize(width_px: number, height_px: number): void;
  /** It came into someone's view, or left it. */
  onVisible(isVisible: boolean): void;
}

/** The avatars on a canvas, in the order in which they asked for it: it shows the last one's pictures. */
const sharers = new WeakMap<HTMLCanvasElement, CanvasSurface[]>();

let lastTurn = 0;

/** The place in line of who asks for a canvas now: making an avatar takes longer now and then. */
export function nextTurn(): number {
  return ++lastTurn;
}

/** A page's canvas as the place where pictures are shown: its size, its visibility, its owner. */
export class CanvasSurface {
  readonly canvas: HTMLCanvasElement;
  readonly #listener: SurfaceListener;
  readonly #turn: number;
  readonly #context: ImageBitmapRenderingContext | CanvasRenderingContext2D;
  readonly #resizing: ResizeObserver;
  readonly #intersecting: IntersectionObserver;
  readonly #leaving = new AbortController();
  #isInView = false;

  /**
   * @param turn of nextTurn(): who asked later has the canvas, whoever was ready first
   * @param takes the pictures that show() gets
   * @throws VivavoxError `canvas_in_use`
   */
  constructor(
    canvas: HTMLCanvasElement,
    turn: number,
    takes: 'bitmaps' | 'canvases',
    listener: SurfaceListener,
  ) {
    this.canvas = canvas;
    this.#listener = listener;
    this.#turn = turn;
    // A context that takes whole pictures; a browser that draws on the page copies them.
    const context = canvas.getContext(takes === 'bitmaps' ? 'bitmaprenderer' : '2d') as
      ImageBitmapRenderingContext | CanvasRenderingContext2D | null;
    if (!context) {
      throw new VivavoxError(
        'canvas_in_use',
        'Something else draws on this canvas: give the avatar one of its own.',
      );
    }
    this.#context = context;
    this.#resizing = new ResizeObserver(() => {
      this.#tellSize();
    });
    this.#resizing.observe(canvas);
    this.#intersecting = new IntersectionObserver((entries) => {
      this.#isInView = entries.at(-1)?.isIntersecting ?? false;
      this.#tellVisible();
    });
    this.#intersecting.observe(canvas);
    const { signal } = this.#leaving;
    document.addEventListener(
      'visibilitychange',
      () => {
        this.#tellVisible();
      },
      { signal },
    );
    this.#watchPixelRatio();
    this.#share([...this.#sharers(), this].sort((a, b) => a.#turn - b.#turn));
  }

  /** How many pixels the canvas covers on the screen. */
  size_px(): { width: number; height: number } {
    const { clientWidth, clientHeight, width, height } = this.canvas;
    // What is not laid out has the size that its attributes say.
    if (clientWidth === 0 || clientHeight === 0) return clamped(width, height, 1);
    return clamped(clientWidth, clientHeight, Math.min(devicePixelRatio, maxPixelRatio));
  }

  /** Whether the canvas shows this one's pictures. */
  get isOwner(): boolean {
    return this.#sharers().at(-1) === this;
  }

  /** Shows a picture, in the size that it has. */
  show(picture: ImageBitmap | HTMLCanvasElement): void {
    if (!this.isOwner) {
      if ('close' in picture) picture.close();
      return;
    }
    const { width, height } = picture;
    if (this.canvas.width !== width || this.canvas.height !== height) this.#fit(width, height);
    if ('transferFromImageBitmap' in this.#context) {
      this.#context.transferFromImageBitmap(picture as ImageBitmap);
    } else {
      this.#context.clearRect(0, 0, width, height);
      this.#context.drawImage(picture, 0, 0);
    }
  }

  /** Leaves the canvas to the avatar that was there before, or empty. */
  dispose(): void {
    this.#resizing.disconnect();
    this.#intersecting.disconnect();
    this.#leaving.abort();
    this.#share(this.#sharers().filter((other) => other !== this));
    if (this.#sharers().length > 0) return;
    if ('transferFromImageBitmap' in this.#context) this.#context.transferFromImageBitmap(null);
    else this.#context.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  #sharers(): CanvasSurface[] {
    return sharers.get(this.canvas) ?? [];
  }

  /** Another owner draws at once, and the one before no more. */
  #share(surfaces: CanvasSurface[]): void {
    sharers.set(this.canvas, surfaces);
    for (const surface of surfaces) surface.#tellVisible();
  }

  /** Where no style says how large the canvas is, its pixels do: it must not grow with them. */
  #fit(width_px: number, height_px: number): void {
    const { canvas } = this;
    const { clientWidth, clientHeight } = canvas;
    canvas.width = width_px;
    canvas.height = height_px;
    if (clientWidth === 0 || clientHeight === 0) return;
    if (canvas.clientWidth !== clientWidth) canvas.style.width = `${clientWidth}px`;
    if (canvas.clientHeight !== clientHeight) canvas.style.height = `${clientHeight}px`;
  }

  #tellSize(): void {
    const { width, height } = this.size_px();
    this.#listener.onResize(width, height);
  }

  #tellVisible(): void {
    const isSeen = this.#isInView && document.visibilityState === 'visible';
    this.#listener.onVisible(isSeen && this.isOwner);
  }

  /** Zooming, or another screen, changes the ratio without a change of layout. */
  #watchPixelRatio(): void {
    const { signal } = this.#leaving;
    if (signal.aborted) return;
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener(
      'change',
      () => {
        this.#tellSize();
        this.#watchPixelRatio();
      },
      { once: true, signal },
    );
  }
}

function clamped(width: number, height: number, ratio: number): { width: number; height: number } {
  const fits = Math.min(ratio, mostSide_px / width, mostSide_px / height);
  const side = (length: number) => Math.max(1, Math.round(length * fits));
  return { width: side(width), height: side(height) };
}
