import { either } from './aborting.js';
import { VivavoxError } from './errors.js';
import { FilmEvents, type SpokenClause } from './film_events.js';
import {
  backgroundOf,
  cameraOf,
  type FilmLook,
  type FilmServer,
  type FilmText,
} from './film_server.js';
import { FilmUtterance, type FilmPlayer, type OnClause } from './film_utterance.js';
import { PictureScene } from './picture_scene.js';
import { Reel } from './reel.js';
import type { Look, SceneOptions, TellPage } from './scene.js';

import type { Timeline } from './timeline.js';
import type { TimedViseme } from './visemes.js';

/** A server's processors draw for others too. */
const frames_per_s = 15;
/** The most pixels that are asked for, and the steps of either side: fewer sizes, fewer loops. */
const most_px = 384 * 384;
const step_px = 16;
const least_px = 64;
/** What changes is shown once it has stayed for so long: a window that is dragged asks for little. */
const settled_ms = 150;

/** Films of a server in a scene's place: its idle loop, and between its rounds what is said. */
export class FilmScene extends PictureScene {
  readonly #reel: Reel;
  readonly #server: FilmServer;
  readonly #tell: TellPage;
  readonly #seed: number;
  readonly #leaving = new AbortController();
  /** Of the clauses that are said, by their Timelines. */
  readonly #visemes = new WeakMap<Timeline, TimedViseme[]>();
  #size_px = { width: 1, height: 1 };
  #look: Look | null = null;
  #mood: string;
  #intensity: number;
  /** What the loop shows, or will. */
  #shown: FilmLook | null = null;
  #loading: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isVisible = true;
  #volume = 1;

  /** @throws VivavoxError `renderer_unavailable` where the browser shows no films */
  static async open(options: SceneOptions, server: FilmServer, tell: TellPage): Promise<FilmScene> {
    return new FilmScene(options, server, await Reel.open(), tell);
  }

  private constructor(options: SceneOptions, server: FilmServer, reel: Reel, tell: TellPage) {
    super();
    this.#server = server;
    this.#reel = reel;
    this.#tell = tell;
    this.#seed = options.seed;
    this.#mood = options.mood;
    this.#intensity = options.moodIntensity;
    this.#awaitFrame();
  }

  /** Shows the loop. @throws VivavoxError as the server says it */
  override async load(): Promise<void> {
    await this.#showLoop();
  }

  override resize(width: number, height: number): void {
    this.#size_px = { width, height };
    this.#showLoopSoon();
  }

  override setLook(look: Look): void {
    this.#look = look;
    this.#showLoopSoon();
  }

  override setMood(mood: string, intensity: number): void {
    this.#mood = mood;
    this.#intensity = intensity;
    this.#showLoopSoon();
  }

  override setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    super.setVisible(isVisible);
  }

  override visemesOf(timeline: Timeline): TimedViseme[] {
    return this.#visemes.get(timeline) ?? [];
  }

  /** How loud films are, 0 to 1. */
  setVolume(volume: number): void {
    this.#volume = volume;
    this.#reel.video.volume = volume;
  }

  /** What says this text. */
  utterance(said: FilmText, onClause: OnClause): FilmUtterance {
    return new FilmUtterance(this.#saying(said), onClause);
  }

  #saying(said: FilmText): FilmPlayer {
    const reel = this.#reel;
    return {
      get now_s() {
        return reel.now_s;
      },
      isRunning: () => reel.isRunning(),
      play: async (onClause) => {
        await this.#beHeard();
        const events = new FilmEvents();
        const look = this.#filmLook();
        const before = this.#shown ?? look;
        this.#showLoop().catch(this.#fail);
        const ask = (loopAt_s: number, signal: AbortSignal) =>
          this.#server.film(said, look, before, loopAt_s, signal);
        return reel.play(ask, (bytes) => {
          for (const clause of events.add(bytes)) this.#take(clause, onClause);
        });
      },
      cut: () => {
        reel.cut().catch(this.#fail);
      },
      hush: () => {
        reel.video.muted = true;
      },
      pause: () => {
        reel.video.pause();
      },
      resume: () => {
        reel.video.play().catch(this.#fail);
      },
    };
  }

  override rest(): void {
    this.dispose();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#leaving.abort();
    this.#reel.dispose();
  }

  #take(clause: SpokenClause, onClause: (clause: SpokenClause) => void): void {
    this.#visemes.set(clause.timeline, clause.visemes);
    onClause(clause);
  }

  /** A page may sound once it was used: before, its video would be stopped. */
  async #beHeard(): Promise<void> {
    const { userActivation } = navigator as Partial<Navigator>;
    const { video } = this.#reel;
    video.volume = this.#volume;
    if (userActivation?.hasBeenActive ?? true) {
      video.muted = false;
      try {
        await video.play();
        return;
      } catch {
        video.muted = true;
      }
    }
    throw new VivavoxError(
      'audio_blocked',
      'The browser keeps sound off until the page is used: call speak() from a click or a key press.',
    );
  }

  #filmLook(): FilmLook {
    const look = this.#look;
    if (!look) throw new VivavoxError('internal', 'A film was asked for before its look.');
    return {
      mood: this.#mood,
      intensity: this.#intensity,
      ...filmSize(this.#size_px),
      fps: frames_per_s,
      camera: cameraOf(look.shot),
      background: backgroundOf(look),
      lighting: look.lighting,
      seed: this.#seed,
    };
  }

  #showLoopSoon(): void {
    if (!this.#shown) return; // load() shows the first
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#change().catch(this.#fail);
    }, settled_ms);
  }

  async #showLoop(): Promise<void> {
    clearTimeout(this.#timer);
    const look = this.#filmLook();
    if (JSON.stringify(look) === JSON.stringify(this.#shown)) return;
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    const coming = this.#server.loop(look, either(loading.signal, this.#leaving.signal));
    this.#shown = look;
    await this.#reel.show(coming.then((bytes) => ({ bytes, fps: frames_per_s })));
  }

  /** The face goes from one look to the other in a film of its own. */
  async #change(): Promise<void> {
    const before = this.#shown;
    const look = this.#filmLook();
    if (!before || JSON.stringify(look) === JSON.stringify(before)) return;
    const showing = this.#showLoop();
    if (!this.#reel.isBusy && before.mood !== look.mood) {
      const film = await this.#reel.play(
        (loopAt_s, signal) => this.#server.film({}, look, before, loopAt_s, signal),
        () => undefined,
      );
      await film.whole;
    }
    await showing;
  }

  #awaitFrame(): void {
    this.#reel.video.requestVideoFrameCallback(() => {
      if (this.#leaving.signal.aborted) return;
      this.#awaitFrame();
      if (this.#isVisible) this.show(this.#reel.video).catch(this.#fail);
    });
  }

  readonly #fail = (error: unknown): void => {
    if (this.#leaving.signal.aborted) return;
    if (error instanceof DOMException && error.name === 'AbortError') return;
    const { code, message } = VivavoxError.from(error);
    this.#tell({ type: 'error', code, message });
  };
}

/** A picture of about the canvas's shape that a server draws quickly. */
function filmSize({ width, height }: { width: number; height: number }): {
  width: number;
  height: number;
} {
  const scale = Math.min(1, Math.sqrt(most_px / (width * height)));
  const side = (length: number) =>
    Math.max(least_px, Math.round((length * scale) / step_px) * step_px);
  return { width: side(width), height: side(height) };
}
