import { VivavoxError } from './errors.js';
import { filmType } from './film_type.js';
import type { ShownFilm } from './film_utterance.js';

/** How much of the loop is there before it is shown: hidden pages look after it once a second. */
const ahead_s = 2.5;
/** How often it is looked after. */
const feeding_ms = 250;
/** What was shown is kept so long. */
const kept_s = 6;
/** Between what was stopped and what is shown instead: nothing of the one is taken for the other. */
const apart_s = 1;
/** A film is asked for so long before it is to be shown, at first; later as long as it takes. */
const firstNotice_s = 0.4;
const mostNotice_s = 1.5;
/** Frames are told from each other by less than the clocks of any film differ. */
const tiny_s = 0.001;

/** A round of an idle loop. */
export interface Loop {
  bytes: ArrayBuffer;
  fps: number;
}

/**
 * Films one after the other on one video, without a cut: idle loops, and what is said between them.
 * Where a film is late its first frame is waited for, in the face that it begins with.
 */
export class Reel {
  readonly video: HTMLVideoElement;
  readonly #source: MediaSource;
  readonly #buffer: SourceBuffer;
  readonly #feeding: ReturnType<typeof setInterval>;
  /** What is done with the buffer, one after the other. */
  #doing: Promise<unknown> = Promise.resolve();
  #loop: Loop | null = null;
  #coming: Promise<Loop> | null = null;
  #loopLength_s = 0;
  /** Where the last round began, and where what is there ends. */
  #round_s = 0;
  #end_s = 0;
  #film: AbortController | null = null;
  #whole: Promise<unknown> = Promise.resolve();
  #notice_s = firstNotice_s;

  /** @throws VivavoxError `renderer_unavailable` where the browser opens no source */
  static async open(): Promise<Reel> {
    const video = document.createElement('video');
    Object.assign(video, { muted: true, playsInline: true, disablePictureInPicture: true });
    const source = new MediaSource();
    const opened = new Promise<void>((resolve, reject) => {
      source.addEventListener('sourceopen', () => {
        resolve();
      });
      video.addEventListener('error', () => {
        reject(unplayable(video));
      });
    });
    const url = URL.createObjectURL(source);
    video.src = url;
    await opened;
    URL.revokeObjectURL(url);
    return new Reel(video, source);
  }

