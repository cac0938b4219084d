/**
 * The bytes of a `data:` address, into which bundlers turn small files and which a strict policy
 * lets nobody fetch; null for any other.
 */
export function bytesOfDataUrl(url: string): Uint8Array | null {
  const [, isBase64, content] = /^data:[^,]*?(;base64)?,(.*)$/s.exec(url) ?? [];
  if (content === undefined) return null;
  if (!isBase64) return new TextEncoder().encode(decodeURIComponent(content));
  return Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
}
