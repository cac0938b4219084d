// By way of index.js, so that a page that uses both has one VivavoxError.
import {
  Avatar,
  VivavoxError,
  type AvatarEvents,
  type Background,
  type Heard,
  type Lighting,
  type Mood,
  type Quality,
  type SpeakOptions,
  type SpeakOutcome,
  type SpeechSource,
  type StopOptions,
  type View,
} from './index.js';
import { CaptionLine } from './caption_line.js';

type NamedView = Extract<View, string>;

/** Where there is no document, e.g. on a server, importing this does nothing. */
const Base =
  (globalThis as Partial<typeof globalThis>).HTMLElement ??
  (Object as unknown as typeof HTMLElement);

/** Events of the avatar that the element gives on; visemes, which cost work, are the avatar's own. */
const forwarded = [
  'start',
  'word',
  'sentence',
  'mark',
  'end',
  'error',
  'progress',
  'quality',
  'renderer',
  'contextlost',
  'contextrestored',
] as const satisfies (keyof AvatarEvents)[];

const style = `
  :host { display: block; position: relative; aspect-ratio: 1; }
  :host([hidden]) { display: none; }
  canvas { display: block; width: 100%; height: 100%; border-radius: inherit; }
  .captions {
    position: absolute; inset: auto 0 0; margin: 0; padding: 0.75em 1em; text-align: center;
    color: var(--vivavox-caption-color, #fff);
    background: var(--vivavox-caption-background, rgb(0 0 0 / 65%));
    font: var(--vivavox-caption-font, 1rem/1.4 system-ui, sans-serif);
  }
  .captions[hidden] { display: none; }
  .announced { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .now { color: var(--vivavox-word-color, #ffe08a); }
`;

let sharedStyle: CSSStyleSheet | null = null;

/** One sheet for all elements; a policy against inline styles does not forbid it. */
function styleSheet(): CSSStyleSheet {
  if (sharedStyle) return sharedStyle;
  sharedStyle = new CSSStyleSheet();
  sharedStyle.replaceSync(style);
  return sharedStyle;
}

/**
 * `<vivavox-avatar src="face.glb" voice="espeak:en-us" mood="happy" captions>`: an avatar as an
 * element. All attributes are optional: `src`, `clip`, `look`, `voice`, `mood`, `view`, `lighting`,
 * `quality`, `background`, `server`, `label`, `captions`, `muted`. Give it a voice by its `speech` property, then call speak(); Escape stops it.
 *
 * Its parts are `canvas` and `captions`; slotted content lies over the picture. Custom properties:
 * `--vivavox-caption-color`, `-background`, `-font` and `--vivavox-word-color`.
 */
export class VivavoxAvatarElement extends Base {
  /** @internal */
  static readonly observedAttributes = [
    'src',
    'clip',
    'look',
    'mood',
    'view',
    'lighting',
    'quality',
    'background',
    'label',
    'captions',
    'muted',
  ];

  #speech: SpeechSource | Promise<SpeechSource> | undefined;
  #avatar: Promise<Avatar> | null = null;
  #shown: Avatar | null = null;
  #leaving: AbortController | null = null;
  #captions: CaptionLine | null = null;
  #canvas: HTMLCanvasElement | null = null;

  /** The avatar, once the element is in a page. Rejects with a VivavoxError if it cannot be shown. */
  get avatar(): Promise<Avatar> {
    return (
      this.#avatar ?? Promise.reject(new VivavoxError('disposed', 'The element is in no page.'))
    );
  }

  /** Where speech comes from; set it before the first speak(). */
  get speech(): SpeechSource | Promise<SpeechSource> | undefined {
    return this.#speech;
  }

  set speech(speech: SpeechSource | Promise<SpeechSource> | undefined) {
    this.#speech = speech;
    if (speech instanceof Promise) speech.catch(() => undefined); // speak() reports it
  }

  /** The avatar's file; without one it is Vivi. */
  get src(): string {
    return this.getAttribute('src') ?? '';
  }

  set src(src: string) {
    this.#reflect('src', src);
  }

  /** One of the looks that the avatar's file has; see Avatar.customize(). */
  get look(): string {
    return this.getAttribute('look') ?? '';
  }

  set look(look: string) {
    this.#reflect('look', look);
  }

  /** A clip of the file by its name, or `none`; without, one that is called idle. See Avatar.load(). */
  get clip(): string {
    return this.getAttribute('clip') ?? '';
  }

