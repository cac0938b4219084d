/// <reference lib="webworker" />
import { registerCapture } from './capture_processor.js';
import { VivavoxError } from './errors.js';
import { answerCalls } from './remote.js';
import { Scene, type SceneCalls, type SceneEvent, type SceneOptions } from './scene.js';
import { Screens, wantScreens, type ScreenCalls } from './screen.js';

declare const self: DedicatedWorkerGlobalScope;

/** What the worker answers the options with, before any call. */
export type SceneOpening = { error: Pick<VivavoxError, 'code' | 'message'> } | { opened: true };

/**
 * The first message says what the worker is to be, a scene or the page's screens; calls come after.
 * In an audio thread the same script taps live sound: a small file of its own would be made part of
 * the page by bundlers, where policies forbid it.
 */
if (!registerCapture()) {
  self.onmessage = ({ data }: MessageEvent<SceneOptions | typeof wantScreens>) => {
    if (data === wantScreens) answerCalls<ScreenCalls>(self, new Screens());
    else void openScene(data);
  };
}

async function openScene(options: SceneOptions): Promise<void> {
  let tell: (event: SceneEvent) => void = () => undefined;
  try {
    const scene = await Scene.create(
      options,
      () => new OffscreenCanvas(1, 1),
      (event) => {
        tell(event);
      },
    );
    tell = answerCalls<SceneCalls>(self, scene);
    self.postMessage({ opened: true } satisfies SceneOpening);
  } catch (error) {
    const { code, message } = VivavoxError.from(error);
    self.postMessage({ error: { code, message } } satisfies SceneOpening);
  }
}
