import type { Clip } from './avatar_options.js';
import { heardAt_s, wallTime_ms, type ClockReading } from './clock.js';
import type { Lighting } from './avatar_options.js';
import { VivavoxError, type ErrorCode } from './errors.js';
import { Face, type Direction } from './face.js';
import { QualityKeeper, type Quality, type QualityLevel } from './quality.js';
import { readableFile, type FileModuleUrls } from './packed_file.js';
import type { Asynchronous, ClosablePort } from './remote.js';
import type { Frame, FrameShown } from './screen.js';
import { Listening } from './listening.js';
import createStageModule, { type Stage, type StageModule } from './stage.js';
import type { JawAndLips } from './speaking_style.js';
import type { Timeline } from './timeline.js';
import { isSoftware } from './software_renderer.js';
import { mostTextureSide_px, textureSide_px } from './texture_side.js';
import { choicesOver, type AvatarTraits, type TraitChoices } from './traits.js';
import type { TimedViseme, VisemeName } from './visemes.js';
import { compileWasm, instantiateBy } from './wasm.js';

/** An idle face needs no more frames a second than this. */
const idleFrame_ms = 1000 / 30;
/** Each costs about a millisecond; all are looked from within a second and a half. */
const directionsAFrame = 4;
/** A page that is busy now and then says little about the next frame. */
const mostAhead_ms = 80;
/** After losing the graphics context: the waits before trying to get one again. */
const recovery_ms = [50, 500, 1000, 2000, 4000, 8000];

/** The camera: where it stands around the head, and how much it shows. Lengths are in heads. */
export interface Shot {
  yaw_deg: number;
  pitch_deg: number;
  height: number;
  centre: number;
  fit: ShotFit;
}

/** What a shot gives way to, by the number that the engine has for it. */
const fits = ['exact', 'hair', 'figure'] as const;
export type ShotFit = (typeof fits)[number];

/** What makes a scene. */
export interface SceneOptions {
  wasmUrl: string;
  /** What is there, where it is compiled already. */
  wasm?: WebAssembly.Module | null;
  listenUrl: string;
  mood: string;
  moodIntensity: number;
  jaw: number;
  lips: number;
  seed: number;
}

/** How the avatar is drawn. */
export interface Look {
  /** `#rrggbb` or `transparent` */
  background: string;
  shot: Shot;
  lighting: Lighting;
  quality: Quality;
}

/** What the page asks of the scene, be it in a worker or on the page itself. */
export interface SceneCalls {
  /**
   * Shows an avatar with these traits; the one before stays if it fails. What a packed file needs is
   * fetched first.
   * @throws VivavoxError `superseded` if meanwhile another came; `invalid_argument` for a clip or
   * traits that it has not
   */
  load(glb: Uint8Array, urls: FileModuleUrls, clip: Clip, choices: TraitChoices): void;
  /** Answers once a frame shows it, if anyone sees frames. @throws `invalid_argument` */
  customize(choices: TraitChoices): void;
  traits(): AvatarTraits;
  resize(width_px: number, height_px: number): void;
  setLook(look: Look): void;
  setMood(mood: string, intensity: number): void;
  setStyle(style: JawAndLips): void;
  lookAt(direction: Direction | null): void;
  reduceMotion(reduce: boolean): void;
  /** Frames are drawn only while someone sees them. */
  setVisible(isVisible: boolean): void;
  /** Hands its frames to this end of a channel, whose other end is a screen's. */
  showOn(screen: ClosablePort): void;
  /**
   * How it looks now as a file, seen or not.
   * @throws VivavoxError `encoder_failed`, `renderer_unavailable` while the context is lost
   */
  snapshot(type: string, quality?: number): Blob;
  /** The sound device's clock. */
  setClock(reading: ClockReading): void;
  /** One more clause; the utterance's first sound is heard at origin_s of the device's clock. */
  addClause(timeline: Timeline, gap_s: number, origin_s: number): void;
  /** What a stretch of the utterance says, known only now; see Face.revise(). */
  revise(timeline: Timeline, start_s: number, from_s: number): void;
  pause(isPaused: boolean, origin_s: number): void;
  finishUtterance(): void;
  stats(): SceneStats;
  visemesOf(timeline: Timeline): TimedViseme[];
  /**
   * What is heard next in a recording that comes piece by piece; null after the last.
   * @throws VivavoxError `io_failed` where the ear cannot be fetched
   */
  hear(recording: number, sampleRate_hz: number, samples: Float32Array | null): Timeline;
  /** Of that recording nothing more comes. */
  closeRecording(recording: number): void;
  /** Moves the mouth by the samples that come through a port, as they come. @throws `io_failed` */
  follow(port: MessagePort, sampleRate_hz: number): void;
  unfollow(): void;
  /** Lets go of its avatar, and waits for another. @throws VivavoxError `renderer_unavailable` */
  rest(): void;
  /** Begins anew after a rest. @throws VivavoxError `renderer_unavailable` */
  takeUp(options: SceneOptions): void;
}