  set clip(clip: string) {
    this.#reflect('clip', clip);
  }

  /** `bust` by default; see Avatar.view for what a name cannot say. */
  get view(): NamedView {
    return (this.getAttribute('view') ?? 'bust') as NamedView;
  }

  set view(view: NamedView) {
    this.#reflect('view', view);
  }

  /** See Avatar.lighting; `portrait` by default. */
  get lighting(): Lighting {
    return (this.getAttribute('lighting') ?? 'portrait') as Lighting;
  }

  set lighting(lighting: Lighting) {
    this.#reflect('lighting', lighting);
  }

  /** See Avatar.quality; `auto` by default. */
  get quality(): Quality {
    return (this.getAttribute('quality') ?? 'auto') as Quality;
  }

  set quality(quality: Quality) {
    this.#reflect('quality', quality);
  }

  /** The voice that speak() uses. */
  get voice(): string {
    return this.getAttribute('voice') ?? '';
  }

  set voice(voice: string) {
    this.#reflect('voice', voice);
  }

  /** See Avatar.mood; `neutral` by default. */
  get mood(): Mood {
    // Whether it is one, the avatar says.
    return (this.getAttribute('mood') ?? 'neutral') as Mood;
  }

  set mood(mood: Mood) {
    this.#reflect('mood', mood);
  }

  /** See Avatar.background; empty for the default. */
  get background(): Background {
    return this.getAttribute('background') ?? '';
  }

  set background(background: Background) {
    this.#reflect('background', background);
  }

  /** Who draws where the page cannot, by its address; see AvatarOptions.server. Set it before. */
  get server(): string {
    return this.getAttribute('server') ?? '';
  }

  set server(url: string) {
    this.#reflect('server', url);
  }

  /** What a screen reader calls the picture. */
  get label(): string {
    return this.getAttribute('label') ?? '';
  }

  set label(label: string) {
    this.#reflect('label', label);
  }

  /** Whether what is said is shown too. */
  get captions(): boolean {
    return this.hasAttribute('captions');
  }

  set captions(hasCaptions: boolean) {
    this.toggleAttribute('captions', hasCaptions);
  }

  /** Whether nothing is heard of what is said. */
  get muted(): boolean {
    return this.hasAttribute('muted');
  }

  set muted(isMuted: boolean) {
    this.toggleAttribute('muted', isMuted);
  }

  /** Says a text with the element's voice; see Avatar.speak. */
  async speak(
    text: string | AsyncIterable<string>,
    options: SpeakOptions = {},
  ): Promise<SpeakOutcome> {
    const avatar = await this.avatar;
    const captions = this.#captions;
    if (!options.queue) captions?.clear();
    const followed = followedBy(text, (more) => captions?.add(more));
    return avatar.speak(followed, this.voice === '' ? options : { voice: this.voice, ...options });
  }

  /** See Avatar.stop. */
  stop(options?: StopOptions): Heard | null {
    return this.#shown?.stop(options) ?? null;
  }

  /** @internal */
  connectedCallback(): void {
    // Moved within the page: all goes on.
    if (this.#avatar) return;
    const canvas = this.#build();
    const leaving = new AbortController();
    this.#leaving = leaving;
    this.#avatar = this.#create(canvas, leaving.signal);
    this.#avatar.then(
      (avatar) => {
        if (leaving.signal.aborted) return;
        this.#shown = avatar;
        this.#listen(avatar);
        // What was changed meanwhile.
        for (const name of ['look', 'mood', 'view', 'lighting', 'quality', 'background', 'muted'])
          this.#apply(name);
      },
      (error: unknown) => {
        if (!leaving.signal.aborted) this.#report(error);
      },
    );
  }

  /** @internal */
  disconnectedCallback(): void {
    // A move takes it out and puts it in again within one task.
    queueMicrotask(() => {
      if (this.isConnected || !this.#avatar) return;
      this.#leaving?.abort();
      this.#avatar.then(
        (avatar) => {
          avatar.dispose();
        },
        () => undefined,
      );
      this.#avatar = null;
      this.#shown = null;
    });
  }

