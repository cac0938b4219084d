import { VivavoxError } from './errors.js';
import { Face } from './face.js';
import { fetchBytes, type OnProgress } from './progress.js';
import { SoundOutput } from './sound_output.js';
import type { SpeechClause, SpeechOptions, SpeechSource } from './speech_source.js';
import type { Stage, StageModule } from './stage.js';
import type { Word } from './timeline.js';
import { Utterance, type SpeakOutcome } from './utterance.js';

/** More pixels than this for one of the page's cost time and show nothing. */
const maxPixelRatio = 2;

export interface AvatarOptions {
  /** A glTF binary, or where one is. Without it: Vivi, who comes with the package. */
  avatar?: string | URL | Uint8Array;
  /** Where speech comes from, e.g. `createSpeech()` of `vivavox-speech`; it may still be loading. */
  speech?: SpeechSource | Promise<SpeechSource>;
  /** `neutral`, `happy` …; `moods` lists them. */
  mood?: string;
  /** 0 to 1 */
  moodIntensity?: number;
  /** Same seed, same small movements. */
  seed?: number;
  /** `#rrggbb` */
  background?: string;
  onProgress?: OnProgress;
}

export interface SpeakOptions extends SpeechOptions {
  /** Aborting it stops the speech, as stop() does. */
  signal?: AbortSignal;
}

export interface AvatarEvents {
  /** The first sound is about to be heard. */
  start: CustomEvent<{ text: string }>;
  /** A word begins to be heard. Its times count from the start of the utterance. */
  word: CustomEvent<Word>;
  /** The utterance is over. */
  end: CustomEvent<{ outcome: SpeakOutcome }>;
  /** Something failed outside of any call, e.g. the browser took the graphics context away. */
  error: CustomEvent<VivavoxError>;
}

/**
 * A face on a canvas that speaks.
 *
 * ```ts
 * const avatar = await Avatar.create(canvas, { speech: createSpeech() });
 * await avatar.speak('Hello');
 * ```
 */
export class Avatar extends EventTarget {
  readonly canvas: HTMLCanvasElement;
  readonly #stage: Stage;
  readonly #face: Face;
  readonly #speech: Promise<SpeechSource> | null;
  readonly #onProgress: OnProgress | undefined;
  readonly #leaving = new AbortController();
  readonly #resizing: ResizeObserver;
  #mood: string;
  #moodIntensity: number;
  #sound: SoundOutput | null = null;
  #utterance: Utterance | null = null;
  #frame = 0;
  #disposed = false;

  /**
   * Loads the renderer and the avatar and shows it.
   * @throws VivavoxError `renderer_unavailable` without WebGL 2, `invalid_avatar`, `io_failed`
   */
  static async create(canvas: HTMLCanvasElement, options: AvatarOptions = {}): Promise<Avatar> {
    const source = options.avatar ?? new URL('./vivi.glb', import.meta.url);
    const [module, glb] = await Promise.all([
      loadStageModule(),
      avatarBytes(source, options.onProgress),
    ]);
    try {
      return new Avatar(canvas, module, glb, options);
    } catch (error) {
      throw VivavoxError.from(error);
    }
  }

