/// <reference lib="webworker" />
import { VivavoxError } from './errors.js';
import { answerCalls } from './remote.js';
import { Scene, type SceneCalls, type SceneEvent, type SceneOptions } from './scene.js';

declare const self: DedicatedWorkerGlobalScope;

/** What the worker answers the options with, before any call. */
export type SceneOpening = { error: Pick<VivavoxError, 'code' | 'message'> } | { opened: true };

// The first message says what scene it is to be; calls come after.
self.onmessage = async ({ data }: MessageEvent<SceneOptions>) => {
  let tell: (event: SceneEvent, transfer?: Transferable[]) => void = () => undefined;
  try {
    const scene = await Scene.create(
      data,
      () => new OffscreenCanvas(1, 1),
      (event, transfer) => {
        tell(event, transfer);
      },
    );
    tell = answerCalls<SceneCalls>(self, scene);
    self.postMessage({ opened: true } satisfies SceneOpening);
  } catch (error) {
    const { code, message } = VivavoxError.from(error);
    self.postMessage({ error: { code, message } } satisfies SceneOpening);
  }
};
