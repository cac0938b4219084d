import { either, rejectedBy } from './aborting.js';
import { assetUrls } from './assets.js';
import { AudioStream, type ToldText } from './audio_stream.js';
import { avatarBytes, transferOf } from './avatar_file.js';
import type {
  AudioInput,
  AvatarEvents,
  AvatarFile,
  AvatarOptions,
  AvatarStats,
  Lighting,
  Listener,
  LoadOptions,
  SpeakAudioOptions,
  SpeakOptions,
  StopOptions,
} from './avatar_options.js';
import { paintOf, type Background } from './background.js';
import { CanvasSurface, nextTurn } from './canvas_surface.js';
import { captureOf, type Capture, type LiveSound } from './capture.js';
import { VivavoxError } from './errors.js';
import { Gaze, type LookTarget } from './gaze.js';
import { checkedChoice, defaultBackground, lightings, lookOf, qualities } from './look.js';
import { checkedMood, type Mood } from './moods.js';
import { clausesOfAudio, monoOf, type AudioContent, type Sound } from './own_audio.js';
import type { FileModuleUrls } from './packed_file.js';
import type { OnProgress, Progress } from './progress.js';
import type { Quality } from './quality.js';
import {
  hasWebGL,
  openLocal,
  openOther,
  openRenderer,
  openStill,
  type Renderer,
  type RendererChoice,
  type RendererName,
} from './renderer.js';
import { canShowFilms } from './film_type.js';
import { record, type Recording, type RecordOptions } from './recording.js';
import type { Look, SceneEvent } from './scene.js';
import { sceneListener } from './sound_listener.js';
import { jawAndLips, type SpeakingStyle } from './speaking_style.js';
import { Speaker, type SpeakOutcome, type SpeakRequest } from './speaker.js';
import type { SpeechClause, SpeechOptions, SpeechSource } from './speech_source.js';
import { clausesOfText } from './text_clauses.js';
import type { Heard } from './utterance.js';
import type { Timeline } from './timeline.js';
import type { AvatarTraits, TraitChoices } from './traits.js';
import { shotOf, type View } from './view.js';

/** How often it is looked whether the page can draw again. */
const returning_ms = 10_000;

/** Somebody who draws, and what is shown first. */
interface Shown extends LoadOptions {
  renderer: Renderer;
  glb: Uint8Array;
  transfer: Transferable[];
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
  readonly #surface: CanvasSurface;
  readonly #workerUrl: URL;
  #capture: Capture | null = null;
  #followTurn = 0;
  #renderer: Renderer;
  readonly #choice: RendererChoice;
  readonly #fileModules: FileModuleUrls;
  readonly #speaker: Speaker;
  readonly #speech: Promise<SpeechSource> | null;
  readonly #onProgress: OnProgress | undefined;
  readonly #gaze: Gaze;
  readonly #leaving = new AbortController();
  #look: Look;
  #view: View;
  #background: Background | null;
  #mood: Mood;
  #moodIntensity: number;
  #speakingStyle: SpeakingStyle;
  #loading: AbortController | null = null;
  #isVisible = false;
  /** What the page shows where it draws itself. */
  #file: LoadOptions & { avatar: AvatarFile };
  #isDisposed = false;

