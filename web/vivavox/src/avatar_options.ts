import type { AssetOptions } from './assets.js';
import type { Background } from './background.js';
import type { VivavoxError } from './errors.js';
import type { lightings } from './look.js';
import type { Mood } from './moods.js';
import type { AudioContent } from './own_audio.js';
import type { OnProgress, Progress } from './progress.js';
import type { RenderServer } from './film_server.js';
import type { Quality, QualityLevel } from './quality.js';
import type { RendererName } from './renderer.js';
import type { SpeakingStyle } from './speaking_style.js';
import type { Mark, SpeakerEvents } from './speaker.js';
import type { SpeechOptions, SpeechSource } from './speech_source.js';
import type { TraitChoices } from './traits.js';
import type { View } from './view.js';

/** A glTF binary, or where one is. */
export type AvatarFile = string | URL | Uint8Array;

/** The name of a clip of the avatar's file; null for none. */
export type Clip = string | null | undefined;

/** How an avatar's file is shown. */
export interface LoadOptions {
  /**
   * The clip that plays under the face, round and round; null for none. Without it one that is
   * called idle plays, where the file has one.
   */
  clip?: Clip;
  /** What is changed of it from its first frame on; see Avatar.customize(). */
  traits?: TraitChoices;
}

export interface AvatarOptions extends AssetOptions, LoadOptions {
  /** Without it: Vivi, who comes with the package. */
  avatar?: AvatarFile;
  /**
   * A service that draws where the page cannot, for want of WebGL 2: its films of its own avatar are
   * shown, with their sound. Without one there is a picture then, and what is said is heard.
   */
  server?: string | URL | RenderServer;
  /** Where speech comes from, e.g. `createSpeech()` of `vivavox-speech`; it may still be loading. */
  speech?: SpeechSource | Promise<SpeechSource>;
  mood?: Mood;
  /** 0 to 1 */
  moodIntensity?: number;
  speakingStyle?: SpeakingStyle;
  /** Same seed, same small movements. */
  seed?: number;
  background?: Background;
  view?: View;
  /** `portrait` without. */
  lighting?: Lighting;
  /** `auto`, the default, holds the frame rate: it begins with `high`, and draws less where that is slow. */
  quality?: Quality;
  /** Aborting it ends the making: create() rejects with the signal's reason. */
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

/**
 * `portrait`: a studio's key light from the upper front, fill, and strips behind. `soft`: a large light in front, hardly
 * a shadow. `window`: cool daylight from one side, a warm room on the other. `dramatic`: a small light from the side,
 * little fill. `flat`: the same light from everywhere, without shadows.
 */
export type Lighting = (typeof lightings)[number];

/** How something is said. */
export interface SpeakOptions extends SpeechOptions {
  /** After what is being said, instead of in its place. */
  queue?: boolean;
  /** Aborting it stops the speech: it returns 'stopped'. */
  signal?: AbortSignal;
  /** Places in the text to be told of by `mark` events. */
  marks?: readonly Mark[];
}

/** How an app's own audio is said. */
export interface SpeakAudioOptions extends AudioContent {
  queue?: boolean;
  signal?: AbortSignal;
  marks?: readonly Mark[];
}

/** What an app gives as audio: decoded, or a file's bytes in a format that the browser decodes. */
export type AudioInput = AudioBuffer | ArrayBuffer | Uint8Array | Blob | ReadableStream<Uint8Array>;

/** How speech is stopped. */
export interface StopOptions {
  /** How long the sound takes to fall silent; 0.05 by default. */
  fade_s?: number;
}

/** How the avatar is doing. */
export interface AvatarStats {
  /** Who draws. */
  renderer: RendererName;
  /** Frames of the last second. */
  framesPerSecond: number;
  framesDrawn: number;
  /** The level that is drawn at. */
  quality: QualityLevel;
  /** Script of a frame in the worker, on average. */
  script_ms: number;
  /** How late a frame is shown after the moment of the sound it was drawn for, on average. */
  pictureDelay_ms: number;
  wasmMemory_bytes: number;
}

/** What an avatar tells; listen by addEventListener. */
export interface AvatarEvents {
  /** The first sound is heard. */
  start: CustomEvent<SpeakerEvents['start']>;
  /** A word begins to be heard. Its times count from the start of the utterance. */
  word: CustomEvent<SpeakerEvents['word']>;
  /** A sentence begins to be heard; `text` is its first clause. */
  sentence: CustomEvent<SpeakerEvents['sentence']>;
  /** A sound begins to be heard. */
  viseme: CustomEvent<SpeakerEvents['viseme']>;
  /** A mark of SpeakOptions is reached. */
  mark: CustomEvent<SpeakerEvents['mark']>;
  /** The utterance is over, and what of it was heard; once for every speak(). */
  end: CustomEvent<SpeakerEvents['end']>;
  /** Something failed outside of any call. */
  error: CustomEvent<VivavoxError>;
  /** A download goes on. */
  progress: CustomEvent<Progress>;
  /** Another level of quality holds the frame rate. */
  quality: CustomEvent<{ level: QualityLevel }>;
  /** Who draws from now on; told after create(), too, where that is not the page itself. */
  renderer: CustomEvent<{ renderer: RendererName }>;
  /** The browser took the graphics context away; the avatar gets itself another. */
  contextlost: CustomEvent<null>;
  contextrestored: CustomEvent<null>;
}

/** What addEventListener takes. */
export type Listener<K extends keyof AvatarEvents> =
  ((event: AvatarEvents[K]) => void) | { handleEvent(event: AvatarEvents[K]): void };
