import type { Direction } from './face.js';

/** Whoever watches, or the pointer wherever it goes. */
export type LookTarget = 'camera' | 'pointer';

/** How far before the face the page's points are taken to be, in heights of the canvas. */
const distance = 1.2;

/** What the face is asked to look at, as directions. */
export class Gaze {
  readonly #canvas: HTMLCanvasElement;
  readonly #tell: (direction: Direction | null) => void;
  #following: AbortController | null = null;

  constructor(canvas: HTMLCanvasElement, tell: (direction: Direction | null) => void) {
    this.#canvas = canvas;
    this.#tell = tell;
  }

  lookAt(target: LookTarget | number | null, y = 0): void {
    this.dispose();
    if (typeof target === 'number') this.#tell(this.#direction(target, y));
    else if (target === 'pointer') this.#follow();
    else this.#tell(target === 'camera' ? { pitch_rad: 0, yaw_rad: 0 } : null);
  }

  /** Follows the pointer no longer. */
  dispose(): void {
    this.#following?.abort();
    this.#following = null;
  }

  #follow(): void {
    this.#following = new AbortController();
    document.addEventListener(
      'pointermove',
      ({ clientX, clientY }) => {
        this.#tell(this.#direction(clientX, clientY));
      },
      { signal: this.#following.signal, passive: true },
    );
  }

  #direction(x: number, y: number): Direction {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    const away = Math.max(1, height * distance);
    return {
      pitch_rad: Math.atan((y - (top + height * 0.45)) / away),
      yaw_rad: Math.atan((x - (left + width / 2)) / away),
    };
  }
}
