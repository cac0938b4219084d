import { VivavoxError } from './errors.js';
import { answerCalls, localChannel, Remote } from './remote.js';
import type { SceneCalls, SceneEvent, SceneOptions } from './scene.js';
import type { SceneOpening } from './scene_worker.js';
import { compileWasm } from './wasm.js';
import { startWorker } from './worker.js';

/** A scene to talk to, until either of its ends. */
export interface OpenScene {
  readonly remote: Remote<SceneCalls, SceneEvent>;
  /** Of the worker that draws it; null where it is drawn on the page. */
  readonly workerUrl: URL | null;
  /** Ends it. */
  readonly close: () => void;
  /** Keeps it a while for the next avatar, if it can be kept. */
  readonly rest: () => void;
}

/**
 * How long a worker is kept for the next avatar. Pages that change their view, and frameworks that
 * mount twice, make one soon: it shows without compiling anything, and browsers are spared a
 * graphics context, of which they give back less than they took.
 */
const rest_ms = 5000;

/** The worker that is kept: one of a page. */
let resting: { worker: SceneWorker; timer: ReturnType<typeof setTimeout> } | null = null;

function keep(worker: SceneWorker): void {
  resting?.worker.close();
  const timer = setTimeout(() => {
    worker.close();
  }, rest_ms);
  resting = { worker, timer };
}

/** It is kept no more. */
function release(worker: SceneWorker): void {
  if (resting?.worker !== worker) return;
  clearTimeout(resting.timer);
  resting = null;
}

/**
 * Opens a scene: in a worker, so that nothing of it ever blocks the page; on the page where the
 * browser draws no WebGL in workers.
 * @throws VivavoxError `renderer_unavailable`, `worker_failed`, `io_failed`; the signal's reason
 */
export async function openScene(
  options: SceneOptions,
  workerUrl: URL,
  signal: AbortSignal,
): Promise<OpenScene> {
  signal.throwIfAborted();
  if (typeof OffscreenCanvas === 'undefined') return openOnPage(options);
  const rested = resting?.worker;
  if (rested?.runs(options, workerUrl)) {
    try {
      return await rested.takeUp(options, signal);
    } catch {
      signal.throwIfAborted();
    }
  }
  const scene = new SceneWorker(options, workerUrl);
  try {
    return await scene.open(options, signal);
  } catch (error) {
    // Some browsers have the canvas, but no WebGL on it.
    if (error instanceof VivavoxError && error.code === 'renderer_unavailable') {
      return openOnPage(options);
    }
    throw error;
  }
}

/** A worker that draws for one avatar after the other. */
class SceneWorker {
  readonly #worker: Worker;
  readonly #url: URL;
  readonly #files: string;
  #remote: Remote<SceneCalls, SceneEvent> | null = null;
  #onFailure: (error: VivavoxError) => void = () => undefined;

  constructor(options: SceneOptions, workerUrl: URL) {
    this.#url = workerUrl;
    this.#files = filesOf(options, workerUrl);
    this.#worker = startWorker(workerUrl, 'stage', (error) => {
      this.#onFailure(error);
    });
  }

  /** Whether it is made of these files. */
  runs(options: SceneOptions, workerUrl: URL): boolean {
    return this.#files === filesOf(options, workerUrl);
  }

  /** Makes its scene; where it cannot, it is closed. */
  async open(options: SceneOptions, signal: AbortSignal): Promise<OpenScene> {
    const worker = this.#worker;
    const opening = new Promise<SceneOpening>((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<SceneOpening>) => {
        resolve(data);
      };
    });
    const opened = compiledFor(this.#url, options).then(async (wasm) => {
      worker.postMessage({ ...options, wasm });
      const answer = await opening;
      if ('error' in answer) throw new VivavoxError(answer.error.code, answer.error.message);
    });
    return this.#lend(opened, signal);
  }

  /** Begins anew after a rest; where it cannot, it is closed. */
  async takeUp(options: SceneOptions, signal: AbortSignal): Promise<OpenScene> {
    release(this);
    return this.#lend(this.#talk().call('takeUp', [options]), signal);
  }

  async #lend(ready: Promise<void>, signal: AbortSignal): Promise<OpenScene> {
    let stop!: (error: unknown) => void;
    const stopped = new Promise<never>((_, reject) => (stop = reject));
    const aborted = () => {
      stop(signal.reason);
    };
    this.#onFailure = stop;
    signal.addEventListener('abort', aborted);
    try {
      await Promise.race([ready, stopped]);
    } catch (error) {
      this.close();
      throw error;
    } finally {
      signal.removeEventListener('abort', aborted);
    }
    return endingOnce({
      remote: this.#talk(),
      workerUrl: this.#url,
      close: () => {
        this.close();
      },
      rest: () => {
        this.#rest();
      },
    });
  }

  /** Another user of the worker, who hears nothing that was meant for the one before. */
  #talk(): Remote<SceneCalls, SceneEvent> {
    this.#remote?.fail(new VivavoxError('disposed', 'The scene is no longer this avatar’s.'));
    const remote = new Remote<SceneCalls, SceneEvent>(this.#worker);
    this.#onFailure = (error) => {
      remote.fail(error);
      remote.onError(error);
    };
    this.#remote = remote;
    return remote;
  }

  #rest(): void {
    this.#talk()
      .call('rest', [])
      .then(
        () => {
          keep(this);
        },
        () => {
          this.close();
        },
      );
  }

  close(): void {
    release(this);
    this.#worker.terminate();
  }
}

/** After either end the scene is another's, or nobody's: later ends do nothing. */
function endingOnce({ close, rest, ...scene }: OpenScene): OpenScene {
  let isOver = false;
  const once = (end: () => void) => () => {
    if (isOver) return;
    isOver = true;
    end();
  };
  return { ...scene, close: once(close), rest: once(rest) };
}

/**
 * The renderer, compiled while the worker starts. Null where it cannot be handed over, or not be had:
 * then the worker tries, and tells why.
 */
async function compiledFor(
  workerUrl: URL,
  { wasmUrl }: SceneOptions,
): Promise<WebAssembly.Module | null> {
  // A worker of such a script shares nothing with its page.
  if (workerUrl.protocol === 'data:') return null;
  return compileWasm(wasmUrl, 'the renderer').catch(() => null);
}

function filesOf({ wasmUrl, listenUrl }: SceneOptions, workerUrl: URL): string {
  return `${workerUrl.href} ${wasmUrl} ${listenUrl}`;
}

async function openOnPage(options: SceneOptions): Promise<OpenScene> {
  const { Scene } = await import('./scene.js');
  const { port1, port2 } = localChannel();
  let tell: (event: SceneEvent) => void = () => undefined;
  const scene = await Scene.create(
    options,
    () => document.createElement('canvas'),
    (event) => {
      tell(event);
    },
  );
  tell = answerCalls<SceneCalls>(port2, scene);
  const close = () => {
    scene.dispose();
  };
  const remote = new Remote<SceneCalls, SceneEvent>(port1);
  return endingOnce({ remote, workerUrl: null, close, rest: close });
}
