import type { Remote } from './remote.js';
import type { SceneCalls, SceneEvent } from './scene.js';
import type { Timeline } from './timeline.js';

/** Learns what a mouth does from sound alone, piece by piece. */
export interface SoundListener {
  /** The Timeline of the next stretch, which ends a little before the sound that is known. */
  push(samples: Float32Array): Promise<Timeline>;
  /** That of the rest. */
  finish(): Promise<Timeline>;
  /** Nothing more comes, finished or not. */
  close(): void;
}

/** Opens one for mono sound. */
export type OpenListener = (sampleRate_hz: number) => SoundListener;

let opened = 0;

/** The scene's ear, for one recording. */
export function sceneListener(
  scene: Remote<SceneCalls, SceneEvent>,
  sampleRate_hz: number,
): SoundListener {
  const recording = ++opened;
  return {
    push: (samples) => scene.call('hear', [recording, sampleRate_hz, samples]),
    finish: () => scene.call('hear', [recording, sampleRate_hz, null]),
    close: () => {
      scene.tell('closeRecording', [recording]);
    },
  };
}