  /**
   * Loads the renderer and the avatar and shows it. The canvas shows the avatar that was created on
   * it last. Without WebGL 2 the `server` draws, or nobody: see Avatar.renderer.
   * @throws VivavoxError `invalid_avatar`, `io_failed`, `canvas_in_use`, `worker_failed`,
   * `invalid_argument`; the signal's reason
   */
  static async create(canvas: HTMLCanvasElement, options: AvatarOptions = {}): Promise<Avatar> {
    const { signal, onProgress } = options;
    signal?.throwIfAborted();
    const { mood, moodIntensity } = checkedMood(options.mood, options.moodIntensity);
    const style = jawAndLips(options.speakingStyle);
    const look = lookOf(options);
    const urls = assetUrls(options);
    const turn = nextTurn();
    const stop = new AbortController();
    const whole = signal ? either(signal, stop.signal) : stop.signal;
    const choice: RendererChoice = {
      scene: {
        wasmUrl: urls.wasm.href,
        listenUrl: urls.listen.href,
        mood,
        moodIntensity,
        ...style,
        seed: options.seed ?? 0,
      },
      workerUrl: urls.worker,
      posterUrl: urls.poster,
      server: options.server,
    };
    const opening = openRenderer(choice, whole);
    const unwanted = new AbortController();
    try {
      const fetching = avatarBytes(
        options.avatar ?? urls.avatar,
        onProgress,
        either(whole, unwanted.signal),
      );
      fetching.catch(() => undefined);
      // Who does not draw it needs no file.
      opening.then(
        ({ name }) => {
          if (name !== 'local') unwanted.abort();
        },
        () => undefined,
      );
      const glb = fetching.catch((error: unknown) => {
        if (unwanted.signal.aborted) return new Uint8Array();
        throw error;
      });
      const [renderer, file] = await Promise.all([opening, glb]);
      const avatar = new Avatar(canvas, turn, renderer, choice, look, {
        ...options,
        mood,
        moodIntensity,
      });
      try {
        await avatar.#showFirst(file, transferOf(options.avatar, file), options);
      } catch (error) {
        avatar.dispose();
        throw error;
      }
      return avatar;
    } catch (error) {
      stop.abort();
      opening.then(
        (scene) => {
          scene.close();
        },
        () => undefined,
      );
      signal?.throwIfAborted();
      throw VivavoxError.from(error);
    }
  }

