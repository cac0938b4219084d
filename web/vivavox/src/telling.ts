import type { Word } from './timeline.js';

/** Something to be told at a moment of an utterance. */
export interface Cue {
  at_s: number;
  tell: () => void;
}

/** Where an utterance is. */
export interface UtteranceClock {
  /** Seconds into it that are heard now; negative before the first sound, null before any. */
  position_s(): number | null;
  /** Whether it goes on from there. */
  isRunning(): boolean;
  readonly isPaused: boolean;
}

/** What is told of an utterance while it is heard, and which of its words were. */
export class Telling {
  readonly #clock: UtteranceClock;
  /** What is to be told, in order of time. */
  #cues: Cue[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What somebody else is still asked for. */
  readonly #coming = new Set<Promise<void>>();
  /** The words that may still be heard, and the last that was. */
  #words: Word[] = [];
  #lastWord: Word | null = null;
  #isStopped = false;

  constructor(clock: UtteranceClock) {
    this.#clock = clock;
  }

  /** Tells something when its moment is heard. */
  addCues(cues: Cue[]): void {
    this.#cues.push(...cues);
    this.#cues.sort((a, b) => a.at_s - b.at_s);
    this.goOn();
  }

  /** The same for what is still asked for: finish() waits for it. */
  addComingCues(coming: Promise<Cue[]>): void {
    const added: Promise<void> = coming
      .then((cues) => {
        if (!this.#isStopped) this.addCues(cues);
      })
      .catch(() => undefined) // nobody is left to tell it
      .finally(() => this.#coming.delete(added));
    this.#coming.add(added);
  }

  /** Adds words as they will be heard, for lastWord(). */
  addWords(words: Word[]): void {
    this.#words.push(...words);
  }

  /** The last word that was heard to its end. */
  lastWord(heard_s: number): Word | null {
    let word = this.#words[0];
    while (word && word.end_s <= heard_s) {
      this.#lastWord = word;
      this.#words.shift();
      word = this.#words[0];
    }
    return this.#lastWord;
  }

  /** Tells nothing while the utterance pauses. */
  hold(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Tells the next cue when it is heard: by a timer, because hidden pages draw no frames. */
  goOn(): void {
    clearTimeout(this.#timer);
    const [cue] = this.#cues;
    const position_s = this.#clock.position_s();
    if (!cue || position_s === null || this.#isStopped || this.#clock.isPaused) return;
    const wait_s = this.#clock.isRunning() ? Math.max(0, cue.at_s - position_s) : 0.1;
    this.#timer = setTimeout(() => {
      const now_s = this.#clock.position_s() ?? 0;
      // A listener may stop the utterance.
      while (!this.#wasStopped() && this.#cues[0] && this.#cues[0].at_s <= now_s) {
        this.#cues.shift()?.tell();
      }
      this.lastWord(now_s);
      this.goOn();
    }, wait_s * 1000);
  }

  /** All was heard: tells what is left. A timer may be late; no word is lost for that. */
  async finish(stopped: Promise<void>): Promise<void> {
    await Promise.race([Promise.all(this.#coming), stopped]);
    this.hold();
    for (const cue of this.#cues.splice(0)) {
      if (!this.#wasStopped()) cue.tell();
    }
  }

  /** Nothing is told any more. */
  stop(): void {
    this.#isStopped = true;
    this.hold();
    this.#cues = [];
  }

  // A method, so that the compiler does not take the answer before a call for the one after it.
  #wasStopped(): boolean {
    return this.#isStopped;
  }
}