  private constructor(
    canvas: HTMLCanvasElement,
    module: StageModule,
    glb: Uint8Array,
    options: AvatarOptions,
  ) {
    super();
    this.canvas = canvas;
    this.#speech = options.speech ? Promise.resolve(options.speech) : null;
    this.#speech?.catch(() => undefined); // speak() reports it
    this.#onProgress = options.onProgress;
    this.#mood = options.mood ?? 'neutral';
    this.#moodIntensity = options.moodIntensity ?? 1;
    this.#face = new Face(module, {
      mood: this.#mood,
      moodIntensity: this.#moodIntensity,
      seed: options.seed ?? 0,
    });
    const { width, height } = fitToPage(canvas);
    this.#stage = module.createStage(canvas, width, height);
    if (options.background !== undefined) this.#stage.setBackground(options.background);
    this.#stage.loadAvatar(glb);

    this.#resizing = new ResizeObserver(() => {
      const { width, height } = fitToPage(canvas);
      this.#stage.resize(width, height);
    });
    this.#resizing.observe(canvas);
    this.#listen();
    this.#showFrame();
  }

  /** The mood in use. */
  get mood(): string {
    return this.#mood;
  }

  set mood(name: string) {
    this.setMood(name, this.#moodIntensity);
  }

  /**
   * Changes the mood, while speaking too.
   * @param intensity 0 to 1
   * @throws VivavoxError `invalid_argument` for a mood there is not
   */
  setMood(name: string, intensity = 1): void {
    this.#assertAlive();
    try {
      this.#face.setMood(name, intensity);
    } catch (error) {
      throw VivavoxError.from(error);
    }
    this.#mood = name;
    this.#moodIntensity = intensity;
  }

  /** `#rrggbb` */
  setBackground(color: string): void {
    this.#assertAlive();
    this.#stage.setBackground(color);
  }

  /** Whether something is being said. */
  get speaking(): boolean {
    return this.#utterance !== null;
  }

  /**
   * The node that all of the avatar's sound passes through, for a meter, a recorder or an effect.
   * Null before the first speak(): a page may not use sound before it is used itself.
   */
  get audioOutput(): AudioNode | null {
    return this.#sound?.node ?? null;
  }

  /**
   * Says a text; what is being said stops. Returns once it was heard, or was stopped.
   * @throws VivavoxError `invalid_text`, `unknown_voice`, `audio_blocked`, `disposed` …
   */
  async speak(text: string, options: SpeakOptions = {}): Promise<SpeakOutcome> {
    this.#assertAlive();
    if (!this.#speech) {
      throw new VivavoxError('no_speech', 'This avatar has no voice: create it with { speech }.');
    }
    this.stop();
    const { signal, ...speechOptions } = options;
    if (signal?.aborted) return 'stopped';

    this.#sound ??= new SoundOutput();
    let started = false;
    const utterance = new Utterance(this.#sound, {
      onClause: ({ timelineJson }) => {
        this.#face.addClause(timelineJson);
        if (!started) this.#emit('start', { text });
        started = true;
      },
      onWord: (word) => {
        this.#emit('word', word);
      },
    });
    this.#utterance = utterance;
    const stop = () => {
      utterance.stop();
    };
    signal?.addEventListener('abort', stop, { once: true });
    try {
      // The device starts while the first clause is made.
      const running = this.#sound.start();
      const played = utterance.play(speakWith(this.#speech, text, speechOptions));
      const [outcome] = await Promise.all([played, running]);
      this.#finish(utterance, outcome);
      return outcome;
    } catch (error) {
      utterance.stop();
      this.#finish(utterance, 'stopped');
      throw VivavoxError.from(error);
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Falls silent in 50 ms; the pending speak() returns 'stopped'. Does nothing at rest. */
  stop(): void {
    const utterance = this.#utterance;
    if (!utterance) return;
    utterance.stop();
    this.#finish(utterance, 'stopped');
  }

  /**
   * Shows another avatar.
   * @throws VivavoxError `invalid_avatar`, `io_failed`; the one before stays
   */
  async load(avatar: string | URL | Uint8Array): Promise<void> {
    this.#assertAlive();
    const glb = await avatarBytes(avatar, this.#onProgress);
    this.#assertAlive();
    try {
      this.#stage.loadAvatar(glb);
    } catch (error) {
      throw VivavoxError.from(error);
    }
  }

  /** Stops and gives everything back. Only a second dispose() may follow. */
  dispose(): void {
    if (this.#disposed) return;
    this.stop();
    this.#disposed = true;
    cancelAnimationFrame(this.#frame);
    this.#leaving.abort();
    this.#resizing.disconnect();
    this.#sound?.dispose();
    this.#face.dispose();
    this.#stage.delete();
  }

  override addEventListener<K extends keyof AvatarEvents>(
    type: K,
    listener: (event: AvatarEvents[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener, options);
  }

  /** Brings the face to rest, unless another utterance has begun. */
  #finish(utterance: Utterance, outcome: SpeakOutcome): void {
    if (this.#utterance !== utterance) return;
    this.#utterance = null;
    this.#face.finishUtterance();
    this.#emit('end', { outcome });
  }

  #listen(): void {
    const { signal } = this.#leaving;
    const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');
    const applyMotion = () => {
      this.#face.reduceMotion(reducedMotion.matches);
    };
    applyMotion();
    reducedMotion.addEventListener('change', applyMotion, { signal });
    this.canvas.addEventListener(
      'webglcontextlost',
      () => {
        this.#fail(
          new VivavoxError(
            'renderer_unavailable',
            'The browser took the graphics context away: create the avatar again.',
          ),
        );
      },
      { signal },
    );
  }

  // The browser calls for no frames while the page is hidden.
  readonly #showFrame = (): void => {
    this.#frame = requestAnimationFrame(this.#showFrame);
    const position_s = this.#utterance?.position_s() ?? null;
    try {
      this.#stage.setPose(this.#face.poseAt(performance.now() / 1000, position_s));
      this.#stage.render();
    } catch (error) {
      this.#fail(VivavoxError.from(error));
    }
  };

  #fail(error: VivavoxError): void {
    cancelAnimationFrame(this.#frame);
    this.#emit('error', error);
  }

  #emit<K extends keyof AvatarEvents>(type: K, detail: AvatarEvents[K]['detail']): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #assertAlive(): void {
    if (this.#disposed) {
      throw new VivavoxError('disposed', 'This avatar was disposed of: create another.');
    }
  }
}

async function loadStageModule(): Promise<StageModule> {
  const { default: createStageModule } = await import('./stage.js');
  // Filament greets; a library keeps the console for its page.
  return createStageModule({ print: () => undefined });
}

async function* speakWith(
  speech: Promise<SpeechSource>,
  text: string,
  options: SpeechOptions,
): AsyncGenerator<SpeechClause> {
  yield* (await speech).speak(text, options);
}

async function avatarBytes(
  avatar: string | URL | Uint8Array,
  onProgress?: OnProgress,
): Promise<Uint8Array> {
  return avatar instanceof Uint8Array ? avatar : fetchBytes(avatar, 'face', onProgress);
}

/** Gives the canvas as many pixels as it covers on the screen. */
function fitToPage(canvas: HTMLCanvasElement): { width: number; height: number } {
  const ratio = Math.min(devicePixelRatio, maxPixelRatio);
  canvas.width = Math.max(1, Math.round(canvas.clientWidth * ratio));
  canvas.height = Math.max(1, Math.round(canvas.clientHeight * ratio));
  return { width: canvas.width, height: canvas.height };
}
