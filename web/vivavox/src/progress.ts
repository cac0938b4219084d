import { VivavoxError } from './errors.js';

/** How far a download is. */
export interface Progress {
  /** What is loading, for people: "face", "language data" … */
  what: string;
  loaded_bytes: number;
  /** 0 where the server does not say. */
  total_bytes: number;
}

export type OnProgress = (progress: Progress) => void;

/**
 * Fetches a file's bytes, reporting progress.
 * @throws VivavoxError `io_failed`
 */
export async function fetchBytes(
  url: string | URL,
  what: string,
  onProgress?: OnProgress,
): Promise<Uint8Array<ArrayBuffer>> {
  return readBytes(await fetchOk(url, what), what, onProgress);
}

/** @throws VivavoxError `io_failed` unless the answer is a success */
export async function fetchOk(url: string | URL, what: string): Promise<Response> {
  const response = await fetch(url).catch(() => null);
  if (response?.ok) return response;
  const reason = response ? `the server answered ${response.status}` : 'the network failed';
  throw new VivavoxError('io_failed', `${what} could not be loaded from ${String(url)}: ${reason}`);
}

/** A response's body, reporting progress. */
export async function readBytes(
  response: Response,
  what: string,
  onProgress?: OnProgress,
): Promise<Uint8Array<ArrayBuffer>> {
  // Content-Length counts the bytes on the wire, so it is of use only without compression.
  const compressed = response.headers.get('content-encoding') !== null;
  const total_bytes = compressed ? 0 : Number(response.headers.get('content-length') ?? 0);
  const chunks: Uint8Array[] = [];
  let loaded_bytes = 0;
  for await (const chunk of chunksOf(response)) {
    chunks.push(chunk);
    loaded_bytes += chunk.length;
    onProgress?.({ what, loaded_bytes, total_bytes });
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

function joined(chunks: Uint8Array[], length_bytes: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length_bytes);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