/** What a scene tells of itself. */
export interface SceneStats {
  /** That were shown in the last second. */
  framesPerSecond: number;
  framesDrawn: number;
  /** How late a frame is shown after the moment of the sound it was drawn for, on average. */
  pictureDelay_ms: number;
  /** Script of a frame, of the mean of the last hundred. */
  script_ms: number;
  quality: QualityLevel;
  wasmMemory_bytes: number;
}

/** What a scene tells unasked. */
export type SceneEvent =
  | { type: 'contextlost' | 'contextrestored' }
  /** Not even the quickest level is quick enough. */
  | { type: 'slow' }
  | { type: 'quality'; level: QualityLevel }
  | { type: 'error'; code: ErrorCode; message: string };

export type TellPage = (event: SceneEvent) => void;

type AnyCanvas = OffscreenCanvas | HTMLCanvasElement;

/**
 * Stage and face, and the frames that they give. It runs in a worker and draws on an OffscreenCanvas
 * whose pictures it hands over, or on the page where a browser has no such canvas in workers.
 */
export class Scene implements Asynchronous<SceneCalls> {
  readonly #module: StageModule;
  readonly #memory: WebAssembly.Memory | null;
  readonly #tell: TellPage;
  readonly #makeCanvas: () => AnyCanvas;
  readonly #listening: Listening;
  #face: Face;
  #canvas: AnyCanvas;
  #stage: Stage | null;
  #gl: WebGL2RenderingContext | null = null;
  #screen: ClosablePort | null = null;
  #size_px = { width: 1, height: 1 };
  #look: Look | null = null;
  #glb: Uint8Array | null = null;
  /** How large its textures are kept, and how large its file has them. */
  #textures_px = { kept: 0, whole: 0 };
  #clip: Clip;
  #reducesMotion = false;
  #choices: TraitChoices = {};
  /** To be told of the next frame that is shown, or that there will be none. */
  #awaiting: (() => void)[] = [];
  /** The same of the frame that is on its way to the screen. */
  #awaitingShown: (() => void)[] = [];
  /** How many were to be shown: of those that come late the last holds. */
  #loads = 0;
  #isVisible = false;
  #clock: ClockReading | null = null;
  #origin_s: number | null = null;
  #frame: number | null = null;
  #drawnAt_ms = -Infinity;
  #isAwaited = false;
  #fence: WebGLSync | null = null;
  #lost = 0;
  /** How long a frame takes to be shown: it is drawn for the moment when it will be. */
  #ahead_ms = 0;
  #framesDrawn = 0;
  #shown_ms: number[] = [];
  #pictureDelay_ms = 0;
  #script_ms = 0;
  #quality: QualityKeeper;
  #isSlow = false;

