import createListenModule, { type Ear, type ListenModule, type Listener } from './listen.js';
import type { Timeline } from './timeline.js';
import { compileWasm, instantiateBy } from './wasm.js';

/** The scene's ear. Its WebAssembly is fetched when there first is something to hear. */
export class Listening {
  readonly #wasmUrl: string;
  #opening: Promise<ListenModule> | null = null;
  readonly #listeners = new Map<number, Listener>();
  #live: { port: MessagePort; ear: Ear | null } | null = null;

  constructor(wasmUrl: string) {
    this.#wasmUrl = wasmUrl;
  }

  /**
   * The Timeline of the next stretch of a recording that comes piece by piece.
   * @param recording names it
   * @param samples null after the last
   */
  async hear(
    recording: number,
    sampleRate_hz: number,
    samples: Float32Array | null,
  ): Promise<Timeline> {
    const { Listener } = await this.#module();
    let listener = this.#listeners.get(recording);
    if (!listener) {
      listener = new Listener(sampleRate_hz);
      this.#listeners.set(recording, listener);
    }
    const timeline = samples ? listener.push(samples) : listener.finish();
    if (!samples) this.close(recording);
    return JSON.parse(timeline) as Timeline;
  }

  /** Of that recording nothing more comes. */
  close(recording: number): void {
    this.#listeners.get(recording)?.delete();
    this.#listeners.delete(recording);
  }

  /** Hears the samples that come through a port, and tells of the mouth. */
  async follow(
    port: MessagePort,
    sampleRate_hz: number,
    onMouth: (mouth: Float32Array) => void,
  ): Promise<void> {
    this.unfollow();
    const live: { port: MessagePort; ear: Ear | null } = { port, ear: null };
    this.#live = live;
    const { Ear } = await this.#module();
    if (this.#live !== live) return;
    const ear = new Ear(sampleRate_hz);
    live.ear = ear;
    port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
      const mouth = ear.push(data);
      if (mouth) onMouth(mouth);
    };
  }

  unfollow(): void {
    this.#live?.port.close();
    this.#live?.ear?.delete();
    this.#live = null;
  }

  /** Gives all back but the module. */
  rest(): void {
    this.unfollow();
    for (const recording of this.#listeners.keys()) this.close(recording);
  }

  #module(): Promise<ListenModule> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = null; // The next try may find it.
      throw error;
    });
    return this.#opening;
  }

  async #open(): Promise<ListenModule> {
    const wasm = await compileWasm(this.#wasmUrl, 'the ear');
    return (await instantiateBy(createListenModule, wasm)).made;
  }
}
