import { VivavoxError } from './errors.js';
import { answerCalls, localChannel, Remote, type ClosablePort } from './remote.js';
import { Screens, wantScreens, type ScreenCalls } from './screen.js';
import { startWorker } from './worker.js';

/** Shows canvases, until the page has none of them any more. */
interface OpenScreens {
  readonly remote: Remote<ScreenCalls>;
  readonly close: () => void;
  canvases: number;
}

/** The worker that shows canvases: one of a page. */
let working: OpenScreens | null = null;
let lastCanvas = 0;
let lastScene = 0;

const screens = new WeakMap<HTMLCanvasElement, CanvasScreen>();

/** Canvases that nobody has any more. */
const forgotten = new FinalizationRegistry<{ opened: OpenScreens; canvas: number }>(
  ({ opened, canvas }) => {
    opened.remote.tell('close', [canvas]);
    if (--opened.canvases === 0) opened.close();
  },
);

/**
 * A page's canvas as a screen for scenes. Once it is one it stays so: browsers let a page give a
 * canvas away, and never take it back.
 */
export class CanvasScreen {
  readonly #opened: OpenScreens;
  readonly #canvas = ++lastCanvas;
  readonly isOnPage: boolean;
  /** Settles when it is ready. @throws VivavoxError `renderer_unavailable`, `worker_failed` */
  readonly ready: Promise<void>;

  /**
   * @param workerUrl of the scene's script; null where it draws on the page: there its pictures stay
   * @throws VivavoxError `canvas_in_use`, `worker_failed`
   */
  static of(canvas: HTMLCanvasElement, workerUrl: URL | null): CanvasScreen {
    const known = screens.get(canvas);
    if (known?.isOnPage === !workerUrl) return known;
    if (known) throw inUse();
    const screen = new CanvasScreen(canvas, workerUrl);
    screens.set(canvas, screen);
    return screen;
  }

  private constructor(canvas: HTMLCanvasElement, workerUrl: URL | null) {
    this.isOnPage = !workerUrl;
    if (workerUrl) {
      const given = givenAway(canvas);
      this.#opened = working ??= screensInWorker(workerUrl);
      this.ready = this.#opened.remote.call('open', [this.#canvas, given], [given]);
    } else {
      if (!canvas.getContext('2d')) throw inUse();
      this.#opened = screensOnPage();
      this.ready = this.#opened.remote.call('open', [this.#canvas, canvas]);
    }
    this.ready.catch(() => undefined); // who makes an avatar hears of it
    this.#opened.canvases++;
    forgotten.register(canvas, { opened: this.#opened, canvas: this.#canvas });
  }

  /** A scene's number here, and the port that takes its frames. */
  connect(): { scene: number; frames: ClosablePort } {
    const scene = ++lastScene;
    const { port1, port2 } = this.isOnPage ? localChannel() : new MessageChannel();
    this.#opened.remote.tell('attach', [this.#canvas, scene, port2], [port2 as MessagePort]);
    return { scene, frames: port1 };
  }

  /** From now on it shows the frames of this scene alone; of none, and it is empty. */
  give(scene: number | null): void {
    this.#opened.remote.tell('give', [this.#canvas, scene]);
  }
}

function inUse(): VivavoxError {
  return new VivavoxError(
    'canvas_in_use',
    'Something else draws on this canvas: give the avatar one of its own.',
  );
}

function givenAway(canvas: HTMLCanvasElement): OffscreenCanvas {
  try {
    return canvas.transferControlToOffscreen();
  } catch {
    throw inUse();
  }
}

function screensInWorker(url: URL): OpenScreens {
  const worker = startWorker(url, 'screens', (error) => {
    remote.fail(error);
    close();
  });
  const remote = new Remote<ScreenCalls>(worker);
  const close = () => {
    worker.terminate();
    if (working === opened) working = null;
  };
  const opened: OpenScreens = { remote, close, canvases: 0 };
  worker.postMessage(wantScreens);
  return opened;
}

function screensOnPage(): OpenScreens {
  const { port1, port2 } = localChannel();
  answerCalls<ScreenCalls>(port2, new Screens());
  return { remote: new Remote<ScreenCalls>(port1), close: () => undefined, canvases: 0 };
}
