import type { Timeline } from './timeline.js';

/** How to say a text. */
export interface SpeechOptions {
  /** `espeak:LANGUAGE` (`espeak:en-us` is the default), or the name or URL of a Piper voice. */
  voice?: string;
  /** Speed, 0.5 to 2; 1 is the voice's own. */
  rate?: number;
  /** Pitch, 0.5 to 2; 1 is the voice's own. Piper voices have none to change. */
  pitch?: number;
  /** Which speaker of a Piper voice with several, from 0. */
  speaker?: number;
}

/** A stretch of speech between two pauses. */
export interface SpeechClause {
  /** What is said and when, from the clause's start. Its text may be the clause's own alone. */
  timeline: Timeline;
  /** Where `timeline.text` begins in the whole text, in UTF-16 code units; 0 if left out. */
  textOffset?: number;
  /** Mono, -1 to 1, at the Timeline's `sample_rate_hz`. */
  samples: Float32Array;
}

/**
 * Where speech comes from: `vivavox-speech`, a server, or an app's own audio. A source gives a text
 * clause by clause, each as soon as it is there; the consumer ends the iteration to cancel the rest.
 * Failures are thrown as VivavoxError.
 */
export interface SpeechSource {
  /** The clauses of a text, in order. @throws VivavoxError `invalid_text`, `unknown_voice`, … */
  speak(text: string, options: SpeechOptions): AsyncIterable<SpeechClause>;
  /**
   * When the words of a text are said in a recording of it. Optional: without it, an app's own
   * audio moves the lips by what is heard in it, or by the times that the app gives.
   */
  align?(
    samples: Float32Array,
    sampleRate_hz: number,
    text: string,
    options: SpeechOptions,
  ): Promise<Timeline>;
}
