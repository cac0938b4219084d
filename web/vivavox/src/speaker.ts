import { VivavoxError } from './errors.js';
import type { FilmText } from './film_server.js';
import type { Films, Renderer } from './renderer.js';
import { SoundOutput } from './sound_output.js';
import type { SpeechClause } from './speech_source.js';
import type { Timeline, Word } from './timeline.js';
import type { Cue } from './telling.js';
import { Utterance, type Heard, type Playing } from './utterance.js';
import type { VisemeName } from './visemes.js';

/** How often the scene hears of the sound device's clock, which hardly drifts. */
const clockInterval_ms = 150;

/** How an utterance ended: all was said, or something stopped it. */
export type SpeakOutcome = 'finished' | 'stopped';

/** A place in a text that an app wants to be told of. */
export interface Mark {
  name: string;
  /** Offset into the text in UTF-16 code units: told with the word there, or the next one. */
  at: number;
}

/** What is told of an utterance. Times count from its start. */
export interface SpeakerEvents {
  start: { text: string };
  word: Word;
  sentence: { text: string; begin: number };
  viseme: { viseme: VisemeName; start_s: number; end_s: number };
  mark: Mark;
  end: { outcome: SpeakOutcome; text: string } & Heard;
}

type Emit = <K extends keyof SpeakerEvents>(type: K, detail: SpeakerEvents[K]) => void;

/** Something to be said. */
export interface SpeakRequest {
  /** For events; empty where nobody knows it. */
  text: string;
  /** Its sound; the signal is aborted once nobody wants more. */
  clauses(signal: AbortSignal): AsyncIterable<SpeechClause>;
  /** The whole text, where whoever draws can say it too. */
  film?: (() => Promise<FilmText>) | undefined;
  /** After what is being said, instead of in its place. */
  queue?: boolean | undefined;
  signal?: AbortSignal | undefined;
  marks?: readonly Mark[] | undefined;
}

/** A request on its way. */
class Job {
  readonly request: SpeakRequest;
  readonly over = new AbortController();
  readonly outcome: Promise<SpeakOutcome>;
  resolve!: (outcome: SpeakOutcome) => void;
  reject!: (error: VivavoxError) => void;
  utterance: Playing | null = null;
  isRun = false;
  isShown = false;
  isOver = false;
  endsSentence = true;
  marks: Mark[];

  constructor(request: SpeakRequest) {
    this.request = request;
    this.marks = [...(request.marks ?? [])].sort((a, b) => a.at - b.at);
    this.outcome = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}

/** Says one thing after another: the order of utterances, and what is told of them. */
export class Speaker {
  readonly #renderer: () => Renderer;
  readonly #emit: Emit;
  #sound: SoundOutput | null = null;
  #current: Job | null = null;
  #queue: Job[] = [];
  #clockTimer: ReturnType<typeof setInterval> | undefined;
  #isPaused = false;
  #volume = 1;
  #isMuted = false;
  /** Whether someone listens to visemes, which cost a question for each clause. */
  wantsVisemes = false;

  /** @param renderer who draws, and may sound, at the moment */
  constructor(renderer: () => Renderer, emit: Emit) {
    this.#renderer = renderer;
    this.#emit = emit;
  }

  get #scene(): Renderer['remote'] {
    return this.#renderer().remote;
  }

  get isSpeaking(): boolean {
    return this.#current !== null;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get volume(): number {
    return this.#volume;
  }

