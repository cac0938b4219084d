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
  /** The clause's Timeline as JSON: word offsets into the whole text, times from the clause's start. */
  timelineJson: string;
  /** Mono, -1 to 1, at the Timeline's `sample_rate_hz`. */
  samples: Float32Array<ArrayBuffer>;
}

/**
 * Where speech comes from: `vivavox-speech`, a server, or an app's own audio. A source gives a text
 * clause by clause, each as soon as it is there; the consumer ends the iteration to cancel the rest.
 * Failures are thrown as VivavoxError.
 */
export interface SpeechSource {
  speak(text: string, options: SpeechOptions): AsyncIterable<SpeechClause>;
}
