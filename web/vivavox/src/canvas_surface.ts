import { CanvasScreen } from './canvas_screen.js';
import type { ClosablePort } from './remote.js';

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
  readonly #screen: CanvasScreen;
  /** Of the scene that this one is for. */
  #scene = 0;
  #frames: ClosablePort;
  readonly #resizing: ResizeObserver;
  readonly #intersecting: IntersectionObserver;
  readonly #leaving = new AbortController();
  #isInView = false;

  /**
   * @param turn of nextTurn(): who asked later has the canvas, whoever was ready first
   * @param workerUrl of the scene's script; null where it draws on the page
   * @throws VivavoxError `canvas_in_use`, `worker_failed`
   */
  constructor(
    canvas: HTMLCanvasElement,
    turn: number,
    workerUrl: URL | null,
    listener: SurfaceListener,
  ) {
    this.canvas = canvas;
    this.#listener = listener;
    this.#turn = turn;
    this.#screen = CanvasScreen.of(canvas, workerUrl);
    keepSize(canvas);
    ({ scene: this.#scene, frames: this.#frames } = this.#screen.connect());
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

  /** Takes the scene's frames. */
  get frames(): ClosablePort {
    return this.#frames;
  }

  /** It is for another scene from now on. */
  connect(): void {
    ({ scene: this.#scene, frames: this.#frames } = this.#screen.connect());
    this.#share(this.#sharers());
  }

  /** How many pixels the canvas covers on the screen. */
  size_px(): { width: number; height: number } {
    const { clientWidth, clientHeight, width, height } = this.canvas;
    // What is not laid out has the size that its attributes say.
    if (clientWidth === 0 || clientHeight === 0) return clamped(width, height, 1);
    return clamped(clientWidth, clientHeight, Math.min(devicePixelRatio, maxPixelRatio));
  }

  /** Settles when pictures can be shown. @throws VivavoxError `renderer_unavailable`, `worker_failed` */
  get ready(): Promise<void> {
    return this.#screen.ready;
  }

  /** Leaves the canvas to the avatar that was there before, or empty. */
  dispose(): void {
    this.#resizing.disconnect();
    this.#intersecting.disconnect();
    this.#leaving.abort();
    this.#share(this.#sharers().filter((other) => other !== this));
  }

  #sharers(): CanvasSurface[] {
    return sharers.get(this.canvas) ?? [];
  }

  /** Another owner draws at once, and the one before no more. */
  #share(surfaces: CanvasSurface[]): void {
    sharers.set(this.canvas, surfaces);
    const owner = surfaces.at(-1);
    this.#screen.give(owner ? owner.#scene : null);
    for (const surface of surfaces) surface.#tellVisible();
  }

  #tellSize(): void {
    const { width, height } = this.size_px();
    this.#listener.onResize(width, height);
  }

  #tellVisible(): void {
    const isSeen = this.#isInView && document.visibilityState === 'visible';
    this.#listener.onVisible(isSeen && this.#sharers().at(-1) === this);
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

/**
 * A canvas is as large as its pixels where no style says otherwise, and pictures have as many
 * pixels as it is large: it must not grow with them.
 */
function keepSize({ style, width, height }: HTMLCanvasElement): void {
  if (style.containIntrinsicSize !== '') return;
  Object.assign(style, {
    contain: 'size',
    containIntrinsicSize: `${width}px ${height}px`,
    aspectRatio: style.aspectRatio || `auto ${width} / ${height}`,
  });
}

function clamped(width: number, height: number, ratio: number): { width: number; height: number } {
  const fits = Math.min(ratio, mostSide_px / width, mostSide_px / height);
  const side = (length: number) => Math.max(1, Math.round(length * fits));
  return { width: side(width), height: side(height) };
}
