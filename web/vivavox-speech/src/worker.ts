/// <reference lib="webworker" />
import type { SpeechClause } from 'vivavox';
import { answerCalls, compileWasm, instantiateBy, Remote } from 'vivavox/worker';
import type { ModelCalls, WorkerAssets, WorkerCalls } from './protocol.js';
import { Synthesis } from './synthesis.js';
import createSpeechModule from './speech.js';

declare const self: DedicatedWorkerGlobalScope;

// The first message says where the files are; calls come after.
self.onmessage = ({ data }: MessageEvent<WorkerAssets>) => {
  const tell = answerCalls<WorkerCalls>(self, loadSynthesis(data), samplesOf);

  async function loadSynthesis(assets: WorkerAssets): Promise<Synthesis> {
    const wasm = await compileWasm(assets.wasmUrl, 'the speech engine');
    const { made } = await instantiateBy(createSpeechModule, wasm);
    return new Synthesis(made, assets, new Remote<ModelCalls>(assets.models), tell);
  }
};

function samplesOf(result: unknown): Transferable[] {
  const clause = result as Partial<SpeechClause> | null | undefined;
  return clause?.samples ? [clause.samples.buffer] : [];
}
