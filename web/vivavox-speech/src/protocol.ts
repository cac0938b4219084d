import type { Progress, SpeechClause, SpeechOptions, Timeline } from 'vivavox';
import type { Durations } from './speech.js';

/** A voice there is to choose. */
export interface Voice {
  /** What speak() takes: "espeak:en-us", or the name a Piper voice was loaded by. */
  voice: string;
  /** BCP 47 */
  language: string;
  /** For people: "English (America)". */
  name: string;
}

/** A Piper voice's two files; `model` is the .onnx, `config` the .onnx.json. */
export interface PiperFiles {
  model: string | URL | Blob | Uint8Array;
  /** Without it: the model's URL and ".json". */
  config?: string | URL | Blob | Uint8Array;
}

/** Where the speech worker finds its files. */
export interface WorkerAssets {
  wasmUrl: string;
  /** The folder of espeak-ng's data, or each file's address. */
  dataUrls: Record<string, string>;
  /** The way to the worker that runs models, which the page starts when a model is asked for. */
  models: MessagePort;
}

/** What the page asks of the speech worker; every answer is a promise there. */
export interface WorkerCalls {
  voices(): Voice[];
  /** Loads what a voice needs, so that its first word comes sooner. */
  prepare(voice: string): void;
  loadPiperVoice(name: string, files: PiperFiles): Voice;
  /** Begins to speak; the number names the request. */
  open(text: string, options: SpeechOptions): number;
  /** The next clause; null after the last. */
  next(request: number): SpeechClause | null;
  close(request: number): void;
  align(samples: Float32Array, sampleRate_hz: number, text: string, voice: string): Timeline;
}

export type WorkerEvent = { type: 'progress'; progress: Progress } | { type: 'modelsNeeded' };

/** A clause's input to a model. */
export interface ModelInput {
  ids: BigInt64Array;
  /** Noise, length, noise of the durations. */
  scales: Float32Array;
  /** -1 for a voice of one speaker. */
  speaker: number;
}

/** What a model makes of it. */
export interface ModelOutput {
  samples: Float32Array;
  /** Frames of each id; null where the model does not tell. */
  frames: Float32Array | null;
}

/** What the speech worker asks of the worker that runs models. */
export interface ModelCalls {
  /** Opens a model; the number names it. */
  open(bytes: Uint8Array, durations: Durations): number;
  run(model: number, input: ModelInput): ModelOutput;
  close(model: number): void;
}
