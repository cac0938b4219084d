export { Avatar, type AvatarEvents, type AvatarOptions, type SpeakOptions } from './avatar.js';
export { VivavoxError } from './errors.js';
export { moods } from './moods.js';
export { fetchBytes, fetchOk, readBytes, type OnProgress, type Progress } from './progress.js';
export type { SpeechClause, SpeechOptions, SpeechSource } from './speech_source.js';
export type { Phone, Timeline, Word } from './timeline.js';
export type { SpeakOutcome } from './utterance.js';
