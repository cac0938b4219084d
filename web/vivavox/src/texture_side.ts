import type { QualityLevel } from './quality.js';
import type { Shot } from './scene.js';

/** A head's texture has so many times as many texels along a side as the head's height shows. */
const texelsAcrossHead = 1.5;
/** From farther away bodies are seen, whose textures lie over more than a head. */
const mostHeads = 1.75;
/** The renderer takes none larger. */
export const mostTextureSide_px = 4096;

/**
 * How large textures have to be for a picture of this size: a power of two, as most are. Texels
 * beyond that are between the pixels.
 */
export function textureSide_px(
  picture_px: { width: number; height: number },
  shot: Shot,
  level: QualityLevel,
): number {
  const head_px = Math.max(picture_px.width, picture_px.height) / Math.min(shot.height, mostHeads);
  const drawn_px = level === 'ultra' ? 2 * head_px : head_px;
  const side_px = 2 ** Math.ceil(Math.log2(texelsAcrossHead * drawn_px));
  return Math.min(Math.max(side_px, 1), mostTextureSide_px);
}
