// The types of listen.js, which Emscripten makes.

import type { Instantiation } from './wasm.js';

/** What listen.wasm offers: the engine's ear. Every object of it lives until delete(). */
export interface ListenModule {
  /** Of mono sound at a rate in Hz. */
  Listener: new (sampleRate_hz: number) => Listener;
  Ear: new (sampleRate_hz: number) => Ear;
}

/** Hears a recording piece by piece; each returns JSON, the Timeline of the next stretch. */
export interface Listener {
  push(samples: Float32Array): string;
  finish(): string;
  delete(): void;
}

/** Hears live sound. */
export interface Ear {
  /** The mouth as it was a moment ago, the engine's channels in their order; null: nothing new. */
  push(samples: Float32Array): Float32Array | null;
  delete(): void;
}

/** Loads listen.wasm. */
export default function createListenModule(settings: Instantiation): Promise<ListenModule>;
