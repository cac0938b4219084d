import { VivavoxError } from './errors.js';
import type { SpokenClause } from './film_events.js';
import { Telling, type Cue } from './telling.js';
import type { Word } from './timeline.js';
import type { Heard, Playing } from './utterance.js';

/** How often it is looked whether all was heard, at least. */
const looking_s = 0.1;

/** A film that is shown, as an utterance follows it. */
export interface ShownFilm {
  /** Of the clock of who shows it: when its first frame is shown. */
  readonly start_s: number;
  /** Settles when all of it has come. @throws VivavoxError what broke it off */
  readonly whole: Promise<void>;
}

/** Who shows films, with their sound. */
export interface FilmPlayer {
  /** The moment that is shown and heard, of a clock of its own. */
  readonly now_s: number;
  isRunning(): boolean;
  /** @throws VivavoxError `audio_blocked` */
  play(onClause: (clause: SpokenClause) => void): Promise<ShownFilm>;
  /** Shows the face at rest, at once. */
  cut(): void;
  /** Its sound is over. */
  hush(): void;
  pause(): void;
  resume(): void;
}

/** Is told of each clause before it is heard, and when in the utterance it will be. */
export type OnClause = (clause: SpokenClause, start_s: number) => void;

/** A text that is said in a film: what is heard of it goes by the film's clock. */
export class FilmUtterance implements Playing {
  readonly #player: FilmPlayer;
  readonly #telling: Telling;
  readonly #onClause: OnClause;
  /** Of the player's clock at the first sound. */
  #origin_s: number | null = null;
  #end_s = 0;
  #isHeard = false;
  #isStopped = false;
  #isPaused = false;
  #stop!: () => void;
  readonly #stopped = new Promise<void>((resolve) => (this.#stop = resolve));

  constructor(player: FilmPlayer, onClause: OnClause) {
    this.#player = player;
    this.#onClause = onClause;
    this.#telling = new Telling(this);
  }

  /** Returns when all was heard, or stop() was called. @throws VivavoxError as the server says it */
  async play(): Promise<void> {
    let film: ShownFilm | null = null;
    const early: SpokenClause[] = [];
    const take = (clause: SpokenClause) => {
      early.push(clause);
      if (film) this.#takeAll(film, early);
    };
    try {
      film = await this.#player.play(take);
      if (this.#wasStopped()) {
        this.#player.cut();
        return;
      }
      if (this.#isPaused) this.#player.pause();
      this.#takeAll(film, early);
      await Promise.race([film.whole, this.#stopped]);
      await this.#untilHeard();
      if (this.#wasStopped()) return;
      this.#isHeard = true;
      await this.#telling.finish(this.#stopped);
    } catch (error) {
      if (!this.#wasStopped()) throw VivavoxError.from(error);
    } finally {
      this.stop();
    }
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#telling.stop();
    this.#player.hush();
    if (!this.#isHeard) this.#player.cut();
    if (this.#isPaused) this.#player.resume();
    this.#stop();
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  pause(): void {
    if (this.#isPaused || this.#isStopped) return;
    this.#isPaused = true;
    this.#telling.hold();
    this.#player.pause();
  }

  resume(): void {
    if (!this.#isPaused || this.#isStopped) return;
    this.#isPaused = false;
    this.#player.resume();
    this.#telling.goOn();
  }

  position_s(): number | null {
    return this.#origin_s === null ? null : this.#player.now_s - this.#origin_s;
  }

  isRunning(): boolean {
    return this.#player.isRunning();
  }

  heard(): Heard {
    const position_s = this.#isHeard ? this.#end_s : (this.position_s() ?? 0);
    const seconds = Math.min(this.#end_s, Math.max(0, position_s));
    const word = this.#telling.lastWord(seconds);
    return { word, characters: word?.end ?? 0, seconds };
  }

  addCues(cues: Cue[]): void {
    this.#telling.addCues(cues);
  }

  addComingCues(coming: Promise<Cue[]>): void {
    this.#telling.addComingCues(coming);
  }

  addWords(words: Word[]): void {
    this.#telling.addWords(words);
  }

  /** A film waits for nothing but itself. */
  placeOf(): { later_s: number; from_s: number } {
    return { later_s: 0, from_s: 0 };
  }

  #takeAll(film: ShownFilm, clauses: SpokenClause[]): void {
    for (const clause of clauses.splice(0)) {
      const at_s = film.start_s + clause.at_s;
      this.#origin_s ??= at_s;
      const start_s = at_s - this.#origin_s;
      this.#end_s = start_s + clause.timeline.duration_s;
      this.#onClause(clause, start_s);
    }
  }

  // A method, so that the compiler does not take the answer before an await for the one after it.
  #wasStopped(): boolean {
    return this.#isStopped;
  }

  async #untilHeard(): Promise<void> {
    while (!this.#wasStopped()) {
      const left_s = this.#end_s - (this.position_s() ?? 0);
      if (left_s <= 0 && !this.#isPaused) return;
      await this.#sleep(Math.min(looking_s, Math.max(0.005, left_s)));
    }
  }

  async #sleep(seconds: number): Promise<void> {
    const slept = new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    await Promise.race([slept, this.#stopped]);
  }
}
