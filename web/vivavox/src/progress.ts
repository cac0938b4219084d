import { VivavoxError } from './errors.js';

/** How far a download is. */
export interface Progress {
  /** What is loading, for people: "face", "language data" … */
  what: string;
  loaded_bytes: number;
  /** 0 where the server does not say. */
  total_bytes: number;
}

/** Is told how far a download is. */
export type OnProgress = (progress: Progress) => void;

/** How to fetch. */
export interface FetchOptions {
  onProgress?: OnProgress | undefined;
  /** Aborting it ends the download with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/**
 * Fetches a file's bytes, reporting progress.
 * @throws VivavoxError `io_failed`
 */
export async function fetchBytes(
  url: string | URL,
  what: string,
  options: FetchOptions = {},
): Promise<Uint8Array> {
  return readBytes(await fetchOk(url, what, options.signal), what, options);
}

/** @throws VivavoxError `io_failed` unless the answer is a success */
export async function fetchOk(
  url: string | URL,
  what: string,
  signal?: AbortSignal,
): Promise<Response> {
  let reason = 'the network failed';
  let cause: unknown;
  try {
    const response = await fetch(url, { signal: signal ?? null });
    if (response.ok) return response;
    reason = `the server answered ${response.status}`;
  } catch (error) {
    signal?.throwIfAborted();
    cause = error;
  }
  throw new VivavoxError(
    'io_failed',
    `${what} could not be loaded from ${String(url)}: ${reason}`,
    {
      cause,
    },
  );
}

/**
 * A response's body, reporting progress.
 * @throws VivavoxError `io_failed` where the connection ends before the body does
 */
export async function readBytes(
  response: Response,
  what: string,
  { onProgress, signal }: FetchOptions = {},
): Promise<Uint8Array> {
  // Content-Length counts the bytes on the wire, so it is of use only without compression.
  const compressed = response.headers.get('content-encoding') !== null;
  const total_bytes = compressed ? 0 : Number(response.headers.get('content-length') ?? 0);
  const chunks: Uint8Array[] = [];
  let loaded_bytes = 0;
  try {
    for await (const chunk of chunksOf(response)) {
      chunks.push(chunk);
      loaded_bytes += chunk.length;
      onProgress?.({ what, loaded_bytes, total_bytes });
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw new VivavoxError(
      'io_failed',
      `${what} could not be loaded from ${response.url}: the connection was cut off.`,
      { cause },
    );
  }
  return joined(chunks, loaded_bytes);
}

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

function joined(chunks: Uint8Array[], length_bytes: number): Uint8Array {
  const bytes = new Uint8Array(length_bytes);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
