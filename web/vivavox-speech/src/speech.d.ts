// The types of speech.js, which Emscripten makes.

import type { Instantiation } from 'vivavox/worker';

/** A clause as the engine gives it, with its own stretch of the text. */
export interface EngineClause {
  timelineJson: string;
  /** Where that stretch begins in the whole text, in UTF-16 code units. */
  textOffset: number;
  samples: Float32Array;
}

/**
 * What speech.wasm offers: the engine's speech. Its failures are thrown as Errors with the engine's
 * `code`. Every object of it lives in WebAssembly memory until delete().
 */
export interface SpeechModule {
  /** Gives espeak-ng one of its data files, e.g. "phondata" or "lang/gmw/en-US". */
  addDataFile(path: string, bytes: Uint8Array): void;
  /** JSON: the data files that a voice "espeak:LANGUAGE" needs. Throws unknown_voice. */
  dataFilesFor(voice: string): string;
  /** JSON: every espeak voice, as Voice[]. */
  voices(): string;
  speakEspeak(text: string, voice: string, optionsJson: string): EspeakRequest;
  /** JSON: when a text is said in a recording, by an espeak voice's reading. Throws invalid_audio. */
  align(samples: Float32Array, sampleRate_hz: number, text: string, voice: string): string;
  /** Throws invalid_voice. */
  readPiperVoice(configJson: string): PiperVoice;
  /** Throws invalid_model. */
  findDurations(read: (offset: number, length: number) => Uint8Array, size: number): Durations;
}

/** Where a Piper model tells how long each id sounds. */
export interface Durations {
  /** The tensor; "" where the model does not tell. */
  name: string;
  /** What to append to the model's bytes to make it an output; empty where it is one. */
  suffix: Uint8Array;
}

export interface EspeakRequest {
  /** Null after the last clause. */
  next(): EngineClause | null;
  delete(): void;
}

export interface PiperVoice {
  /** The espeak voice that makes its phones. */
  espeakVoice(): string;
  speak(text: string, optionsJson: string): PiperRequest;
  delete(): void;
}

/** A clause's input to the model. */
export interface PiperInput {
  ids: BigInt64Array;
  /** Noise, length, noise of the durations. */
  scales: Float32Array;
  /** -1 for a voice of one speaker. */
  speaker: number;
}

export interface PiperRequest {
  /** Null after the last clause. */
  nextInput(): PiperInput | null;
  /** The clause of what the model answered; `frames` is null without durations. */
  complete(samples: Float32Array, frames: Float32Array | null): EngineClause;
  delete(): void;
}

/** Loads speech.wasm. */
export default function createSpeechModule(settings: Instantiation): Promise<SpeechModule>;
