import {
  VivavoxError,
  type OnProgress,
  type SpeechClause,
  type SpeechOptions,
  type SpeechSource,
  type Timeline,
} from 'vivavox';
import { Remote, startWorker } from 'vivavox/worker';
import { assetUrls, type SpeechAssetOptions } from './assets.js';
import type { ModelWorkerStart } from './model_worker.js';
import { longestText, partsOf } from './text_parts.js';
import type { PiperFiles, Voice, WorkerAssets, WorkerCalls, WorkerEvent } from './protocol.js';

export type { SpeechAssetOptions } from './assets.js';
export type { PiperFiles, Voice } from './protocol.js';

export interface SpeechSettings extends SpeechAssetOptions {
  /** The voice that speak() uses where it is given none; `espeak:en-us` by default. */
  voice?: string;
  /**
   * ONNX Runtime's WebAssembly, which Piper voices need: `onnxRuntime` of
   * `vivavox-speech/onnxruntime`, or where `ort-wasm-simd-threaded.wasm` is.
   */
  onnxRuntime?: string | URL;
  /** Called while data of languages and voices loads. */
  onProgress?: OnProgress;
  /** Aborting it ends the making: createSpeech() rejects with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * Speech made in this browser, in a worker: espeak-ng's languages, and Piper voices.
 * What a language needs is loaded when it is first asked for.
 * @throws VivavoxError `worker_failed`, `io_failed`; the signal's reason
 */
export async function createSpeech(settings: SpeechSettings = {}): Promise<Speech> {
  const { signal } = settings;
  signal?.throwIfAborted();
  const workers = new SpeechWorkers(settings);
  const aborted = () => {
    workers.dispose();
  };
  signal?.addEventListener('abort', aborted);
  try {
    const voices = await workers.speech.call('voices', []);
    return new Speech(workers, voices, settings.voice ?? 'espeak:en-us');
  } catch (error) {
    workers.dispose();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', aborted);
  }
}

/** The worker that speaks, and the one that runs models, which starts with the first voice. */
class SpeechWorkers {
  readonly speech: Remote<WorkerCalls, WorkerEvent>;
  readonly #settings: SpeechSettings;
  readonly #urls: ReturnType<typeof assetUrls>;
  readonly #worker: Worker;
  readonly #models = new MessageChannel();
  #modelWorker: Worker | null = null;

  constructor(settings: SpeechSettings) {
    this.#settings = settings;
    this.#urls = assetUrls(settings);
    this.#worker = startWorker(this.#urls.worker, 'speech', this.#onFailure);
    const assets: WorkerAssets = {
      wasmUrl: this.#urls.wasm,
      dataUrls: this.#urls.data,
      models: this.#models.port1,
    };
    this.#worker.postMessage(assets, [this.#models.port1]);
    this.speech = new Remote(this.#worker);
    this.speech.onEvent = (event) => {
      if (event.type === 'progress') settings.onProgress?.(event.progress);
      else this.#startModels();
    };
  }

  /** @throws VivavoxError `unavailable` where nobody said where ONNX Runtime is */
  assertModels(): void {
    if (this.#settings.onnxRuntime !== undefined) return;
    throw new VivavoxError(
      'unavailable',
      "Piper voices need ONNX Runtime: install onnxruntime-web, and give createSpeech the onnxRuntime of 'vivavox-speech/onnxruntime'.",
    );
  }

  dispose(): void {
    this.#worker.terminate();
    this.#modelWorker?.terminate();
    this.#models.port2.close();
    this.speech.fail(new VivavoxError('disposed', 'This speech was disposed of: create another.'));
  }

  readonly #onFailure = (error: VivavoxError): void => {
    this.speech.fail(error);
  };

  #startModels(): void {
    const { onnxRuntime } = this.#settings;
    if (this.#modelWorker || onnxRuntime === undefined) return;
    try {
      this.#modelWorker = startWorker(this.#urls.modelWorker, 'model', this.#onFailure);
    } catch (error) {
      this.#onFailure(VivavoxError.from(error));
      return;
    }
    const port = this.#models.port2;
    const start: ModelWorkerStart = { wasmUrl: new URL(onnxRuntime, document.baseURI).href, port };
    this.#modelWorker.postMessage(start, [port]);
  }
}

/** Speech with exact timing, as an avatar takes it. */
export class Speech implements SpeechSource {
  readonly #workers: SpeechWorkers;
  readonly #voices: Voice[];
  readonly #defaultVoice: string;