  /** @internal */
  attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    if (before !== value) this.#apply(name);
  }

  #build(): HTMLCanvasElement {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [styleSheet()];
    const canvas = document.createElement('canvas');
    canvas.setAttribute('part', 'canvas');
    canvas.setAttribute('role', 'img');
    const captions = document.createElement('p');
    captions.className = 'captions';
    captions.setAttribute('part', 'captions');
    root.replaceChildren(canvas, document.createElement('slot'), captions);
    this.#canvas = canvas;
    this.#captions = new CaptionLine(captions);
    this.#apply('label');
    this.#apply('captions');
    return canvas;
  }

  #create(canvas: HTMLCanvasElement, signal: AbortSignal): Promise<Avatar> {
    const { src, look, mood, view, lighting, quality, background, server } = this;
    const speech: SpeechSource = {
      speak: (text, options) => this.#speak(text, options),
    };
    return Avatar.create(canvas, {
      speech,
      signal,
      mood,
      view,
      lighting,
      quality,
      ...this.#clip(),
      ...(src !== '' && { avatar: src }),
      ...(look !== '' && { traits: { look } }),
      ...(background !== '' && { background }),
      ...(server !== '' && { server }),
    });
  }

  async *#speak(...args: Parameters<SpeechSource['speak']>): ReturnType<SpeechSource['speak']> {
    const speech = await this.#speech;
    if (!speech) {
      throw new VivavoxError('no_speech', 'This element has no voice: set its speech property.');
    }
    yield* speech.speak(...args);
  }

  #listen(avatar: Avatar): void {
    // Before the element's own listeners hear of it.
    avatar.addEventListener('word', ({ detail }) => this.#captions?.showWord(detail));
    for (const type of forwarded) {
      avatar.addEventListener(type, ({ detail }: CustomEvent<unknown>) => {
        this.dispatchEvent(new CustomEvent(type, { detail }));
      });
    }
    avatar.addEventListener('end', () => {
      if (!avatar.speaking) this.#captions?.clear();
    });
    this.addEventListener('keydown', this.#onKey);
    if (this.hasAttribute('tabindex')) return;
    this.tabIndex = 0;
  }

  readonly #onKey = ({ key }: KeyboardEvent): void => {
    if (key === 'Escape') this.stop();
  };

  #apply(name: string): void {
    const value = this.getAttribute(name);
    const avatar = this.#shown;
    try {
      if (name === 'label') this.#canvas?.setAttribute('aria-label', value ?? 'A talking face');
      else if (name === 'captions') this.#captions?.setShown(this.captions);
      else if (!avatar) return;
      else if (name === 'mood') avatar.mood = this.mood;
      else if (name === 'muted') avatar.muted = this.muted;
      else if (name === 'background') avatar.background = value;
      else if (name === 'view') avatar.view = this.view;
      else if (name === 'lighting') avatar.lighting = this.lighting;
      else if (name === 'quality') avatar.quality = this.quality;
      else if (name === 'src' || name === 'clip') this.#load(avatar);
      else if (name === 'look') this.#await(avatar.customize({ look: value }));
    } catch (error) {
      this.#report(error);
    }
  }

  #load(avatar: Avatar): void {
    const { src, look } = this;
    const file = src === '' ? new URL('./vivi.glb', import.meta.url) : src;
    this.#await(avatar.load(file, { ...this.#clip(), ...(look !== '' && { traits: { look } }) }));
  }

  #clip(): { clip?: string | null } {
    if (this.clip === '') return {};
    return { clip: this.clip === 'none' ? null : this.clip };
  }

  #await(change: Promise<void>): void {
    change.catch((error: unknown) => {
      if (!(error instanceof VivavoxError && error.code === 'superseded')) this.#report(error);
    });
  }

  #reflect(name: string, value: string): void {
    if (value === '') this.removeAttribute(name);
    else this.setAttribute(name, value);
  }

  #report(error: unknown): void {
    this.dispatchEvent(new CustomEvent('error', { detail: VivavoxError.from(error) }));
  }
}

/** A text, each part of which is told as it comes. */
function followedBy(
  text: string | AsyncIterable<string>,
  tell: (more: string) => void,
): string | AsyncIterable<string> {
  if (typeof text === 'string') {
    tell(text);
    return text;
  }
  return (async function* () {
    for await (const token of text) {
      tell(token);
      yield token;
    }
  })();
}

declare global {
  interface HTMLElementTagNameMap {
    'vivavox-avatar': VivavoxAvatarElement;
  }
}

if ('customElements' in globalThis && !customElements.get('vivavox-avatar')) {
  customElements.define('vivavox-avatar', VivavoxAvatarElement);
}
