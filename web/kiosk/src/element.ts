import 'vivavox/element';
import { fetchOk, VivavoxError } from 'vivavox';
import { createSpeech, type Speech } from 'vivavox-speech';
import { Kiosk } from './kiosk.js';
import { KioskFileError } from './kiosk_file_error.js';
import { readKioskFile, type KioskFile } from './kiosk_file.js';

/** How long after a failure the file is looked at again: whoever mends it need not touch the screen. */
const retry_ms = 15_000;

/**
 * `<vivavox-kiosk src="kiosk.yaml">`: a face that greets, shows a menu and answers, as its file has
 * it. It fills what it is put in; kiosk.css says how it looks. Fires `rest` now and then while nobody
 * is there, and `problem` with what failed and was got over.
 */
export class VivavoxKioskElement extends HTMLElement {
  #leaving: AbortController | null = null;
  #kiosk: Kiosk | null = null;
  #speech: Speech | null = null;

  /** Where the kiosk file is; `kiosk.yaml` beside the page without. */
  get src(): string {
    return this.getAttribute('src') ?? 'kiosk.yaml';
  }

  /** @internal */
  connectedCallback(): void {
    if (this.#leaving) return;
    this.#leaving = new AbortController();
    void this.#begin(this.#leaving.signal);
  }

  /** @internal */
  disconnectedCallback(): void {
    // A move takes it out and puts it in again within one task.
    queueMicrotask(() => {
      if (!this.isConnected) this.#end();
    });
  }

  async #begin(leaving: AbortSignal): Promise<void> {
    const base = new URL(this.src, document.baseURI);
    try {
      const reading = fetchOk(base, 'the kiosk file', leaving).then((file) => file.text());
      reading.catch(() => undefined); // awaited below
      const speech = await createSpeech({ signal: leaving });
      this.#speech = speech;
      const hasVoice = (voice: string) => speech.voices.some((known) => known.voice === voice);
      const kiosk = readKioskFile(await reading, hasVoice);
      if (leaving.aborted) return;
      this.#run(kiosk, speech, base);
      await this.#prepare(kiosk, speech);
    } catch (error) {
      if (!leaving.aborted) this.#showProblem(error);
    }
  }

  #run(kiosk: KioskFile, speech: Speech, base: URL): void {
    const face = document.createElement('vivavox-avatar');
    const { file, look, background } = kiosk.avatar;
    face.src = new URL(file ?? '../vivavox/family.glb', file ? base : document.baseURI).href;
    if (look !== null) face.look = look;
    if (background !== null) face.background = background;
    face.captions = kiosk.captions;
    face.speech = speech;
    // Its buttons are beside it.
    face.tabIndex = -1;
    const panel = document.createElement('div');
    panel.className = 'panel';
    const main = document.createElement('main');
    main.append(face, panel);
    this.replaceChildren(main);
    face.addEventListener('error', (event: Event) => {
      if (event instanceof CustomEvent) this.#tell(VivavoxError.from(event.detail));
    });
    this.#kiosk = new Kiosk(kiosk, {
      host: this,
      face,
      panel,
      base,
      onProblem: (error) => {
        this.#tell(error);
      },
      onRest: () => {
        this.dispatchEvent(new Event('rest'));
      },
    });
  }

  /** Loads what each language needs, so that it is there once the network is not. */
  async #prepare({ languages }: KioskFile, speech: Speech): Promise<void> {
    for (const { voice } of languages) {
      await speech.prepare(voice).catch((error: unknown) => {
        this.#tell(VivavoxError.from(error));
      });
    }
  }

  #showProblem(error: unknown): void {
    const box = document.createElement('div');
    box.setAttribute('role', 'alert');
    const head = document.createElement('h1');
    head.textContent = 'This kiosk cannot start';
    const text = document.createElement('p');
    const name = this.src.replace(/^.*\//, '');
    text.textContent =
      error instanceof KioskFileError
        ? `${name}, ${error.message}`
        : VivavoxError.from(error).message;
    box.append(head, text);
    const main = document.createElement('main');
    main.className = 'problem';
    main.append(box);
    this.#end();
    this.replaceChildren(main);
    const again = new AbortController();
    this.#leaving = again;
    setTimeout(() => {
      if (!again.signal.aborted) void this.#begin(again.signal);
    }, retry_ms);
  }

  #tell(detail: VivavoxError): void {
    this.dispatchEvent(new CustomEvent('problem', { detail }));
  }

  #end(): void {
    this.#leaving?.abort();
    this.#leaving = null;
    this.#kiosk?.dispose();
    this.#kiosk = null;
    this.#speech?.dispose();
    this.#speech = null;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vivavox-kiosk': VivavoxKioskElement;
  }
}

customElements.define('vivavox-kiosk', VivavoxKioskElement);
