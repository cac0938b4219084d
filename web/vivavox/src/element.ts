// By way of index.js, so that a page that uses both has one VivavoxError.
import {
  Avatar,
  VivavoxError,
  type SpeakOptions,
  type SpeakOutcome,
  type SpeechSource,
} from './index.js';

/**
 * `<vivavox-avatar src="face.glb" voice="espeak:en-us" mood="happy">`: an avatar as an element.
 * All attributes are optional. Give it a voice by its `speech` property, then call speak().
 */
export class VivavoxAvatarElement extends HTMLElement {
  static readonly observedAttributes = ['src', 'mood'];

  /** Where speech comes from; set it before the first speak(). */
  speech: SpeechSource | undefined;
  #avatar: Promise<Avatar> | null = null;

  /** The avatar, once the element is in a page. Rejects with a VivavoxError if it cannot be shown. */
  get avatar(): Promise<Avatar> {
    return (
      this.#avatar ?? Promise.reject(new VivavoxError('disposed', 'The element is in no page.'))
    );
  }

  /** Says a text with the element's voice; see Avatar.speak. */
  async speak(text: string, options: SpeakOptions = {}): Promise<SpeakOutcome> {
    const avatar = await this.avatar;
    const voice = this.getAttribute('voice');
    return avatar.speak(text, voice === null ? options : { voice, ...options });
  }

  /** See Avatar.stop. */
  async stop(): Promise<void> {
    (await this.avatar).stop();
  }

  connectedCallback(): void {
    const canvas = document.createElement('canvas');
    canvas.style.cssText = 'display:block;width:100%;height:100%';
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    root.innerHTML = '<style>:host{display:block;aspect-ratio:1}</style>';
    root.append(canvas);
    this.#avatar = this.#create(canvas);
    this.#avatar.catch((error: unknown) => {
      this.#report(error);
    });
  }

  disconnectedCallback(): void {
    const leaving = this.#avatar;
    this.#avatar = null;
    leaving?.then(
      (avatar) => {
        avatar.dispose();
      },
      () => undefined,
    );
  }

  attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    if (before === value || value === null) return;
    this.#avatar
      ?.then(async (avatar) => {
        if (name === 'mood') avatar.mood = value;
        else await avatar.load(value);
      })
      .catch((error: unknown) => {
        this.#report(error);
      });
  }

  #create(canvas: HTMLCanvasElement): Promise<Avatar> {
    const src = this.getAttribute('src');
    const mood = this.getAttribute('mood');
    const speech: SpeechSource = {
      speak: (text, options) => this.#speechSource().speak(text, options),
    };
    return Avatar.create(canvas, {
      speech,
      ...(src !== null && { avatar: src }),
      ...(mood !== null && { mood }),
    });
  }

  #speechSource(): SpeechSource {
    if (this.speech) return this.speech;
    throw new VivavoxError('no_speech', 'This element has no voice: set its speech property.');
  }

  #report(error: unknown): void {
    this.dispatchEvent(new CustomEvent('error', { detail: VivavoxError.from(error) }));
  }
}

customElements.define('vivavox-avatar', VivavoxAvatarElement);
