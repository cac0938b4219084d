import { VivavoxError } from 'vivavox';
import type { VivavoxAvatarElement } from 'vivavox/element';
import {
  answerAt,
  begin,
  languageAt,
  next,
  saidAt,
  type Happening,
  type Moment,
  type Said,
} from './flow.js';
import { meaningOf, moveFocus } from './keys.js';
import type { KioskFile } from './kiosk_file.js';
import { dayTimeOf, isOpenAt } from './opening_hours.js';
import { fillScreen, keepScreenOn } from './screen.js';
import { panelOf, type Action } from './view.js';

/** A quick reader's time for a letter, by which a text stays that cannot be heard. */
const letter_ms = 60;
/** How long an answer stays after it was said, at least. */
const linger_s = 8;

/** What a kiosk is played on. */
export interface KioskParts {
  host: HTMLElement;
  face: VivavoxAvatarElement;
  panel: HTMLElement;
  /** What the kiosk file's own addresses are relative to. */
  base: URL;
  /** Told of what failed, and was got over. */
  onProblem: (error: VivavoxError) => void;
  /** Told now and then while nobody is there. */
  onRest: () => void;
}

/** A kiosk that runs: it shows and says what its file has, and follows touches and keys. */
export class Kiosk {
  readonly #kiosk: KioskFile;
  readonly #parts: KioskParts;
  readonly #over = new AbortController();
  #moment: Moment;
  /** What the panel shows. */
  #view = '';
  /** Counts what is said, so that the end of an earlier thing changes nothing. */
  #saying = 0;
  #isSaying = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param moment where it goes on */
  constructor(kiosk: KioskFile, parts: KioskParts, moment = begin(kiosk)) {
    this.#kiosk = kiosk;
    this.#parts = parts;
    this.#moment = moment;
    this.#follow();
    keepScreenOn(this.#over.signal);
    this.#show();
    this.#enter();
  }

  /** What it was made of. */
  get file(): KioskFile {
    return this.#kiosk;
  }

  /** Where in its conversation it is. */
  get moment(): Moment {
    return this.#moment;
  }

  /** Ends it; what is being said stops. */
  dispose(): void {
    this.#over.abort();
    this.#saying++;
    clearTimeout(this.#timer);
    this.#parts.face.stop();
  }

  #follow(): void {
    const { host } = this.#parts;
    const { signal } = this.#over;
    const isActive = () => {
      this.#schedule();
    };
    document.addEventListener('pointerdown', isActive, { signal });
    document.addEventListener('pointermove', isActive, { signal });
    document.addEventListener(
      'keydown',
      (event) => {
        this.#onKey(event);
      },
      { signal },
    );
    // Wherever it is touched; buttons say for themselves what they are for.
    host.addEventListener(
      'click',
      ({ target }) => {
        if (this.#kiosk.fullScreen) fillScreen();
        if (!(target instanceof Element && target.closest('button'))) this.#act({ type: 'begin' });
      },
      { signal },
    );
    const moreContrast = matchMedia('(prefers-contrast: more)');
    const setContrast = () => {
      const isHigh = this.#kiosk.contrast === 'high' || moreContrast.matches;
      host.dataset.contrast = isHigh ? 'high' : 'usual';
    };
    moreContrast.addEventListener('change', setContrast, { signal });
    setContrast();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    this.#schedule();
    const meaning = meaningOf(event.key, this.#parts.host.dir === 'rtl');
    if (!meaning) return;
    event.preventDefault();
    if (meaning.type === 'move') moveFocus(this.#buttons(), meaning.by);
    else if (meaning.type === 'nextLanguage') this.#act(this.#nextLanguage());
    else this.#act(meaning);
  }

  #nextLanguage(): Action {
    const { languages } = this.#kiosk;
    const at = languages.findIndex(({ code }) => code === this.#moment.language);
    const { code } = languages[(at + 1) % languages.length] ?? languages[0];
    return { type: 'language', code };
  }

  #act(action: Action): void {
    switch (action.type) {
      case 'begin':
        this.#happen({ type: 'touch', isOpen: this.#isOpen() });
        break;
      case 'language':
        this.#happen({ ...action, isOpen: this.#isOpen() });
        break;
      case 'again':
        this.#enter();
        break;
      default:
        this.#happen(action);
    }
  }

  #isOpen(): boolean {
    const { hours } = this.#kiosk;
    return hours === null || isOpenAt(hours.open, dayTimeOf(new Date()));
  }

  #happen(happening: Happening): void {
    const before = this.#moment;
    this.#moment = next(this.#kiosk, before, happening);
    if (this.#moment === before) {
      this.#schedule();
      return;
    }
    this.#show();
    this.#enter();
  }

  #show(): void {
    const { host, face, panel, base } = this.#parts;
    const language = languageAt(this.#kiosk, this.#moment);
    const key = keyOf(document.activeElement);
    host.lang = language.code;
    host.dir = language.direction;
    document.documentElement.lang = language.code;
    document.title = this.#kiosk.title[language.code] ?? '';
    host.dataset.scene = this.#moment.scene.name;
    face.label = language.words.face;
    const view = viewOf(this.#moment);
    // A button that is being pressed must not go from under the finger.
    if (view === this.#view) return;
    this.#view = view;
    panel.replaceChildren(
      ...panelOf({
        kiosk: this.#kiosk,
        moment: this.#moment,
        base,
        act: (action) => {
          this.#act(action);
        },
      }),
    );
    const buttons = this.#buttons();
    const same = buttons.find((button) => keyOf(button) === key);
    const first = buttons.find(({ className }) => className !== 'language');
    (same ?? first)?.focus({ preventScroll: true });
  }

  #buttons(): HTMLButtonElement[] {
    return [...this.#parts.panel.querySelectorAll('button')];
  }

  /** Says what the moment has to say, and waits for what comes then. */
  #enter(): void {
    const said = saidAt(this.#kiosk, this.#moment);
    const turn = ++this.#saying;
    this.#isSaying = said !== null;
    this.#parts.face.mood = said?.mood ?? this.#kiosk.avatar.mood;
    this.#schedule();
    if (!said) {
      this.#parts.face.stop();
      return;
    }
    void this.#say(said).then(() => {
      if (turn !== this.#saying) return;
      this.#isSaying = false;
      this.#happen({ type: 'said' });
    });
  }

  /** Until it was said; what cannot be said stays as long as it takes to read. */
  async #say({ text }: Said): Promise<void> {
    const { voice } = languageAt(this.#kiosk, this.#moment);
    try {
      await this.#parts.face.speak(text, { voice });
    } catch (thrown) {
      if (this.#over.signal.aborted) return;
      const error = VivavoxError.from(thrown);
      // Nobody has touched the page yet.
      if (error.code !== 'audio_blocked') this.#parts.onProblem(error);
      await new Promise((resolve) => setTimeout(resolve, text.length * letter_ms));
    }
  }

  /** What comes where nobody does anything from now on. */
  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#isSaying || this.#over.signal.aborted) return;
    const { happening, after_s } = this.#coming();
    this.#timer = setTimeout(() => {
      if (happening.type === 'turn') this.#parts.onRest();
      this.#happen(happening);
    }, after_s * 1000);
  }

  #coming(): { happening: Happening; after_s: number } {
    const { idle_s, attract } = this.#kiosk;
    const { scene } = this.#moment;
    if (scene.name === 'attract') return { happening: { type: 'turn' }, after_s: attract.every_s };
    const said = scene.name === 'answer' ? saidAt(this.#kiosk, this.#moment) : null;
    const stay_s = Math.max(linger_s, ((said?.text.length ?? 0) * letter_ms) / 1000);
    const isRead = scene.name === 'answer' && answerAt(this.#kiosk, scene.path)?.page;
    if (said && !isRead)
      return { happening: { type: 'linger' }, after_s: Math.min(stay_s, idle_s) };
    return { happening: { type: 'idle' }, after_s: idle_s };
  }
}

/** Moments of the same view are shown by the same panel: a greeting stands over its menu already. */
function viewOf({ scene, language, isOpen }: Moment): string {
  const shown = scene.name === 'greeting' ? { name: 'menu', path: [] } : scene;
  return JSON.stringify([shown, language, isOpen]);
}

function keyOf(element: Element | null): string | undefined {
  return element instanceof HTMLElement ? element.dataset.key : undefined;
}
