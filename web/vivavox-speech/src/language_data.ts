import { fetchBytes, type OnProgress } from 'vivavox';
import type { SpeechModule } from './speech.js';

/** espeak-ng's data, fetched when a language first needs it. */
export class LanguageData {
  readonly #module: SpeechModule;
  readonly #onProgress: OnProgress;
  readonly #files = new Map<string, Promise<void>>();

  constructor(module: SpeechModule, onProgress: OnProgress) {
    this.#module = module;
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
    const loading = this.#fetch(path);
    this.#files.set(path, loading);
    // What failed may be tried again.
    loading.catch(() => this.#files.delete(path));
    return loading;
  }

  async #fetch(path: string): Promise<void> {
    const name = path.split('/').map(encodeURIComponent).join('/');
    const url = new URL(`./espeak-ng-data/${name}`, import.meta.url);
    this.#module.addDataFile(path, await fetchBytes(url, 'language data', this.#onProgress));
  }
}
