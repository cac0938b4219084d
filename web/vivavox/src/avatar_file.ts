import type { AvatarFile } from './avatar_options.js';
import { fetchBytes, type OnProgress } from './progress.js';

/** The file's bytes. @throws VivavoxError `io_failed` */
export async function avatarBytes(
  avatar: AvatarFile,
  onProgress: OnProgress | undefined,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (avatar instanceof Uint8Array) return avatar;
  const url = new URL(avatar, document.baseURI);
  return fetchBytes(url, 'face', { onProgress, signal });
}

/** What was fetched may be handed over; an app's own bytes are copied. */
export function transferOf(avatar: AvatarFile | undefined, glb: Uint8Array): Transferable[] {
  return avatar instanceof Uint8Array ? [] : [glb.buffer];
}
