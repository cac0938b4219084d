/// <reference lib="webworker" />
// Runs voices' models, in a worker of its own: neither loading nor running one keeps other speech.
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { answerCalls, VivavoxError } from 'vivavox/worker';
import type { ModelCalls, ModelInput, ModelOutput } from './protocol.js';
import type { Durations } from './speech.js';

declare const self: DedicatedWorkerGlobalScope;

/** The first message. */
export interface ModelWorkerStart {
  /** ONNX Runtime's WebAssembly. */
  wasmUrl: string;
  port: MessagePort;
}

const maxThreads = 4;

interface Model {
  session: InferenceSession;
  durations: string;
}

class Models {
  readonly #models = new Map<number, Model>();
  #last = 0;
  /** A session may not be entered twice. */
  #running: Promise<unknown> = Promise.resolve();

  /** @throws VivavoxError `invalid_model` */
  async open(bytes: Uint8Array, { name, suffix }: Durations): Promise<number> {
    const options = { executionProviders: ['wasm'] };
    // Where the durations cannot be made an output, the model speaks without them.
    let durations = name;
    const told = suffix.length > 0 ? concatenated(bytes, suffix) : bytes;
    const opened = InferenceSession.create(told, options).catch((cause: unknown) => {
      if (suffix.length === 0) throw cause;
      durations = '';
      return InferenceSession.create(bytes, options);
    });
    const session = await opened.catch((cause: unknown) => {
      throw new VivavoxError(
        'invalid_model',
        `This is not an ONNX model of a Piper voice (${oneLine(cause)}): choose the voice's .onnx file.`,
        { cause },
      );
    });
    this.#models.set(++this.#last, { session, durations });
    return this.#last;
  }

  /** @throws VivavoxError `inference_failed` */
  async run(model: number, input: ModelInput): Promise<ModelOutput> {
    const result = this.#running.then(() => this.#infer(model, input));
    this.#running = result.catch(() => undefined);
    return result;
  }

  async close(model: number): Promise<void> {
    const closed = this.#models.get(model);
    this.#models.delete(model);
    await this.#running;
    await closed?.session.release();
  }

  async #infer(model: number, input: ModelInput): Promise<ModelOutput> {
    const loaded = this.#models.get(model);
    try {
      if (!loaded) throw new Error('it was closed');
      const outputs = await loaded.session.run(feeds(input));
      return {
        samples: floats(outputs.output),
        frames: loaded.durations === '' ? null : floats(outputs[loaded.durations]),
      };
    } catch (cause) {
      throw new VivavoxError('inference_failed', `The voice's model failed: ${oneLine(cause)}`, {
        cause,
      });
    }
  }
}

function concatenated(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function feeds({ ids, scales, speaker }: ModelInput): Record<string, Tensor> {
  return {
    input: new Tensor('int64', ids, [1, ids.length]),
    input_lengths: new Tensor('int64', [BigInt(ids.length)], [1]),
    scales: new Tensor('float32', scales, [scales.length]),
    ...(speaker >= 0 && { sid: new Tensor('int64', [BigInt(speaker)], [1]) }),
  };
}

function floats(tensor: Tensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new Error('it gave no float32 output');
}

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? '';
}

/** Where threads are allowed, ONNX Runtime starts this script again for each of them. */
const isThread = self.name.startsWith('em-pthread');

const start = ({ data }: MessageEvent<ModelWorkerStart>) => {
  env.wasm.wasmPaths = { wasm: data.wasmUrl };
  env.wasm.numThreads = crossOriginIsolated
    ? Math.min(maxThreads, navigator.hardwareConcurrency)
    : 1;
  env.logLevel = 'error';
  answerCalls<ModelCalls>(data.port, new Models(), (result) => {
    const output = result as Partial<ModelOutput> | undefined;
    return output?.samples ? [output.samples.buffer] : [];
  });
};

if (!isThread) self.onmessage = start;