  private constructor(
    canvas: HTMLCanvasElement,
    turn: number,
    renderer: Renderer,
    choice: RendererChoice,
    look: Look,
    options: AvatarOptions & { mood: Mood; moodIntensity: number },
  ) {
    super();
    this.canvas = canvas;
    this.#renderer = renderer;
    this.#choice = choice;
    const { avatar, clip, traits } = options;
    this.#file = {
      avatar: avatar ?? assetUrls(options).avatar,
      clip,
      ...(traits && { traits }),
    };
    this.#surface = new CanvasSurface(canvas, turn, renderer.workerUrl, {
      onResize: (width, height) => {
        this.#scene.tell('resize', [width, height]);
      },
      onVisible: (isVisible) => {
        this.#isVisible = isVisible;
        this.#scene.tell('setVisible', [isVisible]);
      },
    });
    const { worker, unpack, sculpt } = assetUrls(options);
    this.#workerUrl = worker;
    this.#fileModules = { unpack: unpack.href, sculpt: sculpt.href };
    this.#speech = options.speech ? Promise.resolve(options.speech) : null;
    this.#speech?.catch(() => undefined); // speak() reports it
    this.#onProgress = options.onProgress;
    this.#look = look;
    this.#view = options.view ?? 'bust';
    this.#background = options.background ?? null;
    this.#mood = options.mood;
    this.#moodIntensity = options.moodIntensity;
    this.#speakingStyle = options.speakingStyle ?? 'natural';
    this.#speaker = new Speaker(
      () => this.#renderer,
      (type, detail) => {
        this.#emit(type, detail);
      },
    );
    this.#gaze = new Gaze(canvas, (direction) => {
      this.#scene.tell('lookAt', [direction]);
    });
    this.#hear(renderer);
    this.#heedMotion();
    this.#applyLook();
  }

  /** Who draws: the page itself, a server, or nobody. */
  get renderer(): RendererName {
    return this.#renderer.name;
  }

  get #scene(): Renderer['remote'] {
    return this.#renderer.remote;
  }

  /** The mood in use. */
  get mood(): Mood {
    return this.#mood;
  }

  set mood(name: Mood) {
    this.setMood(name, this.#moodIntensity);
  }

  /** How strong it is, 0 to 1. */
  get moodIntensity(): number {
    return this.#moodIntensity;
  }

  /**
   * Changes the mood, while speaking too.
   * @param intensity 0 to 1
   * @throws VivavoxError `invalid_argument` for a mood there is not
   */
  setMood(name: Mood, intensity = 1): void {
    this.#assertAlive();
    const { mood, moodIntensity } = checkedMood(name, intensity);
    this.#mood = mood;
    this.#moodIntensity = moodIntensity;
    this.#scene.tell('setMood', [mood, moodIntensity]);
  }

  /**
   * How much jaw and lips are used to speak; changes while speaking too.
   * @throws VivavoxError `invalid_argument`
   */
  get speakingStyle(): SpeakingStyle {
    return this.#speakingStyle;
  }

  set speakingStyle(style: SpeakingStyle) {
    this.#assertAlive();
    this.#scene.tell('setStyle', [jawAndLips(style)]);
    this.#speakingStyle = style;
  }

  /** What of the avatar is shown. @throws VivavoxError `invalid_argument` */
  get view(): View {
    return this.#view;
  }

  set view(view: View) {
    this.#change({ shot: shotOf(view) });
    this.#view = view;
  }

  /**
   * `#rrggbb`, `transparent`, or any CSS image such as `url(room.jpg)`. Null stands for the default, a soft grey.
   * @throws VivavoxError `invalid_argument`
   */
  get background(): Background | null {
    return this.#background;
  }

  set background(background: Background | null) {
    background ??= defaultBackground;
    this.#change({ background: paintOf(background).color });
    this.#background = background;
    this.#applyLook();
  }

  /** How the face is lit; `portrait` by default. @throws VivavoxError `invalid_argument` */
  get lighting(): Lighting {
    return this.#look.lighting;
  }

  set lighting(lighting: Lighting) {
    this.#change({ lighting: checkedChoice('lighting', lighting, lightings) });
  }

  /** How well it is drawn; `auto`, the default, holds the frame rate. @throws VivavoxError `invalid_argument` */
  get quality(): Quality {
    return this.#look.quality;
  }

  set quality(quality: Quality) {
    this.#change({ quality: checkedChoice('quality', quality, qualities) });
  }

  /** Whether something is being said, or waits in a pause(). */
  get speaking(): boolean {
    return this.#speaker.isSpeaking;
  }

  /** Whether pause() holds what is being said. */
  get paused(): boolean {
    return this.#speaker.isPaused;
  }

  /** 0 to 1. @throws VivavoxError `invalid_argument` */
  get volume(): number {
    return this.#speaker.volume;
  }

  set volume(volume: number) {
    this.#speaker.volume = volume;
  }

  /** Whether nothing is heard; speech goes on all the same. */
  get muted(): boolean {
    return this.#speaker.isMuted;
  }

  set muted(isMuted: boolean) {
    this.#speaker.isMuted = isMuted;
  }

  /**
   * The node that all of the avatar's sound passes through, for a meter, a recorder or an effect.
   * Null before the first speak(): a page may not use sound before it is used itself.
   */
  get audioOutput(): AudioNode | null {
    return this.#speaker.openSound?.node ?? null;
  }

  /**
   * Says a text; what is being said stops. Returns once it was heard, or was stopped. A text that
   * comes token by token is spoken clause by clause, from its first whole clause on.
   * @throws VivavoxError `invalid_text`, `unknown_voice`, `audio_blocked`, `audio_interrupted`,
   * `no_speech`, `disposed` …; what the tokens throw
   */
  async speak(
    text: string | AsyncIterable<string>,
    options: SpeakOptions = {},
  ): Promise<SpeakOutcome> {
    this.#assertAlive();
    if (!this.#renderer.films) void this.#assertSpeech();
    const { queue, signal, marks, ...speechOptions } = options;
    return this.#speaker.say({
      text: typeof text === 'string' ? text : '',
      clauses: (over) => clausesOfText(this.#assertSpeech(), text, speechOptions, over),
      film: async () => ({ text: await wholeText(text), voice: speechOptions.voice }),
      queue,
      signal,
      marks,
    });
  }

  /**
   * Says an app's own audio. The mouth follows what is known of it: its visemes, its words, its
   * text (by `vivavox-speech`), or with nothing known what is heard in it.
   * @throws VivavoxError `invalid_audio`, `invalid_argument` …
   */
  async speakAudio(audio: AudioInput, options: SpeakAudioOptions = {}): Promise<SpeakOutcome> {
    this.#assertAlive();
    const { queue, signal, marks, ...content } = options;
    return this.#speaker.say({
      text: content.text ?? content.words?.map(({ text }) => text).join(' ') ?? '',
      clauses: (over) => this.#clausesOfAudio(audio, content, over),
      queue,
      signal,
      marks,
    });
  }

  /**
   * Opens a stream for sound that comes chunk by chunk, e.g. from a voice in the cloud.
   * @param sampleRate_hz of the samples that will be written, 3000 to 192000
   * @throws VivavoxError `invalid_argument`
   */
  stream(
    sampleRate_hz: number,
    options: Omit<SpeakOptions, keyof SpeechOptions> = {},
  ): AudioStream {
    this.#assertAlive();
    if (!(sampleRate_hz >= 3000 && sampleRate_hz <= 192_000)) {
      throw new VivavoxError('invalid_argument', 'sampleRate_hz must be from 3000 to 192000');
    }
    const { queue, signal, marks } = options;
    let request: SpeakRequest | null = null;
    return new AudioStream(sampleRate_hz, {
      listen: this.#listen,
      say: (clauses) => {
        request = { text: '', clauses, queue, signal, marks };
        return this.#speaker.say(request);
      },
      align: (samples, rate_hz, told) => this.#aligned(samples, rate_hz, told),
      revise: (timeline, start_s) => {
        if (request) this.#speaker.revise(request, timeline, start_s);
      },
    });
  }

  /**
   * Moves the mouth by sound that others make, while they make it: a microphone, a call, an audio
   * element's node. It is neither played nor recorded here, and the mouth is about 60 ms behind.
   * What the avatar says itself goes first. One is followed at a time; null ends it.
   * @throws VivavoxError `invalid_argument` for a stream without sound; `unavailable` where the
   * browser taps no sound; `io_failed`; `superseded` by a later follow()
   */
  async follow(source: LiveSound | null): Promise<void> {
    this.#assertAlive();
    const turn = ++this.#followTurn;
    this.#unfollow();
    if (!source) return;
    const context = () => this.#speaker.sound().context;
    const capture = await captureOf(source, context, this.#workerUrl);
    if (this.#isDisposed || turn !== this.#followTurn) {
      capture.stop();
      throw this.#isDisposed
        ? disposed()
        : new VivavoxError('superseded', 'A later follow() took the place of this one.');
    }
    this.#capture = capture;
    const { port, sampleRate_hz } = capture;
    await this.#scene.call('follow', [port, sampleRate_hz], [port]);
  }

  /**
   * Falls silent; every pending speak() returns 'stopped'.
   * @returns what was heard of what was being said; null at rest
   */
  stop({ fade_s }: StopOptions = {}): Heard | null {
    return this.#speaker.stop(fade_s);
  }

  /** Holds speech where it is; the face rests. */
  pause(): void {
    this.#speaker.pause();
  }

  /** Goes on after pause(). */
  resume(): void {
    this.#speaker.resume();
  }

  /** Looks at whoever watches, follows the pointer, or with null wanders as the mood has it. */
  lookAt(target: LookTarget | null): void;
  /** Looks at a point of the page, in CSS pixels of the viewport. */
  lookAt(x: number, y: number): void;
  lookAt(target: LookTarget | number | null, y?: number): void {
    this.#assertAlive();
    this.#gaze.lookAt(target, y);
  }

  /**
   * A picture of the avatar as it looks now.
   * @param type of the file, `image/png` by default
   * @throws VivavoxError `encoder_failed`; `renderer_unavailable` while the graphics context is lost
   */
  async snapshot(type = 'image/png', quality?: number): Promise<Blob> {
    this.#assertAlive();
    return this.#scene.call('snapshot', [type, quality]);
  }

  /**
   * Records picture and sound until the recording's stop(), or until the avatar is disposed of.
   * @throws VivavoxError `invalid_argument`; `unavailable` where the browser cannot
   */
  record(options: RecordOptions = {}): Recording {
    this.#assertAlive();
    return record(this.#surface, this.#speaker.sound(), this.#leaving.signal, options);
  }

  /** How the avatar is doing. */
  async stats(): Promise<AvatarStats> {
    this.#assertAlive();
    return { ...(await this.#scene.call('stats', [])), renderer: this.#renderer.name };
  }

  /**
   * Changes what is seen of the avatar, over what was changed before. Returns once it is drawn.
   * @throws VivavoxError `invalid_argument`, which says what this avatar can change: nothing has
   * changed then; `renderer_unavailable` while the graphics context is lost
   */
  async customize(choices: TraitChoices): Promise<void> {
    this.#assertAlive();
    await this.#scene.call('customize', [choices]);
  }

  /**
   * What can be changed of this avatar, and what is chosen.
   * @throws VivavoxError `renderer_unavailable` while the graphics context is lost
   */
  async traits(): Promise<AvatarTraits> {
    this.#assertAlive();
    return this.#scene.call('traits', []);
  }

  /**
   * Shows another avatar. Of several calls the last holds, whichever file comes first.
   * @throws VivavoxError `invalid_avatar`, `io_failed`, `invalid_argument` for a clip or traits that
   * it has not: the one before stays; `superseded`
   */
  async load(avatar: AvatarFile, { clip, traits = {} }: LoadOptions = {}): Promise<void> {
    this.#assertAlive();
    await this.#loadOver(async (signal) => {
      const glb = await avatarBytes(avatar, this.#progress, signal);
      signal.throwIfAborted();
      const transfer = transferOf(avatar, glb);
      await this.#scene.call('load', [glb, this.#fileModules, clip, traits], transfer);
    });
    this.#file = { avatar, clip, traits };
  }

  /**
   * Stops and gives everything back; its worker five seconds later, if no other avatar is made until
   * then, which would begin with what is compiled. Only a second dispose() may follow.
   */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#unfollow();
    this.#speaker.dispose();
    this.#isDisposed = true;
    this.#leaving.abort();
    this.#loading?.abort();
    this.#gaze.dispose();
    this.#surface.dispose();
    this.#scene.fail(disposed());
    this.#renderer.rest();
  }

  override addEventListener<K extends keyof AvatarEvents>(
    type: K,
    listener: Listener<K> | null,
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
    if (type === 'viseme') this.#speaker.wantsVisemes = true;
    super.addEventListener(type, listener, options);
  }

  override removeEventListener<K extends keyof AvatarEvents>(
    type: K,
    listener: Listener<K> | null,
    options?: boolean | EventListenerOptions,
  ): void;
  override removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void;
  override removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void {
    super.removeEventListener(type, listener, options);
  }

  /** Where the server shows nothing, nobody draws. */
  async #showFirst(
    glb: Uint8Array,
    transfer: Transferable[],
    options: AvatarOptions,
  ): Promise<void> {
    try {
      await this.#show(glb, transfer, options);
    } catch (error) {
      if (this.#renderer.name !== 'server' || options.signal?.aborted) throw error;
      this.#replace(await openStill(this.#choice));
      await this.#show(glb, transfer, options);
    }
    if (this.#renderer.name === 'local') return;
    this.#tellRenderer();
    this.#awaitLocal();
  }

  async #show(
    glb: Uint8Array,
    transfer: Transferable[],
    { clip, traits = {}, signal }: AvatarOptions,
  ): Promise<void> {
    const { remote } = this.#renderer;
    const { width, height } = this.#surface.size_px();
    const { frames } = this.#surface;
    remote.tell('resize', [width, height]);
    remote.tell('showOn', [frames], [frames as MessagePort]);
    const loading = Promise.all([
      remote.call('load', [glb, this.#fileModules, clip, traits], transfer),
      this.#surface.ready,
    ]);
    await (signal ? Promise.race([loading, rejectedBy(signal)]) : loading);
  }

  /** Another draws from now on; show() follows. */
  #replace(renderer: Renderer): void {
    const { close, remote } = this.#renderer;
    this.#renderer = renderer;
    this.#surface.connect();
    remote.fail(new VivavoxError('renderer_unavailable', 'Somebody else draws the avatar now.'));
    close();
    this.#hear(renderer);
    renderer.remote.tell('setMood', [this.#mood, this.#moodIntensity]);
    renderer.remote.tell('setStyle', [jawAndLips(this.#speakingStyle)]);
    renderer.remote.tell('reduceMotion', [reducedMotion().matches]);
    renderer.remote.tell('setVisible', [this.#isVisible]);
    this.#speaker.applyVolume();
    this.#applyLook();
  }

  #hear({ remote }: Renderer): void {
    remote.onEvent = (event) => {
      this.#onSceneEvent(event);
    };
    remote.onError = (error) => {
      this.#emit('error', error);
    };
  }

  /** After whoever made the avatar could listen. */
  #tellRenderer(): void {
    const { name } = this.#renderer;
    setTimeout(() => {
      if (!this.#isDisposed) this.#emit('renderer', { renderer: name });
    });
  }

  /** Runs a load, unless a later one comes: then this one is given up. */
  async #loadOver(load: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    try {
      await load(loading.signal);
    } catch (error) {
      if (this.#isDisposed) throw disposed();
      if (loading.signal.aborted) throw superseded();
      throw VivavoxError.from(error);
    }
    // It has been shown, but a later one is under way.
    if (this.#loading !== loading) throw superseded();
  }

  async *#clausesOfAudio(
    audio: AudioInput,
    content: AudioContent,
    over: AbortSignal,
  ): AsyncGenerator<SpeechClause> {
    const sound = await this.#decoded(audio);
    if (over.aborted) return;
    const speech = (await this.#speech) ?? null;
    yield* clausesOfAudio(sound, content, speech, this.#listen);
  }

  async #aligned(
    samples: Float32Array,
    sampleRate_hz: number,
    { text, voice }: ToldText,
  ): Promise<Timeline> {
    const speech = await this.#speech;
    if (!speech?.align) {
      throw new VivavoxError(
        'unavailable',
        'A text is timed by speech that can align: give `speech: createSpeech()` of vivavox-speech.',
      );
    }
    return speech.align(samples, sampleRate_hz, text, voice === undefined ? {} : { voice });
  }

  async #decoded(audio: AudioInput): Promise<Sound> {
    if (audio instanceof AudioBuffer) return monoOf(audio);
    try {
      // Decoding takes the bytes away, so it gets a copy of those that are the app's.
      const bytes =
        audio instanceof ArrayBuffer
          ? audio.slice(0)
          : await new Response(audio as BodyInit).arrayBuffer();
      return monoOf(await this.#speaker.sound().context.decodeAudioData(bytes));
    } catch (cause) {
      throw new VivavoxError(
        'invalid_audio',
        'The browser cannot decode this audio: give it a whole WAV, MP3, Ogg or AAC file.',
        { cause },
      );
    }
  }

  readonly #listen = (sampleRate_hz: number) => sceneListener(this.#scene, sampleRate_hz);

  #unfollow(): void {
    if (!this.#capture) return;
    this.#capture.stop();
    this.#capture = null;
    this.#scene.tell('unfollow', []);
  }

  readonly #progress = (progress: Progress): void => {
    this.#onProgress?.(progress);
    this.#emit('progress', progress);
  };

  #heedMotion(): void {
    const reduced = reducedMotion();
    const apply = () => {
      this.#scene.tell('reduceMotion', [reduced.matches]);
    };
    apply();
    reduced.addEventListener('change', apply, { signal: this.#leaving.signal });
  }

  #change(part: Partial<Look>): void {
    this.#assertAlive();
    this.#look = { ...this.#look, ...part };
    this.#scene.tell('setLook', [this.#look]);
  }

  #applyLook(): void {
    this.#scene.tell('setLook', [this.#look]);
    if (this.#background === null) return;
    const { image } = paintOf(this.#background);
    if (image !== '' || this.canvas.style.backgroundImage !== '') {
      Object.assign(this.canvas.style, {
        backgroundImage: image,
        backgroundSize: 'cover',
        backgroundPosition: 'center',
      });
    }
  }

  /** Draws again by itself as soon as it can. */
  #awaitLocal(): void {
    const timer = setInterval(() => {
      if (!hasWebGL()) return;
      clearInterval(timer);
      this.#handOver(() => this.#openLocal());
    }, returning_ms);
    this.#leaving.signal.addEventListener('abort', () => {
      clearInterval(timer);
    });
  }

  async #openLocal(): Promise<Shown> {
    const { signal } = this.#leaving;
    const { avatar, ...shown } = this.#file;
    const glb = await avatarBytes(avatar, this.#progress, signal);
    const renderer = await openLocal(this.#choice, signal);
    return { renderer, glb, transfer: transferOf(avatar, glb), ...shown };
  }

  /** Who draws where the page does not. */
  async #openOther(): Promise<Shown> {
    const renderer = await openOther(this.#choice);
    return { renderer, glb: new Uint8Array(), transfer: [] };
  }

  /** Another draws from the next pause on; where that fails all stays as it is. */
  #handOver(open: () => Promise<Shown>): void {
    const change = async () => {
      const { renderer, glb, transfer, ...shown } = await open();
      if (this.#isDisposed) {
        renderer.close();
        return;
      }
      await this.#untilPause();
      this.#replace(renderer);
      await this.#show(glb, transfer, shown);
      this.#tellRenderer();
    };
    change().catch((error: unknown) => {
      if (!this.#isDisposed) this.#emit('error', VivavoxError.from(error));
    });
  }

  async #untilPause(): Promise<void> {
    while (this.#speaker.isSpeaking) {
      await new Promise((resolve) => {
        this.addEventListener('end', resolve, { once: true });
      });
      // Whoever hears of the end may speak.
      await Promise.resolve();
    }
  }

  #onSceneEvent(event: SceneEvent): void {
    switch (event.type) {
      case 'slow':
        if (this.#choice.server !== undefined && canShowFilms()) {
          this.#handOver(() => this.#openOther());
        }
        break;
      case 'quality':
        this.#emit('quality', { level: event.level });
        break;
      case 'error':
        this.#emit('error', new VivavoxError(event.code, event.message));
        if (event.code !== 'renderer_unavailable' || this.renderer !== 'local') break;
        this.#handOver(() => this.#openOther());
        this.#awaitLocal();
        break;
      default:
        this.#emit(event.type, null);
    }
  }

  #emit<K extends keyof AvatarEvents>(type: K, detail: AvatarEvents[K]['detail']): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #assertAlive(): void {
    if (this.#isDisposed) throw disposed();
  }

  #assertSpeech(): Promise<SpeechSource> {
    if (this.#speech) return this.#speech;
    throw new VivavoxError('no_speech', 'This avatar has no voice: create it with { speech }.');
  }
}

function reducedMotion(): MediaQueryList {
  return matchMedia('(prefers-reduced-motion: reduce)');
}

async function wholeText(text: string | AsyncIterable<string>): Promise<string> {
  if (typeof text === 'string') return text;
  let whole = '';
  for await (const token of text) whole += token;
  return whole;
}

function disposed(): VivavoxError {
  return new VivavoxError('disposed', 'This avatar was disposed of: create another.');
}

function superseded(): VivavoxError {
  return new VivavoxError('superseded', 'A later load() took the place of this one.');
}
