import { VivavoxError } from 'vivavox';
import type { InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import type { PiperInput, SpeechModule } from './speech.js';

type OnnxRuntime = typeof import('./onnxruntime.js');

const maxThreads = 4;

let loading: Promise<OnnxRuntime> | null = null;

/** onnxruntime-web, its files beside this one, loaded once. */
function loadRuntime(): Promise<OnnxRuntime> {
  loading ??= import('./onnxruntime.js').then((runtime) => {
    runtime.env.wasm.wasmPaths = new URL('./', import.meta.url).href;
    runtime.env.wasm.numThreads = crossOriginIsolated
      ? Math.min(maxThreads, navigator.hardwareConcurrency)
      : 1;
    runtime.env.logLevel = 'error';
    return runtime;
  });
  return loading;
}

/** A Piper model in onnxruntime-web, opened once and used for every clause. */
export class PiperModel {
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  readonly #durationsOutput: string;

  /** @throws VivavoxError `invalid_model` */
  static async create(module: SpeechModule, bytes: Uint8Array<ArrayBuffer>): Promise<PiperModel> {
    const runtime = await loadRuntime();
    const durationsOutput = module.findDurationsOutput(
      (offset, length) => bytes.subarray(offset, offset + length),
      bytes.length,
    );
    const model = durationsOutput
      ? concatenated(bytes, module.durationsOutputSuffix(durationsOutput))
      : bytes;
    try {
      const session = await runtime.InferenceSession.create(model, {
        executionProviders: ['wasm'],
      });
      return new PiperModel(runtime, session, durationsOutput);
    } catch (error) {
      throw modelError(error);
    }
  }

  private constructor(runtime: OnnxRuntime, session: InferenceSession, durationsOutput: string) {
    this.#runtime = runtime;
    this.#session = session;
    this.#durationsOutput = durationsOutput;
  }

  /** @throws VivavoxError `inference_failed` */
  async run(input: PiperInput): Promise<{ samples: Float32Array; frames: Float32Array | null }> {
    try {
      const outputs = await this.#session.run(this.#feeds(input));
      return {
        samples: floats(outputs.output),
        frames: this.#durationsOutput ? floats(outputs[this.#durationsOutput]) : null,
      };
    } catch (error) {
      throw new VivavoxError('inference_failed', `The voice's model failed: ${oneLine(error)}`);
    }
  }

  async release(): Promise<void> {
    await this.#session.release();
  }

  #feeds({ ids, scales, speaker }: PiperInput): Record<string, Tensor> {
    const { Tensor } = this.#runtime;
    return {
      input: new Tensor('int64', ids, [1, ids.length]),
      input_lengths: new Tensor('int64', [BigInt(ids.length)], [1]),
      scales: new Tensor('float32', scales, [scales.length]),
      ...(speaker >= 0 && { sid: new Tensor('int64', [BigInt(speaker)], [1]) }),
    };
  }
}

function floats(tensor: Tensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new Error('it gave no float32 output');
}

function concatenated(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function modelError(error: unknown): VivavoxError {
  return new VivavoxError(
    'invalid_model',
    `This is not an ONNX model of a Piper voice (${oneLine(error)}): choose the voice's .onnx file.`,
  );
}

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? '';
}