  /** Made by createSpeech(). */
  constructor(workers: SpeechWorkers, voices: Voice[], defaultVoice: string) {
    this.#workers = workers;
    this.#voices = voices;
    this.#defaultVoice = defaultVoice;
  }

  /** The voices there are: every language of espeak-ng, and the Piper voices loaded. */
  get voices(): readonly Voice[] {
    return this.#voices;
  }

  /**
   * Loads what a voice needs, so that its first word comes sooner.
   * @throws VivavoxError `unknown_voice`, `io_failed`
   */
  async prepare(voice?: string): Promise<void> {
    await this.#workers.speech.call('prepare', [this.#nameOf(voice)]);
  }

  /**
   * Loads a Piper voice: a pair of .onnx and .onnx.json. One that comes from a URL is kept for use
   * without a network. Other voices speak on meanwhile.
   * @param name what speak() will call it
   * @throws VivavoxError `invalid_voice`, `invalid_model`, `io_failed`, `unavailable`
   */
  async loadPiperVoice(name: string, files: PiperFiles): Promise<Voice> {
    this.#workers.assertModels();
    const voice = await this.#workers.speech.call('loadPiperVoice', [name, withFullUrls(files)]);
    const same = this.#voices.findIndex((other) => other.voice === voice.voice);
    if (same === -1) this.#voices.push(voice);
    else this.#voices[same] = voice;
    return voice;
  }

  /**
   * Speaks a text clause by clause; ending the iteration cancels the rest.
   * @throws VivavoxError `invalid_text`, `unknown_voice`, `invalid_argument` …
   */
  async *speak(text: string, options: SpeechOptions = {}): AsyncGenerator<SpeechClause> {
    // What UTF-8 cannot spell would arrive as other letters.
    if (/\p{Surrogate}/u.test(text)) {
      throw new VivavoxError(
        'invalid_text',
        'The text holds half a character (a lone surrogate): remove it or type the text again.',
      );
    }
    if (text.length > longestText) {
      throw new VivavoxError(
        'invalid_text',
        `The text has ${text.length} letters; at most ${longestText} can be spoken at once: split it.`,
      );
    }
    const voice = this.#nameOf(options.voice);
    let unspoken: unknown = null;
    let hasSpoken = false;
    for (const { part, begin } of partsOf(text)) {
      try {
        for await (const clause of this.#speakPart(part, { ...options, voice })) {
          hasSpoken = true;
          yield { ...clause, textOffset: (clause.textOffset ?? 0) + begin };
        }
      } catch (error) {
        // A part without sound is no fault of the whole.
        if (!(error instanceof VivavoxError && error.code === 'synthesis_failed')) throw error;
        unspoken = error;
      }
    }
    if (!hasSpoken) throw unspoken;
  }

  async *#speakPart(part: string, options: SpeechOptions): AsyncGenerator<SpeechClause> {
    const { speech } = this.#workers;
    const request = await speech.call('open', [part, options]);
    try {
      // One clause is made while the one before is taken.
      let coming = speech.call('next', [request]);
      for (;;) {
        const clause = await coming;
        if (!clause) return;
        coming = speech.call('next', [request]);
        coming.catch(() => undefined); // reported when it is awaited
        yield clause;
      }
    } finally {
      speech.tell('close', [request]);
    }
  }

  /**
   * When the words of a text are said in a recording of it.
   * @param samples mono, up to two hours
   * @throws VivavoxError `invalid_audio`, `invalid_text`, `unknown_voice`; `text_mismatch`, which
   *   names the stretch, where the text is not what is said
   */
  async align(
    samples: Float32Array,
    sampleRate_hz: number,
    text: string,
    options: SpeechOptions = {},
  ): Promise<Timeline> {
    const voice = this.#nameOf(options.voice);
    return this.#workers.speech.call('align', [samples, sampleRate_hz, text, voice]);
  }

  /** Ends the workers; what is being said fails with `disposed`. */
  dispose(): void {
    this.#workers.dispose();
  }

  /** A voice named by its file, as the worker knows it. */
  #nameOf(voice = this.#defaultVoice): string {
    const isLoaded = this.#voices.some(({ voice: known }) => known === voice);
    if (isLoaded || !/\.onnx(?:[?#]|$)/.test(voice)) return voice;
    this.#workers.assertModels();
    return new URL(voice, document.baseURI).href;
  }
}

/** The page's relative addresses mean something else in the worker. */
function withFullUrls({ model, config }: PiperFiles): PiperFiles {
  const full = <T>(file: T) =>
    typeof file === 'string' || file instanceof URL ? new URL(file, document.baseURI).href : file;
  return { model: full(model), ...(config !== undefined && { config: full(config) }) };
}
