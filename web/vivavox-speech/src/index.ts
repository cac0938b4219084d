import { VivavoxError, type OnProgress, type SpeechOptions, type SpeechSource } from 'vivavox';
import type { SpeechClause } from 'vivavox';
import type { PiperFiles, Voice } from './protocol.js';
import { WorkerClient } from './worker_client.js';

export type { PiperFiles, Voice } from './protocol.js';

export interface SpeechSettings {
  /** The voice that speak() uses where it is given none; `espeak:en-us` by default. */
  voice?: string;
  /** Called while data of languages and voices loads. */
  onProgress?: OnProgress;
}

/**
 * Speech made in this browser, in a worker: espeak-ng's languages, and Piper voices.
 * What a language needs is loaded when it is first asked for.
 */
export async function createSpeech(settings: SpeechSettings = {}): Promise<Speech> {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  const client = new WorkerClient(worker, settings.onProgress);
  const voices = await client.call('voices').catch((error: unknown) => {
    worker.terminate();
    throw error;
  });
  return new Speech(client, voices, settings.voice ?? 'espeak:en-us');
}

export class Speech implements SpeechSource {
  readonly #worker: WorkerClient;
  readonly #voices: Voice[];
  readonly #defaultVoice: string;

  /** Made by createSpeech(). */
  constructor(worker: WorkerClient, voices: Voice[], defaultVoice: string) {
    this.#worker = worker;
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
  async prepare(voice = this.#defaultVoice): Promise<void> {
    await this.#worker.call('prepare', voice);
  }

  /**
   * Loads a Piper voice: a pair of .onnx and .onnx.json. One that comes from a URL is kept for use
   * without a network.
   * @param name what speak() will call it
   * @throws VivavoxError `invalid_voice`, `invalid_model`, `io_failed`
   */
  async loadPiperVoice(name: string, files: PiperFiles): Promise<Voice> {
    const voice = await this.#worker.call('loadPiperVoice', name, withFullUrls(files));
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
    const request = await this.#worker.call('open', text, {
      voice: this.#defaultVoice,
      ...options,
    });
    try {
      for (;;) {
        const clause = await this.#worker.call('next', request);
        if (!clause) return;
        yield clause;
      }
    } finally {
      await this.#worker.call('close', request).catch(() => undefined);
    }
  }

  /** Ends the worker; what is being said fails with `disposed`. */
  dispose(): void {
    this.#worker.dispose();
  }
}

/** The page's relative addresses mean something else in the worker. */
function withFullUrls({ model, config }: PiperFiles): PiperFiles {
  const full = <T>(file: T) =>
    typeof file === 'string' || file instanceof URL ? new URL(file, document.baseURI).href : file;
  return { model: full(model), ...(config !== undefined && { config: full(config) }) };
}
