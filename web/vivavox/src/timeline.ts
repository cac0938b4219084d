/** One word of the source text: `text.slice(begin, end)` is the word as it is written there. */
export interface Word {
  text: string;
  /** Offset into the source text in UTF-16 code units. */
  begin: number;
  /** One past the last code unit. */
  end: number;
  /** Seconds from the start of the Timeline. */
  start_s: number;
  end_s: number;
}

/** One speech sound, or a pause (`ipa` is empty). Phones are contiguous and in order. */
export interface Phone {
  /** IPA without stress marks. */
  ipa: string;
  stress: 'none' | 'secondary' | 'primary';
  /** Index into `words`, or -1. */
  word: number;
  /** Seconds from the start of the Timeline. */
  start_s: number;
  end_s: number;
  /** Of a vowel: how much louder it is said than is usual around it; left out where it is not. */
  loudness_db?: number;
  /** Of a vowel: how much higher, in hundredths of a semitone. */
  pitch_cents?: number;
}

/** What was said, and when: the engine's `engine/timeline/timeline.h` as JSON. */
export interface Timeline {
  text: string;
  voice: string;
  /** BCP 47, as the voice names it. */
  language: string;
  sample_rate_hz: number;
  duration_s: number;
  /** `estimated` where the synthesiser gave no durations of its own. */
  timing: 'exact' | 'estimated';
  words: Word[];
  phones: Phone[];
}
