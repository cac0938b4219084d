import { dataUrls } from './data_files.js';

/** Where the package's files are, if not beside its script. */
export interface SpeechAssetOptions {
  /** The folder that holds all of them: a copy of `dist`, a CDN. */
  assetBase?: string | URL;
  /** The script of the worker that speaks. */
  workerUrl?: string | URL;
  /** The script of the worker that runs Piper voices. */
  modelWorkerUrl?: string | URL;
  /** The speech engine's WebAssembly. */
  wasmUrl?: string | URL;
}

/** Bundlers follow each of these to the file and keep it; so each stands here in full. */
const own = {
  worker: () => new URL('./speech_worker.js', import.meta.url),
  modelWorker: () => new URL('./model_worker.js', import.meta.url),
  wasm: () => new URL('./speech.wasm', import.meta.url),
};

/** The addresses of the package's files, in full. */
export function assetUrls(options: SpeechAssetOptions): {
  worker: string;
  modelWorker: string;
  wasm: string;
  data: Record<string, string>;
} {
  const { assetBase, workerUrl, modelWorkerUrl, wasmUrl } = options;
  const base =
    assetBase === undefined
      ? null
      : new URL(String(assetBase).replace(/\/?$/, '/'), document.baseURI);
  const at = (given: string | URL | undefined, name: string, otherwise: () => URL) => {
    if (given !== undefined) return new URL(given, document.baseURI).href;
    return (base ? new URL(name, base) : otherwise()).href;
  };
  const data = Object.entries(dataUrls).map(([name, url]) => [
    name,
    base ? new URL(`espeak-ng-data/${name}`, base).href : new URL(url, document.baseURI).href,
  ]);
  return {
    worker: at(workerUrl, 'speech_worker.js', own.worker),
    modelWorker: at(modelWorkerUrl, 'model_worker.js', own.modelWorker),
    wasm: at(wasmUrl, 'speech.wasm', own.wasm),
    data: Object.fromEntries(data) as Record<string, string>,
  };
}