  /** @throws VivavoxError `renderer_unavailable` without WebGL 2, `io_failed` */
  static async create(
    options: SceneOptions,
    makeCanvas: () => AnyCanvas,
    tell: TellPage,
  ): Promise<Scene> {
    const wasm = options.wasm ?? (await compileWasm(options.wasmUrl, 'the renderer'));
    const { made: module, memory } = await instantiateBy(
      (settings) =>
        // Filament greets; a library keeps the console for its page.
        createStageModule({ ...settings, print: () => undefined }),
      wasm,
    );
    try {
      return new Scene(module, memory, options, makeCanvas, tell);
    } catch (error) {
      throw VivavoxError.from(error);
    }
  }

  private constructor(
    module: StageModule,
    memory: WebAssembly.Memory | null,
    options: SceneOptions,
    makeCanvas: () => AnyCanvas,
    tell: TellPage,
  ) {
    this.#module = module;
    this.#memory = memory;
    this.#tell = tell;
    this.#makeCanvas = makeCanvas;
    this.#listening = new Listening(options.listenUrl);
    this.#face = new Face(module, options);
    this.#canvas = makeCanvas();
    this.#stage = this.#openStage();
    this.#quality = this.#keeper();
  }

  async load(
    glb: Uint8Array,
    urls: FileModuleUrls,
    clip: Clip,
    choices: TraitChoices,
  ): Promise<void> {
    const turn = ++this.#loads;
    const plain = await readableFile(glb, urls);
    if (turn !== this.#loads) throw new VivavoxError('superseded', 'Another avatar is shown.');
    const worn = choicesOver({}, choices);
    if (this.#stage) this.#put(this.#stage, plain, clip, worn);
    // Kept to be shown again should the browser take the graphics context away, or the picture grow.
    this.#glb = plain;
    this.#clip = clip;
    this.#choices = worn;
    this.#drawSoon();
  }

  async customize(choices: TraitChoices): Promise<void> {
    const worn = choicesOver(this.#choices, choices);
    this.#openedStage().customize(JSON.stringify(worn));
    this.#choices = worn;
    if (!this.#isVisible || !this.#screen) return;
    const drawn = new Promise<void>((resolve) => this.#awaiting.push(resolve));
    this.#drawSoon();
    // Whoever chooses looks on: the browser's next frame may be a frame too late.
    this.#drawIfDue(performance.now());
    await drawn;
  }

  traits(): AvatarTraits {
    return JSON.parse(this.#openedStage().traits()) as AvatarTraits;
  }

  resize(width_px: number, height_px: number): void {
    this.#size_px = { width: width_px, height: height_px };
    this.#stage?.resize(width_px, height_px);
    this.#refine();
    // The new size shows with its first frame: no blank one comes between.
    this.#drawSoon();
  }

  setLook(look: Look): void {
    this.#look = look;
    this.#quality.choose(look.quality);
    this.#applyLook();
    this.#refine();
    this.#drawSoon();
  }

  setMood(mood: string, intensity: number): void {
    this.#face.setMood(mood, intensity);
  }

  setStyle(style: JawAndLips): void {
    this.#face.setStyle(style);
  }

  lookAt(direction: Direction | null): void {
    this.#face.lookAt(direction);
  }

  reduceMotion(reduce: boolean): void {
    this.#reducesMotion = reduce;
    this.#face.reduceMotion(reduce);
    this.#stage?.holdClip(reduce);
  }

  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    this.#quality.rest();
    if (isVisible) this.#drawSoon();
    else this.#cancelFrame();
    if (!isVisible) this.#tellAwaiting();
  }

  showOn(screen: ClosablePort): void {
    this.#screen = screen;
    screen.onmessage = ({ data }: MessageEvent<FrameShown>) => {
      this.#onShown(data);
    };
    this.#drawSoon();
  }

  async snapshot(type: string, quality?: number): Promise<Blob> {
    const stage = this.#openedStage();
    while (stage.settle(directionsAFrame)) continue;
    this.#draw();
    const blob = await fileOf(this.#canvas, type, quality);
    if (blob) return blob;
    throw new VivavoxError('encoder_failed', 'The browser could make no picture of it.');
  }

  setClock(reading: ClockReading): void {
    this.#clock = reading;
  }

  addClause(timeline: Timeline, gap_s: number, origin_s: number): void {
    this.#origin_s = origin_s;
    this.#face.addClause(timeline, gap_s, this.#position_s(wallTime_ms()) ?? 0);
    this.#drawSoon();
  }

  revise(timeline: Timeline, start_s: number, from_s: number): void {
    this.#face.revise(timeline, start_s, from_s);
  }

  pause(isPaused: boolean, origin_s: number): void {
    this.#origin_s = origin_s;
    this.#face.pause(isPaused);
  }

  finishUtterance(): void {
    this.#origin_s = null;
    this.#face.finishUtterance();
  }

  stats(): SceneStats {
    const now_ms = performance.now();
    return {
      framesPerSecond: this.#shown_ms.filter((shown_ms) => now_ms - shown_ms < 1000).length,
      framesDrawn: this.#framesDrawn,
      pictureDelay_ms: this.#pictureDelay_ms,
      script_ms: this.#script_ms,
      quality: this.#quality.level,
      wasmMemory_bytes: this.#memory?.buffer.byteLength ?? 0,
    };
  }

  visemesOf(timeline: Timeline): TimedViseme[] {
    const found = JSON.parse(this.#module.visemesOf(JSON.stringify(timeline))) as [
      VisemeName,
      number,
      number,
    ][];
    return found.map(([viseme, start_s, end_s]) => ({ viseme, start_s, end_s }));
  }

  hear(recording: number, sampleRate_hz: number, samples: Float32Array | null): Promise<Timeline> {
    return this.#listening.hear(recording, sampleRate_hz, samples);
  }

  closeRecording(recording: number): void {
    this.#listening.close(recording);
  }

  follow(port: MessagePort, sampleRate_hz: number): Promise<void> {
    return this.#listening.follow(port, sampleRate_hz, (mouth) => {
      this.#face.hear(mouth);
    });
  }

  unfollow(): void {
    this.#listening.unfollow();
    this.#face.hear(null);
  }

  rest(): void {
    this.#cancelFrame();
    this.#listening.rest();
    this.#isVisible = false;
    this.#screen?.close();
    this.#screen = null;
    this.#isAwaited = false;
    this.#glb = null;
    this.#choices = {};
    this.#tellAwaiting();
    this.#loads++;
    this.#look = null;
    this.#clock = null;
    this.#origin_s = null;
    this.#openedStage();
  }

  takeUp(options: SceneOptions): void {
    this.#openedStage();
    this.#face.dispose();
    this.#face = new Face(this.#module, options);
    this.#quality = this.#keeper();
    this.#isSlow = false;
    this.#framesDrawn = 0;
    this.#shown_ms = [];
    this.#pictureDelay_ms = 0;
    this.#script_ms = 0;
  }

  /** Gives the graphics context and all memory back. */
  dispose(): void {
    this.#cancelFrame();
    this.#listening.rest();
    this.#canvas.removeEventListener('webglcontextlost', this.#onLost);
    this.#face.dispose();
    this.#stage?.delete();
    this.#stage = null;
    this.#gl?.getExtension('WEBGL_lose_context')?.loseContext();
  }

  /** Seconds into the utterance that are heard now; null without one. */
  #position_s(wall_ms: number): number | null {
    if (!this.#clock || this.#origin_s === null) return null;
    return heardAt_s(this.#clock, wall_ms) - this.#origin_s;
  }

  #openedStage(): Stage {
    if (this.#stage) return this.#stage;
    throw new VivavoxError('renderer_unavailable', 'The graphics context is lost.');
  }

  #openStage(): Stage {
    this.#canvas.addEventListener('webglcontextlost', this.#onLost);
    const { width, height } = this.#size_px;
    const stage = this.#module.createStage(this.#canvas, width, height);
    // A canvas gives the context that it has.
    const canvas: { getContext(type: 'webgl2'): WebGL2RenderingContext | null } = this.#canvas;
    this.#gl = canvas.getContext('webgl2');
    return stage;
  }

  #keeper(): QualityKeeper {
    return new QualityKeeper(this.#gl !== null && isSoftware(this.#gl));
  }

  /** With textures that are as large as the picture shows. */
  #put(stage: Stage, glb: Uint8Array, clip: Clip, choices: TraitChoices): void {
    const kept = this.#neededTextures_px();
    const whole = stage.loadAvatar(glb, clip, JSON.stringify(choices), kept);
    this.#textures_px = { kept, whole };
  }

  #neededTextures_px(): number {
    if (!this.#look) return mostTextureSide_px;
    return textureSide_px(this.#size_px, this.#look.shot, this.#quality.level);
  }

  /** Reads its textures again where a larger picture, or a closer one, shows more of them. */
  #refine(): void {
    const { kept, whole } = this.#textures_px;
    if (!this.#stage || !this.#glb || kept >= whole || this.#neededTextures_px() <= kept) return;
    this.#put(this.#stage, this.#glb, this.#clip, this.#choices);
  }

  #applyLook(): void {
    if (!this.#look || !this.#stage) return;
    const { background, shot, lighting } = this.#look;
    this.#stage.setBackground(background);
    const rise = Math.tan((shot.pitch_deg * Math.PI) / 180);
    this.#stage.setShot(shot.yaw_deg, rise, shot.height, shot.centre, fits.indexOf(shot.fit));
    this.#stage.setLighting(lighting);
    this.#stage.setQuality(this.#quality.level);
  }

  #drawSoon(): void {
    this.#drawnAt_ms = -Infinity;
    if (this.#isVisible && this.#frame === null && this.#stage) this.#awaitFrame();
  }

  #awaitFrame(): void {
    this.#frame = requestAnimationFrame(this.#onFrame);
  }

  #cancelFrame(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = null;
  }

  readonly #onFrame = (now_ms: number): void => {
    this.#awaitFrame();
    this.#drawIfDue(now_ms);
  };

  #drawIfDue(now_ms: number): void {
    const isDue = this.#face.isBusy || now_ms - this.#drawnAt_ms > idleFrame_ms - 4;
    if (!isDue || !this.#glb || this.#isAwaited || this.#isDrawing()) return;
    if (this.#quality.frame(now_ms, this.#face.isBusy)) {
      this.#applyLook();
      this.#tell({ type: 'quality', level: this.#quality.level });
    }
    if (this.#quality.isTooSlow && !this.#isSlow) {
      this.#isSlow = true;
      this.#tell({ type: 'slow' });
    }
    this.#drawnAt_ms = now_ms;
    this.#render();
  }

  /** Whether the graphics processor is still at the frame before. */
  #isDrawing(): boolean {
    const gl = this.#gl;
    if (!gl || !this.#fence || gl.isContextLost()) return false;
    if (gl.clientWaitSync(this.#fence, gl.SYNC_FLUSH_COMMANDS_BIT, 0) === gl.TIMEOUT_EXPIRED)
      return true;
    gl.deleteSync(this.#fence);
    this.#fence = null;
    return false;
  }

  #render(): void {
    if (!this.#stage || !this.#glb || !this.#screen) return;
    const begun_ms = performance.now();
    try {
      const drawnFor_ms = this.#draw();
      this.#fence = this.#gl?.fenceSync(this.#gl.SYNC_GPU_COMMANDS_COMPLETE, 0) ?? null;
      this.#framesDrawn++;
      this.#awaitingShown.push(...this.#awaiting.splice(0));
      this.#handOver(this.#screen, drawnFor_ms);
      this.#stage.settle(directionsAFrame);
    } catch (error) {
      this.#cancelFrame();
      const { code, message } = VivavoxError.from(error);
      this.#tell({ type: 'error', code, message });
      return;
    }
    this.#script_ms += (performance.now() - begun_ms - this.#script_ms) * 0.01;
  }

  #tellAwaiting(): void {
    this.#awaitingShown.push(...this.#awaiting.splice(0));
    this.#tellShown();
  }

  #tellShown(): void {
    for (const tell of this.#awaitingShown.splice(0)) tell();
  }

  /** Draws for the moment when the frame will be shown, which it returns. */
  #draw(): number {
    const drawnFor_ms = wallTime_ms() + this.#ahead_ms;
    const position_s = this.#position_s(drawnFor_ms);
    const pose = this.#face.poseAt(performance.now() / 1000, position_s);
    this.#stage?.setPose(pose, drawnFor_ms / 1000);
    this.#stage?.render();
    return drawnFor_ms;
  }

  #handOver(screen: ClosablePort, drawnFor_ms: number): void {
    if (!('transferToImageBitmap' in this.#canvas)) {
      this.#isAwaited = true;
      screen.postMessage({ picture: this.#canvas, drawnFor_ms } satisfies Frame, []);
      return;
    }
    let picture: ImageBitmap;
    try {
      picture = this.#canvas.transferToImageBitmap();
    } catch {
      return; // The context was lost just now; its event is on the way.
    }
    this.#isAwaited = true;
    screen.postMessage({ picture, drawnFor_ms } satisfies Frame, [picture]);
  }

  /** There may be another frame. */
  #onShown({ late_ms }: FrameShown): void {
    this.#isAwaited = false;
    this.#tellShown();
    const ahead_ms = this.#ahead_ms + late_ms * 0.1;
    this.#ahead_ms = Math.min(Math.max(ahead_ms, 0), mostAhead_ms);
    this.#pictureDelay_ms += (late_ms - this.#pictureDelay_ms) * 0.05;
    const now_ms = performance.now();
    this.#shown_ms.push(now_ms);
    if (this.#shown_ms.length > 120) this.#shown_ms.splice(0, 60);
    if (this.#awaiting.length > 0) this.#drawIfDue(now_ms);
  }

  readonly #onLost = (): void => {
    this.#cancelFrame();
    this.#tellAwaiting();
    this.#stage?.delete();
    this.#stage = null;
    this.#fence = null;
    this.#isAwaited = false;
    if (this.#lost === 0) this.#tell({ type: 'contextlost' });
    const wait_ms = recovery_ms[this.#lost++];
    if (wait_ms === undefined) {
      this.#tell({
        type: 'error',
        code: 'renderer_unavailable',
        message: 'The browser took the graphics context away for good: create the avatar again.',
      });
      return;
    }
    setTimeout(this.#recover, wait_ms);
  };

  /** On a canvas of its own: browsers may never restore the lost one. */
  readonly #recover = (): void => {
    this.#canvas.removeEventListener('webglcontextlost', this.#onLost);
    this.#canvas = this.#makeCanvas();
    try {
      this.#stage = this.#openStage();
      this.#stage.holdClip(this.#reducesMotion);
      if (this.#glb) this.#put(this.#stage, this.#glb, this.#clip, this.#choices);
    } catch {
      this.#onLost();
      return;
    }
    this.#lost = 0;
    this.#applyLook();
    this.#tell({ type: 'contextrestored' });
    this.#drawSoon();
  };
}

/** What a canvas holds as a file; null where the browser cannot. */
function fileOf(canvas: AnyCanvas, type: string, quality?: number): Promise<Blob | null> {
  if ('convertToBlob' in canvas) {
    return canvas.convertToBlob({ type, ...(quality === undefined ? {} : { quality }) });
  }
  return new Promise((resolve) => {
    canvas.toBlob(resolve, type, quality);
  });
}
