import type { OnProgress, SpeechClause, SpeechOptions, Timeline } from 'vivavox';
import { VivavoxError, type Asynchronous, type Remote } from 'vivavox/worker';
import { LanguageData } from './language_data.js';
import type {
  ModelCalls,
  PiperFiles,
  Voice,
  WorkerAssets,
  WorkerCalls,
  WorkerEvent,
} from './protocol.js';
import type { EngineClause, PiperVoice, SpeechModule } from './speech.js';
import { readFile } from './voice_files.js';

/** A text being spoken. */
interface Request {
  next(): SpeechClause | null | Promise<SpeechClause | null>;
  delete(): void;
}

interface LoadedVoice {
  voice: PiperVoice;
  /** Its model's number. */
  model: number;
}

/**
 * The worker's side of WorkerCalls: speech.wasm, its data and its voices. Calls overlap: each takes
 * the engine for one clause, and models run elsewhere.
 */
export class Synthesis implements Asynchronous<WorkerCalls> {
  readonly #module: SpeechModule;
  readonly #models: Remote<ModelCalls>;
  readonly #tell: (event: WorkerEvent) => void;
  readonly #languages: LanguageData;
  readonly #voices = new Map<string, LoadedVoice>();
  readonly #loading = new Map<string, Promise<Voice>>();
  readonly #requests = new Map<number, Request>();
  #lastRequest = 0;

  constructor(
    module: SpeechModule,
    assets: WorkerAssets,
    models: Remote<ModelCalls>,
    tell: (event: WorkerEvent) => void,
  ) {
    this.#module = module;
    this.#models = models;
    this.#tell = tell;
    this.#languages = new LanguageData(module, assets.dataUrls, this.#onProgress);
  }

  voices(): Voice[] {
    return JSON.parse(this.#module.voices()) as Voice[];
  }

  async prepare(voice: string): Promise<void> {
    if (isEspeak(voice)) await this.#languages.load(voice);
    else await this.#piperVoice(voice);
  }

  loadPiperVoice(name: string, files: PiperFiles): Promise<Voice> {
    const loading = this.#load(name, files).finally(() => this.#loading.delete(name));
    this.#loading.set(name, loading);
    return loading;
  }

  async open(text: string, { voice = '', ...options }: SpeechOptions): Promise<number> {
    const request = isEspeak(voice)
      ? await this.#speakEspeak(text, voice, options)
      : await this.#speakPiper(text, voice, options);
    this.#requests.set(++this.#lastRequest, request);
    return this.#lastRequest;
  }

  async next(request: number): Promise<SpeechClause | null> {
    return (await this.#requests.get(request)?.next()) ?? null;
  }

  close(request: number): void {
    this.#requests.get(request)?.delete();
    this.#requests.delete(request);
  }

  async align(
    samples: Float32Array,
    sampleRate_hz: number,
    text: string,
    voice: string,
  ): Promise<Timeline> {
    const reader = isEspeak(voice) ? voice : (await this.#piperVoice(voice)).voice.espeakVoice();
    await this.#languages.load(reader);
    return JSON.parse(this.#module.align(samples, sampleRate_hz, text, reader)) as Timeline;
  }

  readonly #onProgress: OnProgress = (progress) => {
    this.#tell({ type: 'progress', progress });
  };

  async #load(name: string, files: PiperFiles): Promise<Voice> {
    const config = files.config ?? besideModel(files.model);
    const configJson = new TextDecoder().decode(await readFile(config, 'voice settings'));
    const voice = this.#module.readPiperVoice(configJson);
    try {
      this.#tell({ type: 'modelsNeeded' });
      await this.#languages.load(voice.espeakVoice());
      const bytes = await readFile(files.model, 'voice', this.#onProgress);
      this.#replace(name, { voice, model: await this.#openModel(bytes) });
    } catch (error) {
      voice.delete();
      throw error;
    }
    return { voice: name, language: voice.espeakVoice().replace('espeak:', ''), name };
  }

  async #openModel(bytes: Uint8Array): Promise<number> {
    const durations = this.#module.findDurations(
      (offset, length) => bytes.subarray(offset, offset + length),
      bytes.length,
    );
    return this.#models.call('open', [bytes, durations], [bytes.buffer]);
  }

  async #speakEspeak(text: string, voice: string, options: SpeechOptions): Promise<Request> {
    await this.#languages.load(voice);
    const request = this.#module.speakEspeak(text, voice, JSON.stringify(options));
    return {
      next() {
        const clause = request.next();
        return clause && parsed(clause);
      },
      delete() {
        request.delete();
      },
    };
  }

  async #speakPiper(text: string, name: string, options: SpeechOptions): Promise<Request> {
    const { voice, model } = await this.#piperVoice(name);
    const request = voice.speak(text, JSON.stringify(options));
    const models = this.#models;
    let isRunning = false;
    let isClosed = false;
    return {
      async next() {
        const input = request.nextInput();
        if (!input) return null;
        isRunning = true;
        try {
          const { samples, frames } = await models.call('run', [model, input]);
          return isClosed ? null : parsed(request.complete(samples, frames));
        } finally {
          isRunning = false;
          if (isClosed) request.delete();
        }
      },
      delete() {
        isClosed = true;
        if (!isRunning) request.delete();
      },
    };
  }

  async #piperVoice(name: string): Promise<LoadedVoice> {
    if (!this.#voices.has(name)) {
      const isFile = /\.onnx(?:[?#]|$)/.test(name);
      await (this.#loading.get(name) ??
        (isFile ? this.loadPiperVoice(name, { model: name }) : undefined));
    }
    const loaded = this.#voices.get(name);
    if (loaded) return loaded;
    throw new VivavoxError(
      'unknown_voice',
      `There is no voice "${name}": use "espeak:LANGUAGE", or load a Piper voice by that name first.`,
    );
  }

  #replace(name: string, loaded: LoadedVoice): void {
    const before = this.#voices.get(name);
    this.#voices.set(name, loaded);
    before?.voice.delete();
    if (before) this.#models.tell('close', [before.model]);
  }
}

function parsed({ timelineJson, textOffset, samples }: EngineClause): SpeechClause {
  return { timeline: JSON.parse(timelineJson) as Timeline, textOffset, samples };
}

function isEspeak(voice: string): boolean {
  return voice.startsWith('espeak:');
}

function besideModel(model: PiperFiles['model']): string {
  if (typeof model === 'string') return model.replace(/(?=[?#]|$)/, '.json');
  throw new VivavoxError(
    'invalid_voice',
    'A Piper voice is two files: give the .onnx.json that belongs to the .onnx, too.',
  );
}
