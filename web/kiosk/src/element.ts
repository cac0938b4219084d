import 'vivavox/element';
import { fetchOk, VivavoxError } from 'vivavox';
import type { VivavoxAvatarElement } from 'vivavox/element';
import { createSpeech, type Speech } from 'vivavox-speech';
import { begin, type Moment } from './flow.js';
import { Kiosk } from './kiosk.js';
import { KioskFileError } from './kiosk_file_error.js';
import { readKioskFile, type KioskFile } from './kiosk_file.js';
import { Log } from './log.js';
import { showLog } from './log_view.js';
import { watch } from './watchdog.js';

/** How long a graphics context may be gone: the avatar gets itself another, as a rule. */
const contextPatience_ms = 1500;
/** How long a new face may take to come: what it is made of is there. */
const startPatience_ms = 20_000;
/** Where so many recoveries, each within a minute of the one before, are not enough, the page begins anew. */
const mostRecoveries = 3;
const calm_ms = 60_000;

/** How long after a failure the file is looked at again: whoever mends it need not touch the screen. */
const retry_ms = 15_000;

/** A kiosk that does not go on by itself. */
interface Earlier {
  kiosk: KioskFile;
  moment: Moment;
}

/**
 * `<vivavox-kiosk src="kiosk.yaml">`: a face that greets, shows a menu and answers, as its file has
 * it. It fills what it is put in; kiosk.css says how it looks. Fires `rest` now and then while nobody
 * is there, and `problem` with what failed and was got over.
 */
export class VivavoxKioskElement extends HTMLElement {
  #leaving: AbortController | null = null;
  #kiosk: Kiosk | null = null;
  #speech: Speech | null = null;
  readonly #log = new Log(localStorage);
  #recoveries = 0;
  #recovered_ms = 0;
  #starting: ReturnType<typeof setTimeout> | undefined;

  /** Where the kiosk file is; `kiosk.yaml` beside the page without. */
  get src(): string {
    return this.getAttribute('src') ?? 'kiosk.yaml';
  }

  /** @internal */
  connectedCallback(): void {
    if (this.#leaving) return;
    this.#leaving = new AbortController();
    this.#log.add('begins');
    document.addEventListener('keydown', this.#onKey);
    void this.#begin(this.#leaving.signal);
  }

  /** @internal */
  disconnectedCallback(): void {
    // A move takes it out and puts it in again within one task.
    queueMicrotask(() => {
      if (this.isConnected) return;
      document.removeEventListener('keydown', this.#onKey);
      this.#end();
    });
  }

  /** @param earlier where it goes on; the file is as it was then */
  async #begin(leaving: AbortSignal, earlier: Earlier | null = null): Promise<void> {
    const base = new URL(this.src, document.baseURI);
    try {
      const reading = earlier
        ? ''
        : fetchOk(base, 'the kiosk file', leaving).then((file) => file.text());
      Promise.resolve(reading).catch(() => undefined); // awaited below
      const speech = await createSpeech({ signal: leaving });
      this.#speech = speech;
      const hasVoice = (voice: string) => speech.voices.some((known) => known.voice === voice);
      const kiosk = earlier?.kiosk ?? readKioskFile(await reading, hasVoice);
      if (leaving.aborted) return;
      this.#run(kiosk, speech, base, earlier?.moment ?? begin(kiosk));
      await this.#prepare(kiosk, speech);
    } catch (error) {
      if (!leaving.aborted) this.#showProblem(error);
    }
  }

  #run(kiosk: KioskFile, speech: Speech, base: URL, moment: Moment): void {
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
    const parts = {
      host: this,
      face,
      panel,
      base,
      onProblem: (error: VivavoxError) => {
        this.#tell(error);
      },
      onRest: () => {
        this.dispatchEvent(new Event('rest'));
      },
    };
    this.#kiosk = new Kiosk(kiosk, parts, moment);
    this.#watch(face, () => speech.prepare(kiosk.languages[0].voice));
  }

  /** Sees to it that face and voice go on. */
  #watch(face: VivavoxAvatarElement, askVoice: () => Promise<void>): void {
    const signal = this.#leaving?.signal;
    if (!signal) return;
    const recover = (what: string) => {
      if (!signal.aborted) this.#recover(what);
    };
    face.avatar.then(
      (avatar) => {
        clearTimeout(this.#starting);
        void watch({ name: 'the face', ask: () => avatar.stats() }, recover, signal);
        void watch({ name: 'the voice', ask: askVoice }, recover, signal);
      },
      () => undefined, // told by the face's error event
    );
    let timer: ReturnType<typeof setTimeout> | undefined;
    face.addEventListener('contextlost', () => {
      timer = setTimeout(() => {
        recover('the graphics context');
      }, contextPatience_ms);
    });
    face.addEventListener('contextrestored', () => {
      clearTimeout(timer);
    });
  }

  /** Begins anew with face and voice, where the conversation is: what was being said is said again. */
  #recover(what: string): void {
    const now_ms = performance.now();
    this.#recoveries = now_ms - this.#recovered_ms < calm_ms ? this.#recoveries + 1 : 1;
    this.#recovered_ms = now_ms;
    const isReload = this.#recoveries > mostRecoveries;
    this.#log.add(`${what} does not answer: ${isReload ? 'the page' : 'it'} begins anew`);
    if (isReload) {
      location.reload();
      return;
    }
    const earlier = this.#kiosk && { kiosk: this.#kiosk.file, moment: this.#kiosk.moment };
    this.#end();
    this.#leaving = new AbortController();
    this.#starting = setTimeout(() => {
      this.#recover('what began anew');
    }, startPatience_ms);
    void this.#begin(this.#leaving.signal, earlier);
  }

  readonly #onKey = ({ key }: KeyboardEvent): void => {
    if (key === 'F2') showLog(this, this.#log.entries());
  };

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
    this.#log.add(text.textContent);
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
    this.#log.add(`${detail.code}: ${detail.message}`);
    this.dispatchEvent(new CustomEvent('problem', { detail }));
  }

  #end(): void {
    clearTimeout(this.#starting);
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
