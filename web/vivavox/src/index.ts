export { Avatar } from './avatar.js';
export type {
  AudioInput,
  AvatarEvents,
  AvatarFile,
  AvatarOptions,
  AvatarStats,
  Clip,
  Lighting,
  LoadOptions,
  SpeakAudioOptions,
  SpeakOptions,
  StopOptions,
} from './avatar_options.js';
export type { AssetOptions } from './assets.js';
export type { AudioStream, ChunkContent, ToldText } from './audio_stream.js';
export type { LiveSound } from './capture.js';
export type { Background } from './background.js';
export { VivavoxError, type ErrorCode } from './errors.js';
export type { LookTarget } from './gaze.js';
export { moods, type Mood } from './moods.js';
export { speakingStyles, type JawAndLips, type SpeakingStyle } from './speaking_style.js';
export type { AudioContent, TimedWord } from './own_audio.js';
export {
  fetchBytes,
  fetchOk,
  readBytes,
  type FetchOptions,
  type OnProgress,
  type Progress,
} from './progress.js';
export type { Quality, QualityLevel } from './quality.js';
export type { RenderServer } from './film_server.js';
export type { RendererName } from './renderer.js';
export type { Recording, RecordOptions } from './recording.js';
export type { Mark, SpeakOutcome } from './speaker.js';
export type { SpeechClause, SpeechOptions, SpeechSource } from './speech_source.js';
export type { Phone, Timeline, Word } from './timeline.js';
export type { AvatarTraits, Trait, TraitChoices } from './traits.js';
export type { Heard } from './utterance.js';
export type { CameraView, View } from './view.js';
export { visemes, type TimedViseme, type VisemeName } from './visemes.js';
