import type { OnProgress } from 'vivavox';
import { fetchOk, readBytes } from 'vivavox/worker';
import type { PiperFiles } from './protocol.js';

/** Where voices that came from a URL are kept for use without a network. */
const cacheName = 'vivavox-voices';

/**
 * The bytes of a voice's file; one from a URL is fetched once and then comes from Cache Storage.
 * @throws VivavoxError `io_failed`
 */
export async function readFile(
  file: PiperFiles['model'],
  what: string,
  onProgress?: OnProgress,
): Promise<Uint8Array> {
  if (file instanceof Uint8Array) return new Uint8Array(file);
  if (file instanceof Blob) return new Uint8Array(await file.arrayBuffer());
  // Pages without https have no Cache Storage, and a full disk is no reason not to speak.
  const cache = 'caches' in self ? await caches.open(cacheName).catch(() => null) : null;
  const kept = await cache?.match(file);
  if (kept) return readBytes(kept, what, { onProgress });
  const response = await fetchOk(file, what);
  const bytes = await readBytes(response, what, { onProgress });
  await cache?.put(file, new Response(bytes as BodyInit)).catch(() => undefined);
  return bytes;
}