  set volume(volume: number) {
    if (!(volume >= 0 && volume <= 1)) {
      throw new VivavoxError('invalid_argument', 'volume must be from 0 to 1');
    }
    this.#volume = volume;
    this.applyVolume();
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  set isMuted(isMuted: boolean) {
    this.#isMuted = isMuted;
    this.applyVolume();
  }

  /** Tells those who sound how loud they are. */
  applyVolume(): void {
    const volume = this.#isMuted ? 0 : this.#volume;
    this.#sound?.setVolume(volume);
    this.#renderer().films?.setVolume(volume);
  }

  /** The way to the loudspeaker, opened when it is first asked for. */
  sound(): SoundOutput {
    if (this.#sound) return this.#sound;
    this.#sound = new SoundOutput();
    if (this.#isMuted || this.#volume !== 1)
      this.#sound.setVolume(this.#isMuted ? 0 : this.#volume);
    this.#sound.onChange(() => {
      this.tellClock();
    });
    return this.#sound;
  }

  /** The way to the loudspeaker if it is open. */
  get openSound(): SoundOutput | null {
    return this.#sound;
  }

  /** Tells the scene where the sound device's clock is. */
  tellClock(): void {
    if (this.#sound && this.#current) this.#scene.tell('setClock', [this.#sound.reading()]);
  }

  /**
   * Says something. Every request ends once: with its outcome or an error, and one `end`.
   * @throws VivavoxError as the clauses do; `audio_blocked`, `audio_interrupted`
   */
  say(request: SpeakRequest): Promise<SpeakOutcome> {
    if (request.signal?.aborted) return Promise.resolve('stopped');
    const job = new Job(request);
    const { signal } = request;
    if (signal) {
      const stop = () => {
        this.#finish(job, 'stopped');
      };
      signal.addEventListener('abort', stop, { signal: job.over.signal });
    }
    if (request.queue && this.#current) {
      this.#queue.push(job);
      return job.outcome;
    }
    // It has its place before those that it interrupts tell of their end: a listener may speak too.
    const interrupted = [this.#current, ...this.#queue.splice(0)];
    this.#current = job;
    this.#isPaused = false;
    for (const other of interrupted) if (other) this.#finish(other, 'stopped');
    this.#runCurrent();
    return job.outcome;
  }

  /** Stops all; returns what was heard of what was being said, or null at rest. */
  stop(fade_s?: number): Heard | null {
    const current = this.#current;
    if (!current) return null;
    const heard = heardOf(current);
    const queued = this.#queue.splice(0);
    this.#finish(current, 'stopped', { fade_s });
    for (const job of queued) this.#finish(job, 'stopped');
    return heard;
  }

  /**
   * What a stretch of a request's sound says is known only now: what of it is not heard yet moves
   * the lips, and its words are told.
   * @param start_s where the stretch begins in the sound of the request
   */
  revise(request: SpeakRequest, timeline: Timeline, start_s: number): void {
    const job = this.#current;
    if (!job?.utterance || job.request !== request) return;
    const { later_s, from_s } = job.utterance.placeOf(start_s + timeline.duration_s);
    const now_s = job.utterance.position_s() ?? 0;
    const words = wordsAt(timeline, 0, start_s + later_s).filter(
      (word) => word.start_s >= Math.max(from_s, now_s),
    );
    job.utterance.addWords(words);
    job.utterance.addCues(this.#wordCues(job, timeline, 0, words));
    this.#scene.tell('revise', [timeline, start_s + later_s, from_s]);
  }

  pause(): void {
    if (this.#isPaused || !this.#current) return;
    this.#isPaused = true;
    this.#current.utterance?.pause();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#current?.utterance?.resume();
  }

  dispose(): void {
    this.stop();
    this.#sound?.dispose();
    this.#sound = null;
  }

  #runCurrent(): void {
    const job = this.#current;
    if (!job || job.isOver || job.isRun) return;
    job.isRun = true;
    this.#run(job).catch((error: unknown) => {
      this.#finish(job, 'stopped', { error: VivavoxError.from(error) });
    });
  }

  async #run(job: Job): Promise<void> {
    const film = job.request.film && this.#renderer().films ? await job.request.film() : null;
    if (job.isOver) return;
    const films = this.#renderer().films;
    await (film && films ? this.#runFilm(job, films, film) : this.#runSound(job));
    this.#finish(job, 'finished');
  }

  /** Whoever draws sounds as well. */
  #runFilm(job: Job, films: Films, said: FilmText): Promise<void> {
    const utterance = films.utterance(said, (clause, start_s) => {
      this.#show(job, clause, start_s, 0, 0);
    });
    job.utterance = utterance;
    if (this.#isPaused) utterance.pause();
    return utterance.play();
  }

  #runSound(job: Job): Promise<void> {
    const utterance = new Utterance(this.sound(), {
      onClause: (clause, start_s, gap_s, origin_s) => {
        this.#show(job, clause, start_s, gap_s, origin_s);
      },
      onPause: (isPaused, origin_s) => {
        this.tellClock();
        this.#scene.tell('pause', [isPaused, origin_s]);
      },
    });
    job.utterance = utterance;
    if (this.#isPaused) utterance.pause();
    this.#clockTimer ??= setInterval(() => {
      this.tellClock();
    }, clockInterval_ms);
    return utterance.play(job.request.clauses(job.over.signal));
  }