  private constructor(video: HTMLVideoElement, source: MediaSource) {
    this.video = video;
    this.#source = source;
    this.#buffer = source.addSourceBuffer(filmType);
    this.#feeding = setInterval(() => {
      void this.#feed();
    }, feeding_ms);
  }

  /** The moment that is shown and heard. */
  get now_s(): number {
    return this.video.currentTime;
  }

  /** Whether a film is under way. */
  get isBusy(): boolean {
    return this.#film !== null;
  }

  isRunning(): boolean {
    return !this.video.paused && this.video.readyState > HTMLMediaElement.HAVE_CURRENT_DATA;
  }

  /**
   * Shows a loop in place of the one before, from the next round on: until it is there, what is
   * shown goes on to its end, and waits.
   */
  async show(coming: Promise<Loop>): Promise<void> {
    this.#coming = coming;
    try {
      const loop = await coming;
      if (this.#coming !== coming) return;
      await this.#do(async () => {
        const isFirst = this.#loop === null;
        this.#loop = loop;
        this.#loopLength_s = 0;
        if (!isFirst) return;
        await this.#addRound();
        this.video.currentTime = this.#round_s;
      });
    } finally {
      if (this.#coming === coming) this.#coming = null;
    }
    await this.#feed();
    await this.video.play().catch(() => undefined);
  }

  /**
   * Leaves the loop for a film.
   * @param ask gets the film that goes on from this moment of the loop
   */
  async play(
    ask: (loopAt_s: number, signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>,
    onBytes: (bytes: Uint8Array) => void,
  ): Promise<ShownFilm> {
    // One that was heard to its end may still be coming.
    await this.#whole;
    const film = new AbortController();
    this.#film = film;
    const asked_ms = performance.now();
    const { start_s, loopAt_s } = await this.#do(() => this.#leaveLoop());
    const whole = (async () => {
      try {
        const bytes = await ask(loopAt_s, film.signal);
        await this.#addAll(bytes, start_s, film.signal, asked_ms, onBytes);
      } finally {
        if (this.#film === film) {
          this.#film = null;
          this.#endFilm(start_s);
        }
        void this.#feed();
      }
    })();
    this.#whole = whole.catch(() => undefined);
    return { start_s, whole };
  }

  /** Shows the loop at once, whatever is shown. */
  async cut(): Promise<void> {
    this.#film?.abort();
    this.#film = null;
    await this.#do(async () => {
      if (this.#source.readyState !== 'open') return;
      this.#buffer.abort();
      this.#end_s = Math.max(this.#buffered_s, this.now_s) + apart_s;
      await this.#addRound();
      this.video.currentTime = this.#round_s;
    });
  }

  dispose(): void {
    clearInterval(this.#feeding);
    this.#film?.abort();
    this.#film = null;
    this.video.pause();
    this.video.removeAttribute('src');
    this.video.load();
  }

  /** Cuts the loop off where a film can follow soon, at a frame of it. */
  async #leaveLoop(): Promise<{ start_s: number; loopAt_s: number }> {
    const fps = this.#loop?.fps ?? 1;
    const soon_s = Math.max(this.now_s + this.#notice_s, this.#round_s);
    const frames = Math.ceil((Math.min(soon_s, this.#end_s) - this.#round_s) * fps - tiny_s);
    const start_s = this.#round_s + frames / fps;
    if (start_s < this.#end_s - tiny_s) {
      await this.#done(() => {
        this.#buffer.remove(start_s - tiny_s, Infinity);
      });
    }
    this.#end_s = start_s;
    return { start_s, loopAt_s: frames / fps };
  }

  async #addAll(
    bytes: ReadableStream<Uint8Array>,
    start_s: number,
    signal: AbortSignal,
    asked_ms: number,
    onBytes: (bytes: Uint8Array) => void,
  ): Promise<void> {
    const reader = bytes.getReader();
    let isFirst = true;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      onBytes(value);
      await this.#do(async () => {
        if (signal.aborted) return;
        if (isFirst) this.#buffer.timestampOffset = start_s;
        await this.#done(() => {
          this.#buffer.appendBuffer(value as Uint8Array<ArrayBuffer>);
        });
        if (!isFirst) return;
        const took_s = (performance.now() - asked_ms) / 1000;
        this.#notice_s = Math.min(mostNotice_s, this.#notice_s * 0.5 + took_s * 0.6);
        isFirst = false;
      });
      if (signal.aborted) return;
    }
  }

  /** The loop goes on where the last frame of a film ends; where none came, as if nothing had been. */
  #endFilm(start_s: number): void {
    const fps = this.#loop?.fps ?? 1;
    const frames = Math.round((this.#buffered_s - start_s) * fps);
    if (frames > 0) this.#round_s = start_s + frames / fps;
    this.#end_s = this.#round_s;
  }

  /** Where what is there ends, to some milliseconds. */
  get #buffered_s(): number {
    const { buffered } = this.#buffer;
    return buffered.length === 0 ? 0 : buffered.end(buffered.length - 1);
  }

  /** Sees to it that the loop goes on, and that what was shown goes. */
  async #feed(): Promise<void> {
    await this.#do(async () => {
      if (this.#film || this.#coming || !this.#loop || this.#source.readyState !== 'open') return;
      while (this.#end_s - this.now_s < ahead_s) await this.#addRound();
      if (this.now_s < 2 * kept_s || this.#buffer.buffered.start(0) > this.now_s - 2 * kept_s)
        return;
      await this.#done(() => {
        this.#buffer.remove(0, this.now_s - kept_s);
      });
    }).catch(() => undefined); // its page is going
  }

  /** Adds one round where what is there ends. */
  async #addRound(): Promise<void> {
    const { bytes, fps } = this.#loop ?? {};
    if (!bytes || !fps) return;
    const start_s = this.#end_s;
    this.#buffer.timestampOffset = start_s;
    await this.#done(() => {
      this.#buffer.appendBuffer(bytes);
    });
    if (this.#loopLength_s === 0) {
      this.#loopLength_s = Math.round((this.#buffered_s - start_s) * fps) / fps;
    }
    this.#round_s = start_s;
    this.#end_s = start_s + this.#loopLength_s;
  }

  /** After what is done already; what fails fails alone. */
  #do<T>(what: () => Promise<T>): Promise<T> {
    const done = this.#doing.then(what);
    this.#doing = done.catch(() => undefined);
    return done;
  }

  /** Waits for a change of the buffer. */
  async #done(begin: () => void): Promise<void> {
    const leaving = new AbortController();
    const { signal } = leaving;
    try {
      await new Promise<void>((resolve, reject) => {
        const failed = () => {
          reject(unplayable(this.video));
        };
        this.#buffer.addEventListener(
          'updateend',
          () => {
            resolve();
          },
          { signal },
        );
        this.#buffer.addEventListener('error', failed, { signal });
        this.#source.addEventListener('sourceclose', failed, { signal });
        begin();
      });
    } finally {
      leaving.abort();
    }
  }
}

function unplayable(video: HTMLVideoElement): VivavoxError {
  const why = video.error?.message ?? '';
  return new VivavoxError('renderer_unavailable', `This browser does not show the film. ${why}`);
}
