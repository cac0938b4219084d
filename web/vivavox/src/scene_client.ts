import { VivavoxError } from './errors.js';
import { answerCalls, Remote, type Port } from './remote.js';
import type { SceneCalls, SceneEvent, SceneOptions } from './scene.js';
import type { SceneOpening } from './scene_worker.js';
import { startWorker } from './worker.js';

/** A scene to talk to. */
export interface OpenScene {
  remote: Remote<SceneCalls, SceneEvent>;
  close(): void;
}

/**
 * Opens a scene: in a worker, so that nothing of it ever blocks the page; on the page where the
 * browser draws no WebGL in workers.
 * @throws VivavoxError `renderer_unavailable`, `worker_failed`, `io_failed`; the signal's reason
 */
export async function openScene(
  options: SceneOptions,
  workerUrl: URL,
  signal: AbortSignal | undefined,
): Promise<OpenScene> {
  signal?.throwIfAborted();
  if (typeof OffscreenCanvas === 'undefined') return openOnPage(options);
  try {
    return await openInWorker(options, workerUrl, signal);
  } catch (error) {
    // Some browsers have the canvas, but no WebGL on it.
    if (error instanceof VivavoxError && error.code === 'renderer_unavailable') {
      return openOnPage(options);
    }
    throw error;
  }
}

async function openInWorker(
  options: SceneOptions,
  workerUrl: URL,
  signal: AbortSignal | undefined,
): Promise<OpenScene> {
  let remote: Remote<SceneCalls, SceneEvent> | null = null;
  let stop!: (error: unknown) => void;
  const stopped = new Promise<never>((_, reject) => (stop = reject));
  stopped.catch(() => undefined);
  const worker = startWorker(workerUrl, 'stage', (error) => {
    stop(error);
    remote?.fail(error);
    remote?.onError(error);
  });
  const aborted = () => {
    stop(signal?.reason);
  };
  signal?.addEventListener('abort', aborted);
  try {
    const opening = new Promise<SceneOpening>((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<SceneOpening>) => {
        resolve(data);
      };
    });
    worker.postMessage(options);
    const answer = await Promise.race([opening, stopped]);
    if ('error' in answer) throw new VivavoxError(answer.error.code, answer.error.message);
  } catch (error) {
    worker.terminate();
    throw error;
  } finally {
    signal?.removeEventListener('abort', aborted);
  }
  remote = new Remote<SceneCalls, SceneEvent>(worker);
  return {
    remote,
    close() {
      worker.terminate();
    },
  };
}

async function openOnPage(options: SceneOptions): Promise<OpenScene> {
  const { Scene } = await import('./scene.js');
  const [near, far] = localChannel();
  let tell: (event: SceneEvent) => void = () => undefined;
  const scene = await Scene.create(
    options,
    () => document.createElement('canvas'),
    (event) => {
      tell(event);
    },
  );
  tell = answerCalls<SceneCalls>(far, scene);
  return {
    remote: new Remote<SceneCalls, SceneEvent>(near),
    close() {
      scene.dispose();
    },
  };
}

/** Two ends of a channel within the page; what goes through is not copied. */
function localChannel(): [Port, Port] {
  const end = (other: () => Port): Port => ({
    onmessage: null,
    postMessage(data: unknown) {
      queueMicrotask(() => {
        other().onmessage?.({ data } as MessageEvent);
      });
    },
  });
  const near: Port = end(() => far);
  const far: Port = end(() => near);
  return [near, far];
}