  #finish(
    job: Job,
    outcome: SpeakOutcome,
    { fade_s, error }: { fade_s?: number | undefined; error?: VivavoxError } = {},
  ): void {
    if (job.isOver) return;
    job.isOver = true;
    const heard = heardOf(job);
    if (this.#current === job) {
      this.#current = this.#queue.shift() ?? null;
      if (!this.#current) this.#rest();
    } else {
      this.#queue = this.#queue.filter((other) => other !== job);
    }
    job.utterance?.stop(fade_s);
    job.over.abort();
    if (job.isShown) this.#scene.tell('finishUtterance', []);
    if (error) job.reject(error);
    else job.resolve(outcome);
    this.#emit('end', { outcome, text: job.request.text, ...heard });
    this.#runCurrent();
  }

  #rest(): void {
    this.#isPaused = false;
    clearInterval(this.#clockTimer);
    this.#clockTimer = undefined;
  }

  #show(
    job: Job,
    clause: Pick<SpeechClause, 'timeline' | 'textOffset'>,
    start_s: number,
    gap_s: number,
    origin_s: number,
  ): void {
    const { timeline, textOffset = 0 } = clause;
    const { utterance } = job;
    if (!utterance) return;
    this.tellClock();
    const words = wordsAt(timeline, textOffset, start_s);
    const cues: Cue[] = [];
    if (!job.isShown) {
      const { text } = job.request;
      cues.push({
        at_s: 0,
        tell: () => {
          this.#emit('start', { text });
        },
      });
    }
    job.isShown = true;
    cues.push(...this.#wordCues(job, timeline, textOffset, words));
    utterance.addWords(words);
    utterance.addCues(cues);
    if (this.wantsVisemes) utterance.addComingCues(this.#visemeCues(timeline, start_s));
    this.#scene.tell('addClause', [timeline, gap_s, origin_s]);
  }

  #wordCues(job: Job, timeline: Timeline, textOffset: number, words: Word[]): Cue[] {
    const cues: Cue[] = [];
    const [first] = words;
    if (first && job.endsSentence) {
      const sentence = { text: timeline.text, begin: textOffset };
      cues.push({
        at_s: first.start_s,
        tell: () => {
          this.#emit('sentence', sentence);
        },
      });
    }
    if (first) job.endsSentence = /[.!?…。！？]["'”’)\]]*\s*$/u.test(timeline.text);
    for (const word of words) {
      while (job.marks[0] && job.marks[0].at < word.end) {
        const mark = job.marks.shift();
        if (mark)
          cues.push({
            at_s: word.start_s,
            tell: () => {
              this.#emit('mark', mark);
            },
          });
      }
      cues.push({
        at_s: word.start_s,
        tell: () => {
          this.#emit('word', word);
        },
      });
    }
    return cues;
  }

  async #visemeCues(timeline: Timeline, shift_s: number): Promise<Cue[]> {
    const visemes = await this.#scene.call('visemesOf', [timeline]);
    return visemes.map(({ viseme, start_s, end_s }) => ({
      at_s: start_s + shift_s,
      tell: () => {
        this.#emit('viseme', { viseme, start_s: start_s + shift_s, end_s: end_s + shift_s });
      },
    }));
  }
}

/** A Timeline's words in the whole text, at their times in the utterance. */
function wordsAt(timeline: Timeline, textOffset: number, start_s: number): Word[] {
  return timeline.words.map((word) => ({
    text: word.text,
    begin: word.begin + textOffset,
    end: word.end + textOffset,
    start_s: word.start_s + start_s,
    end_s: word.end_s + start_s,
  }));
}

function heardOf(job: Job): Heard {
  return job.utterance?.heard() ?? { word: null, characters: 0, seconds: 0 };
}
