// The types of stage.js, which Emscripten makes.

/**
 * What stage.wasm offers: the engine's face and stage. Its failures are thrown as Errors with the
 * engine's `code`. Every object of it lives in WebAssembly memory until delete().
 */
export interface StageModule {
  createStage(canvas: HTMLCanvasElement, width_px: number, height_px: number): Stage;
  createPerformance(timelineJson: string, optionsJson: string): Performance;
  /** JSON: the names of the 52 blend shapes, in the order of a pose's weights. */
  blendShapeNames(): string;
}

/** A renderer on a canvas. */
export interface Stage {
  /** Returns what the rig can do, as JSON. */
  loadAvatar(glb: Uint8Array): string;
  setPose(pose: Float32Array): void;
  resize(width_px: number, height_px: number): void;
  /** `#rrggbb` */
  setBackground(color: string): void;
  render(): void;
  delete(): void;
}

/** A Timeline with mood and gestures: the face at any moment of it. */
export interface Performance {
  /** Writes the pose at t: 52 weights, then head, neck, left and right eye (pitch, yaw, roll). */
  pose(t_s: number, out: Float32Array): void;
  /** Adds a later clause. */
  append(timelineJson: string): void;
  /** From a moment on, that mood. Throws invalid_argument. */
  setMood(at_s: number, mood: string, intensity: number): void;
  duration(): number;
  delete(): void;
}

/** createPerformance's options. */
export interface PerformanceOptions {
  mood: string;
  moodIntensity: number;
  seed: number;
  /** How long the face has been idle at the Timeline's start, so that its small motions go on. */
  idleStart_s: number;
}

/** Loads stage.wasm. Each avatar has a module, and with it a renderer, of its own. */
export default function createStageModule(settings: {
  /** Takes what would go to the console. */
  print: (line: string) => void;
}): Promise<StageModule>;
