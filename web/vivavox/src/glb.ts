export const headBytes = 20;

/** How many bytes a glTF binary's JSON takes, by its head. */
export function jsonLength(glb: Uint8Array): number {
  return new DataView(glb.buffer, glb.byteOffset).getUint32(12, true);
}

/** The text of a glTF binary's JSON; nothing of a file that is shorter than its head. */
export function jsonText(glb: Uint8Array): string {
  if (glb.length < headBytes) return '';
  return new TextDecoder().decode(glb.subarray(headBytes, headBytes + jsonLength(glb)));
}
