import { wallTime_ms } from './clock.js';
import { VivavoxError } from './errors.js';
import type { Asynchronous, ClosablePort } from './remote.js';
import type { Look, SceneCalls, SceneStats } from './scene.js';
import type { Frame, FrameShown } from './screen.js';
import type { Timeline } from './timeline.js';
import type { AvatarTraits } from './traits.js';
import type { TimedViseme } from './visemes.js';

/** Frames of the last second are counted among so many. */
const counted = 120;

/** A picture that can be copied, and drawn. */
type Picture = ImageBitmap | HTMLVideoElement;

/** Takes what it is told, and does nothing. */
export const ignored = (): void => undefined;

/** What stands in a scene's place where the page does not draw: pictures that others made. */
export abstract class PictureScene implements Asynchronous<SceneCalls> {
  #screen: ClosablePort | null = null;
  #isAwaited = false;
  #picture: Picture | null = null;
  #framesDrawn = 0;
  #shown_ms: number[] = [];
  #pictureDelay_ms = 0;

  /** Whoever draws here has an avatar of its own. */
  abstract load(): Promise<void>;
  abstract resize(width_px: number, height_px: number): void;
  abstract setLook(look: Look): void;
  abstract setMood(mood: string, intensity: number): void;
  abstract visemesOf(timeline: Timeline): TimedViseme[];

  /** Hands a picture over, unless the one before is still on its way. */
  async show(picture: Picture): Promise<void> {
    this.#picture = picture;
    const screen = this.#screen;
    if (!screen || this.#isAwaited) return;
    this.#isAwaited = true;
    const copy = await createImageBitmap(picture);
    this.#framesDrawn++;
    screen.postMessage({ picture: copy, drawnFor_ms: wallTime_ms() } satisfies Frame, [copy]);
  }

  showOn(screen: ClosablePort): void {
    this.#screen = screen;
    this.#isAwaited = false;
    screen.onmessage = ({ data: { late_ms } }: MessageEvent<FrameShown>) => {
      this.#isAwaited = false;
      this.#pictureDelay_ms += (late_ms - this.#pictureDelay_ms) * 0.05;
      this.#shown_ms.push(performance.now());
      if (this.#shown_ms.length > counted) this.#shown_ms.splice(0, counted / 2);
    };
  }

  async snapshot(type: string, quality?: number): Promise<Blob> {
    const picture = this.#picture && (await createImageBitmap(this.#picture));
    if (!picture) throw new VivavoxError('encoder_failed', 'There is no picture yet.');
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width: picture.width, height: picture.height });
    canvas.getContext('2d')?.drawImage(picture, 0, 0);
    const blob = await new Promise<Blob | null>((resolve) => {
      canvas.toBlob(resolve, type, quality);
    });
    if (blob) return blob;
    throw new VivavoxError('encoder_failed', 'The browser could make no picture of it.');
  }

  stats(): SceneStats {
    const now_ms = performance.now();
    return {
      framesPerSecond: this.#shown_ms.filter((shown_ms) => now_ms - shown_ms < 1000).length,
      framesDrawn: this.#framesDrawn,
      pictureDelay_ms: this.#pictureDelay_ms,
      script_ms: 0,
      quality: 'low',
      wasmMemory_bytes: 0,
    };
  }

  customize(): void {
    throw notHere('change traits');
  }

  traits(): AvatarTraits {
    throw notHere('tell traits');
  }

  follow(): void {
    throw notHere('follow sound');
  }

  /** Of sound whose words nobody knows its length alone. */
  hear(_: number, sample_rate_hz: number, samples: Float32Array | null): Timeline {
    return {
      text: '',
      voice: '',
      language: '',
      sample_rate_hz,
      duration_s: (samples?.length ?? 0) / sample_rate_hz,
      timing: 'estimated',
      words: [],
      phones: [],
    };
  }

  setVisible(isVisible: boolean): void {
    const picture = this.#picture;
    if (isVisible && picture) void this.show(picture);
  }

  rest(): void {
    this.#picture = null;
  }

  readonly setClock = ignored;
  readonly setStyle = ignored;
  readonly lookAt = ignored;
  readonly reduceMotion = ignored;
  readonly addClause = ignored;
  readonly revise = ignored;
  readonly pause = ignored;
  readonly finishUtterance = ignored;
  readonly closeRecording = ignored;
  readonly unfollow = ignored;
  readonly takeUp = ignored;
}

function notHere(what: string): VivavoxError {
  return new VivavoxError(
    'renderer_unavailable',
    `This page does not draw the avatar itself, and cannot ${what}: see Avatar.renderer.`,
  );
}
