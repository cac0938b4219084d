import { VivavoxError, type OnProgress } from 'vivavox';
import type { CallMessage, CallName, WorkerCalls, WorkerMessage } from './protocol.js';

interface Pending {
  resolve: (result: never) => void;
  reject: (error: VivavoxError) => void;
}

/** Calls into the worker, as promises. */
export class WorkerClient {
  readonly #worker: Worker;
  readonly #onProgress: OnProgress | undefined;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #failure: VivavoxError | null = null;

  constructor(worker: Worker, onProgress?: OnProgress) {
    this.#worker = worker;
    this.#onProgress = onProgress;
    worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
      this.#receive(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      const reason = event.message || 'its script could not be loaded';
      this.#fail(new VivavoxError('internal', `The speech worker stopped: ${reason}`));
    };
  }

  call<K extends CallName>(
    call: K,
    ...args: Parameters<WorkerCalls[K]>
  ): Promise<ReturnType<WorkerCalls[K]>> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = ++this.#lastId;
    const message: CallMessage<K> = { id, call, args };
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage(message);
    });
  }

  dispose(): void {
    this.#worker.terminate();
    this.#fail(new VivavoxError('disposed', 'This speech was disposed of: create another.'));
  }

  #receive(message: WorkerMessage): void {
    if ('progress' in message) {
      this.#onProgress?.(message.progress);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if ('error' in message) {
      pending?.reject(new VivavoxError(message.error.code, message.error.message));
    } else {
      pending?.resolve(message.result as never);
    }
  }

  #fail(error: VivavoxError): void {
    this.#failure ??= error;
    for (const { reject } of this.#pending.values()) reject(this.#failure);
    this.#pending.clear();
  }
}
