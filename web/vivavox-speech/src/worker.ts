/// <reference lib="webworker" />
import { VivavoxError } from 'vivavox';
import type { CallMessage, CallName, WorkerMessage } from './protocol.js';
import { Synthesis } from './synthesis.js';
import createSpeechModule from './speech.js';

declare const self: DedicatedWorkerGlobalScope;

async function loadSynthesis(): Promise<Synthesis> {
  return new Synthesis(await createSpeechModule(), (progress) => {
    post({ progress });
  });
}

function post(message: WorkerMessage, transfer: Transferable[] = []): void {
  self.postMessage(message, transfer);
}

async function answer({ id, call, args }: CallMessage): Promise<void> {
  try {
    // The message's type ties the arguments to the call; the compiler loses that in the union.
    const calls = (await synthesis) as unknown as Record<CallName, (...args: unknown[]) => unknown>;
    const result = await calls[call](...args);
    post({ id, result }, transferable(result));
  } catch (thrown) {
    const { code, message } = VivavoxError.from(thrown);
    post({ id, error: { code, message } });
  }
}

function transferable(result: unknown): Transferable[] {
  const clause = result as { samples?: Float32Array<ArrayBuffer> } | null | undefined;
  return clause?.samples ? [clause.samples.buffer] : [];
}

const synthesis = loadSynthesis();
// One call at a time: neither espeak-ng nor a model's session may be entered twice.
let last = Promise.resolve();
self.onmessage = ({ data }: MessageEvent<CallMessage>) => {
  last = last.then(() => answer(data));
};
