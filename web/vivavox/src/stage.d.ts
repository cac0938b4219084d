// The types of stage.js, which Emscripten makes.

import type { Clip } from './avatar_options.js';
import type { QualityLevel } from './quality.js';
import type { Instantiation } from './wasm.js';

/**
 * What stage.wasm offers: the engine's face and stage. Its failures are thrown as Errors with the
 * engine's `code`. Every object of it lives in WebAssembly memory until delete().
 */
export interface StageModule {
  createStage(
    canvas: HTMLCanvasElement | OffscreenCanvas,
    width_px: number,
    height_px: number,
  ): Stage;
  createPerformance(timelineJson: string, optionsJson: string): Performance;
  /** JSON: a Timeline's visemes one after the other, as [name, start_s, end_s][]. */
  visemesOf(timelineJson: string): string;
  /** JSON: the names of the 52 blend shapes, in the order of a pose's weights. */
  blendShapeNames(): string;
  /** The lips move before the sound: a Performance is shown from so long before its start. */
  readonly performanceLead_s: number;
}

/** A renderer on a canvas. */
export interface Stage {
  /**
   * Its clip of this name plays, with null none, with undefined one that is called idle. `traits` as
   * of customize(); the avatar before stays if this one cannot have them. No texture is kept larger
   * than so; returns how large the file has them.
   */
  loadAvatar(glb: Uint8Array, clip: Clip, traits: string, textureSide_px: number): number;
  /** The clip stands still at its start. */
  holdClip(holds: boolean): void;
  /**
   * Shows the avatar as its file has it, but for these traits: JSON, an object of strings. Throws
   * invalid_argument, after which nothing has changed.
   */
  customize(traits: string): void;
  /** JSON: AvatarTraits. */
  traits(): string;
  /** The face at `t_s` of any steady clock: by it hair and clothes swing on from the pose before. */
  setPose(pose: Float32Array, t_s: number): void;
  /** The size that frames are shown in. The canvas gets the pixels that the quality draws for it. */
  resize(width_px: number, height_px: number): void;
  /** `#rrggbb`, or `transparent` */
  setBackground(color: string): void;
  /** The camera; the engine's Shot. */
  setShot(yaw_deg: number, rise: number, heightShown: number, targetY: number, fit: number): void;
  setLighting(name: string): void;
  /** How well frames are drawn, and with how many pixels: the canvas gets as many. */
  setQuality(level: QualityLevel): void;
  /**
   * What an avatar need not have in its first frame: triangles that are too small for the picture
   * are left out, of some of its parts in a call; then it is found how much light comes to it past
   * itself, by so many directions of some 170. False once all is done and shown.
   */
  settle(directions: number): boolean;
  render(): void;
  delete(): void;
}

/** A Timeline with mood and gestures: the face at any moment of it. */
export interface Performance {
  /**
   * Writes the pose at t: 52 weights, then head, neck, left and right eye (pitch, yaw, roll),
   * then how far the tongue's tip and back are up, and the breath.
   * A share of the gaze, 0 to 1, goes in the direction of pitch and yaw.
   */
  pose(t_s: number, pitch_rad: number, yaw_rad: number, share: number, out: Float32Array): void;
  /** The same with a mouth that is heard just now: the engine's channels in their order. */
  poseWith(
    mouth: Float32Array,
    t_s: number,
    pitch_rad: number,
    yaw_rad: number,
    share: number,
    out: Float32Array,
  ): void;
  /** Adds a later clause, heard so long after the end of the one before. */
  append(timelineJson: string, gap_s: number): void;
  /** What is said from start_s on where only its sound was known; shown from from_s on. */
  revise(timelineJson: string, start_s: number, from_s: number): void;
  /** Lets go of what was said before; poses of before may not be asked for any more. */
  forget(before_s: number): void;
  /** From a moment on, that mood. Throws invalid_argument. */
  setMood(at_s: number, mood: string, intensity: number): void;
  /** From a moment on, that speaking style, each from 0 to 2. Throws invalid_argument. */
  setStyle(at_s: number, jaw: number, lips: number): void;
  duration(): number;
  delete(): void;
}

/** createPerformance's options. */
export interface PerformanceOptions {
  mood: string;
  moodIntensity: number;
  /** The speaking style, 0 to 2. */
  jaw: number;
  lips: number;
  seed: number;
  /** How long the face has been idle at the Timeline's start, so that its small motions go on. */
  idleStart_s: number;
}

/** Loads stage.wasm. Each avatar has a module, and with it a renderer, of its own. */
export default function createStageModule(
  settings: Instantiation & {
    /** Takes what would go to the console. */
    print: (line: string) => void;
  },
): Promise<StageModule>;
