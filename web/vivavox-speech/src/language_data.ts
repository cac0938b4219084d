import type { OnProgress } from 'vivavox';
import { fetchBytes } from 'vivavox/worker';
import { bytesOfDataUrl } from './data_url.js';
import type { SpeechModule } from './speech.js';

/** espeak-ng's data, fetched when a language first needs it. */
export class LanguageData {
  readonly #module: SpeechModule;
  readonly #urls: Record<string, string>;
  readonly #onProgress: OnProgress;
  readonly #files = new Map<string, Promise<void>>();
  #voices: Promise<Record<string, string>> | null = null;

  /** @param urls of the data files by their names in dist/espeak-ng-data */
  constructor(module: SpeechModule, urls: Record<string, string>, onProgress: OnProgress) {
    this.#module = module;
    this.#urls = urls;
    this.#onProgress = onProgress;
  }

  /** @throws Error `unknown_voice`, VivavoxError `io_failed` */
  async load(voice: string): Promise<void> {
    const paths = JSON.parse(this.#module.dataFilesFor(voice)) as string[];
    await Promise.all(paths.map((path) => this.#loadOnce(path)));
  }

  #loadOnce(path: string): Promise<void> {
    const known = this.#files.get(path);
    if (known) return known;
    const loading = this.#load(path);
    this.#files.set(path, loading);
    // What failed may be tried again.
    loading.catch(() => this.#files.delete(path));
    return loading;
  }

  async #load(path: string): Promise<void> {
    const own = this.#urls[`${path}.bin`];
    this.#module.addDataFile(path, own ? await this.#fetch(own) : await this.#voiceFile(path));
  }

  /** The many small files that describe languages lie in one. */
  async #voiceFile(path: string): Promise<Uint8Array> {
    this.#voices ??= this.#fetch(this.#urls['voices.json'] ?? '').then(
      (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as Record<string, string>,
    );
    this.#voices.catch(() => (this.#voices = null));
    return new TextEncoder().encode((await this.#voices)[path] ?? '');
  }

  async #fetch(url: string): Promise<Uint8Array> {
    return (
      bytesOfDataUrl(url) ?? fetchBytes(url, 'language data', { onProgress: this.#onProgress })
    );
  }
}
