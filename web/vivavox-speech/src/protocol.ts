import type { Progress, SpeechClause, SpeechOptions } from 'vivavox';

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

/** What the page asks of the worker; every answer is a promise there. */
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
}

export type CallName = keyof WorkerCalls;

/** A call on its way to the worker. */
export interface CallMessage<K extends CallName = CallName> {
  id: number;
  call: K;
  args: Parameters<WorkerCalls[K]>;
}

/** What the worker says. */
export type WorkerMessage =
  | { id: number; result: unknown }
  | { id: number; error: { code: string; message: string } }
  | { progress: Progress };
