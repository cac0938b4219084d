/** What an audio thread offers; TypeScript's DOM does not know it. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare const registerProcessor:
  ((name: string, type: new () => AudioWorkletProcessor) => void) | undefined;
declare const sampleRate: number;

/** The name of the processor that captureOf() makes a node of. */
export const captureName = 'vivavox-capture';

/**
 * In an audio thread, offers a processor that hands the sound that passes a node to a port, mixed to
 * one channel, ten milliseconds at a time.
 * @returns whether this is one
 */
export function registerCapture(): boolean {
  if (typeof registerProcessor !== 'function') return false;
  class Capture extends AudioWorkletProcessor {
    #to: MessagePort | null = null;
    #isOver = false;
    #samples = emptyPiece();
    #filled = 0;

    constructor() {
      super();
      // First the port to tell, then null: it is over.
      this.port.onmessage = ({ data }: MessageEvent<MessagePort | null>) => {
        this.#to = data;
        this.#isOver = data === null;
      };
    }

    process([input = []]: Float32Array[][]): boolean {
      const length = input[0]?.length ?? 0;
      for (let i = 0; i < length; i++) {
        let sum = 0;
        for (const channel of input) sum += channel[i] ?? 0;
        this.#samples[this.#filled++] = sum / input.length;
        if (this.#filled === this.#samples.length) this.#tell();
      }
      return !this.#isOver;
    }

    #tell(): void {
      this.#to?.postMessage(this.#samples, [this.#samples.buffer]);
      this.#samples = emptyPiece();
      this.#filled = 0;
    }
  }
  registerProcessor(captureName, Capture);
  return true;
}

function emptyPiece(): Float32Array<ArrayBuffer> {
  return new Float32Array(Math.round(sampleRate / 100));
}
