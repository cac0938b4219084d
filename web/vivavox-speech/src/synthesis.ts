import { VivavoxError, type OnProgress, type SpeechClause, type SpeechOptions } from 'vivavox';
import { LanguageData } from './language_data.js';
import { PiperModel } from './piper_model.js';
import type { PiperFiles, Voice, WorkerCalls } from './protocol.js';
import type { PiperVoice, SpeechModule } from './speech.js';
import { readFile } from './voice_files.js';

/** A text being spoken. */
interface Request {
  next(): SpeechClause | null | Promise<SpeechClause | null>;
  delete(): void;
}

interface LoadedVoice {
  voice: PiperVoice;
  model: PiperModel;
}

type Asynchronous<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => infer R
    ? (...args: A) => R | Promise<R>
    : never;
};

/** The worker's side of WorkerCalls: speech.wasm, its data and its models. */
export class Synthesis implements Asynchronous<WorkerCalls> {
  readonly #module: SpeechModule;
  readonly #onProgress: OnProgress;
  readonly #languages: LanguageData;
  readonly #piperVoices = new Map<string, LoadedVoice>();
  readonly #requests = new Map<number, Request>();
  #lastRequest = 0;

  constructor(module: SpeechModule, onProgress: OnProgress) {
    this.#module = module;
    this.#onProgress = onProgress;
    this.#languages = new LanguageData(module, onProgress);
  }

  voices(): Voice[] {
    return JSON.parse(this.#module.voices()) as Voice[];
  }

  async prepare(voice: string): Promise<void> {
    if (isEspeak(voice)) await this.#languages.load(voice);
    else await this.#piperVoice(voice);
  }

  async loadPiperVoice(name: string, files: PiperFiles): Promise<Voice> {
    const config = files.config ?? besideModel(files.model);
    const configJson = new TextDecoder().decode(await readFile(config, 'voice settings'));
    const voice = this.#module.readPiperVoice(configJson);
    try {
      await this.#languages.load(voice.espeakVoice());
      const bytes = await readFile(files.model, 'voice', this.#onProgress);
      const model = await PiperModel.create(this.#module, bytes);
      this.#replace(name, { voice, model });
    } catch (error) {
      voice.delete();
      throw error;
    }
    return { voice: name, language: voice.espeakVoice().replace('espeak:', ''), name };
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

  async #speakEspeak(text: string, voice: string, options: SpeechOptions): Promise<Request> {
    await this.#languages.load(voice);
    return this.#module.speakEspeak(text, voice, JSON.stringify(options));
  }

  async #speakPiper(text: string, name: string, options: SpeechOptions): Promise<Request> {
    const { voice, model } = await this.#piperVoice(name);
    const request = voice.speak(text, JSON.stringify(options));
    return {
      async next() {
        const input = request.nextInput();
        if (!input) return null;
        const { samples, frames } = await model.run(input);
        return request.complete(samples, frames);
      },
      delete() {
        request.delete();
      },
    };
  }

  async #piperVoice(name: string): Promise<LoadedVoice> {
    if (!this.#piperVoices.has(name) && name.endsWith('.onnx')) {
      await this.loadPiperVoice(name, { model: name });
    }
    const loaded = this.#piperVoices.get(name);
    if (loaded) return loaded;
    throw new VivavoxError(
      'unknown_voice',
      `There is no voice "${name}": use "espeak:LANGUAGE", or load a Piper voice by that name first.`,
    );
  }

  #replace(name: string, loaded: LoadedVoice): void {
    const before = this.#piperVoices.get(name);
    this.#piperVoices.set(name, loaded);
    before?.voice.delete();
    void before?.model.release();
  }
}

function isEspeak(voice: string): boolean {
  return voice.startsWith('espeak:');
}

function besideModel(model: PiperFiles['model']): string {
  if (typeof model === 'string') return `${model}.json`;
  throw new VivavoxError(
    'invalid_voice',
    'A Piper voice is two files: give the .onnx.json that belongs to the .onnx, too.',
  );
}
