import { VivavoxError, type ErrorCode } from './errors.js';

/** What both ends of a channel can do: a worker, a worker's own scope, a MessagePort. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/** A channel's end that can be handed on, and closed. */
export interface ClosablePort extends Port {
  close(): void;
}

/** A channel within the page, in a MessageChannel's shape; what goes through is not copied. */
export function localChannel(): { port1: ClosablePort; port2: ClosablePort } {
  const end = (other: () => Port): ClosablePort => ({
    onmessage: null,
    postMessage(data: unknown) {
      queueMicrotask(() => {
        other().onmessage?.({ data } as MessageEvent);
      });
    },
    close() {
      this.onmessage = null;
      other().onmessage = null;
    },
  });
  const port1: ClosablePort = end(() => port2);
  const port2: ClosablePort = end(() => port1);
  return { port1, port2 };
}

type Calls = Record<string, (...args: never[]) => unknown>;

/** An object whose methods may answer later. */
export type Asynchronous<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => infer R
    ? (...args: A) => R | Promise<R>
    : never;
};

/** A call on its way; one without an id awaits no answer. */
interface Call {
  id: number | null;
  call: string;
  args: unknown[];
}

type Reply =
  | { id: number; result: unknown }
  | { id: number | null; error: { code: ErrorCode; message: string } }
  | { event: unknown };

interface Pending {
  resolve: (result: never) => void;
  reject: (error: VivavoxError) => void;
}

/** Of all channels: where one end follows another at the same worker, late answers meet no other call. */
let lastId = 0;

/** The near end of a channel: calls of the far end's methods, as promises. */
export class Remote<T extends { [K in keyof T]: (...args: never[]) => unknown }, Event = never> {
  /** Called with what the far end tells unasked. */
  onEvent: (event: Event) => void = () => undefined;
  /** Called with the failure of what was told, and not asked. */
  onError: (error: VivavoxError) => void = () => undefined;
  readonly #port: Port;
  readonly #pending = new Map<number, Pending>();
  #failure: VivavoxError | null = null;

  constructor(port: Port) {
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<Reply>) => {
      this.#receive(data);
    };
  }

  /** Asks for an answer. @throws VivavoxError as the method does */
  call<K extends keyof T & string>(
    call: K,
    args: Parameters<T[K]>,
    transfer: Transferable[] = [],
  ): Promise<ReturnType<T[K]>> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#port.postMessage({ id, call, args } satisfies Call, transfer);
    });
  }

  /** Tells, and awaits nothing. */
  tell<K extends keyof T & string>(
    call: K,
    args: Parameters<T[K]>,
    transfer: Transferable[] = [],
  ): void {
    if (this.#failure) return;
    this.#port.postMessage({ id: null, call, args } satisfies Call, transfer);
  }

  /** Ends the channel: what is pending, and every later call, fails with this. */
  fail(error: VivavoxError): void {
    this.#failure ??= error;
    for (const { reject } of this.#pending.values()) reject(this.#failure);
    this.#pending.clear();
  }

  #receive(reply: Reply): void {
    if ('event' in reply) {
      if (!this.#failure) this.onEvent(reply.event as Event);
      return;
    }
    const error = 'error' in reply ? new VivavoxError(reply.error.code, reply.error.message) : null;
    if (reply.id === null) {
      if (error && !this.#failure) this.onError(error);
      return;
    }
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (error) pending?.reject(error);
    else if ('result' in reply) pending?.resolve(reply.result as never);
  }
}

/**
 * The far end of a channel: answers calls with an object's methods; several may be under way.
 * @param transferable what of a result need not be copied
 * @returns tells the near end something unasked
 */
export function answerCalls<T>(
  port: Port,
  object: Asynchronous<T> | Promise<Asynchronous<T>>,
  transferable: (result: unknown) => Transferable[] = () => [],
): (event: unknown, transfer?: Transferable[]) => void {
  const post = (reply: Reply, transfer: Transferable[] = []) => {
    port.postMessage(reply, transfer);
  };
  // Once it is there, what was told is done in the task of its message.
  let methods: Calls | null = null;
  const answer = async ({ id, call, args }: Call) => {
    try {
      methods ??= (await object) as Calls;
      const result = await methods[call]?.(...(args as never[]));
      if (id !== null) post({ id, result }, transferable(result));
    } catch (thrown) {
      const { code, message } = VivavoxError.from(thrown);
      post({ id, error: { code, message } });
    }
  };
  port.onmessage = ({ data }: MessageEvent<Call>) => {
    void answer(data);
  };
  return (event, transfer) => {
    post({ event }, transfer);
  };
}
