import { VivavoxError } from './errors.js';
import { headBytes, jsonLength, jsonText } from './glb.js';
import { pngOf } from './png.js';
import { mostTextureSide_px } from './texture_side.js';

/** What a glTF file says of its textures, if it is whole. */
interface Gltf {
  buffers: { byteLength: number }[];
  bufferViews: { buffer: number; byteOffset?: number; byteLength: number }[];
  images: { bufferView: number; mimeType?: string }[];
  textures: { source?: number; extensions?: { EXT_texture_avif?: { source: number } } }[];
}

const chunkHeadBytes = 8;
const namesAvif = /EXT_texture_avif|image\/avif/;
const mostPixels = 64 * 2 ** 20;

/** Whether the file's JSON names AVIF. */
export function hasAvif(glb: Uint8Array): boolean {
  return namesAvif.test(jsonText(glb));
}

/**
 * The file with PNG in the place of its AVIF textures, which this browser decodes.
 * @throws VivavoxError `invalid_avatar`, `invalid_image`
 */
export async function withoutAvif(glb: Uint8Array): Promise<Uint8Array> {
  try {
    return await converted(glb);
  } catch (error) {
    if (error instanceof VivavoxError) throw error;
    const words = 'The avatar file says nothing readable of its AVIF textures: export it again.';
    throw new VivavoxError('invalid_avatar', words, { cause: error });
  }
}

async function converted(glb: Uint8Array): Promise<Uint8Array> {
  const text = jsonText(glb);
  const json = JSON.parse(text) as Gltf;
  const binary = glb.subarray(headBytes + jsonLength(glb) + chunkHeadBytes);
  const pieces = [binary, new Uint8Array(-binary.length & 3)];
  let end = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const reader = new PixelReader();
  try {
    for (const image of usedImages(json)) {
      const { byteOffset = 0, byteLength } = at(json.bufferViews, image.bufferView);
      const file = binary.subarray(byteOffset, byteOffset + byteLength);
      if (!isAvif(file)) continue;
      const png = await pngOf(await reader.read(file));
      image.bufferView = json.bufferViews.length;
      image.mimeType = 'image/png';
      json.bufferViews.push({ buffer: 0, byteOffset: end, byteLength: png.length });
      pieces.push(png, new Uint8Array(-png.length & 3));
      end += (png.length + 3) & ~3;
    }
  } finally {
    reader.close();
  }
  at(json.buffers, 0).byteLength = end;
  return glbOf(JSON.stringify(json), pieces, end);
}

/** Of every texture the image, which it has as any other from now on. */
function usedImages({ images, textures }: Gltf): Set<Gltf['images'][number]> {
  for (const texture of textures) {
    const source = texture.source ?? texture.extensions?.EXT_texture_avif?.source;
    if (source !== undefined) texture.source = source;
  }
  const used = textures.flatMap(({ source }) => (source === undefined ? [] : [at(images, source)]));
  return new Set(used);
}

function at<T>(list: T[], index: number): T {
  const element = list[index];
  if (element === undefined) throw new RangeError(`there is no element ${String(index)}`);
  return element;
}

function isAvif(file: Uint8Array): boolean {
  return /^ftyp(avif|avis|mif1)$/.test(new TextDecoder('latin1').decode(file.subarray(4, 12)));
}

function glbOf(json: string, pieces: Uint8Array[], binaryBytes: number): Uint8Array {
  const text = new TextEncoder().encode(json);
  const textBytes = (text.length + 3) & ~3;
  const glb = new Uint8Array(headBytes + textBytes + chunkHeadBytes + binaryBytes);
  const view = new DataView(glb.buffer);
  const [magic, jsonChunk, binaryChunk] = [0x46546c67, 0x4e4f534a, 0x004e4942];
  [magic, 2, glb.length, textBytes, jsonChunk].forEach((word, i) => {
    view.setUint32(4 * i, word, true);
  });
  glb.fill(0x20, headBytes, headBytes + textBytes);
  glb.set(text, headBytes);
  let place = headBytes + textBytes;
  view.setUint32(place, binaryBytes, true);
  view.setUint32(place + 4, binaryChunk, true);
  place += chunkHeadBytes;
  for (const piece of pieces) {
    glb.set(piece, place);
    place += piece.length;
  }
  return glb;
}

/** Reads pictures by WebGL: a canvas's other context would multiply their colours by alpha. */
class PixelReader {
  readonly #gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  #pixels = 0;

  async read(file: Uint8Array): Promise<ImageData> {
    const bitmap = await decoded(file);
    const { width, height } = bitmap;
    this.#pixels += width * height;
    if (Math.max(width, height) > mostTextureSide_px || this.#pixels > mostPixels) {
      const size = `${String(width)} × ${String(height)}`;
      throw new VivavoxError(
        'invalid_image',
        `The avatar's AVIF textures, one of them of ${size} pixels, are too large: scale them down.`,
      );
    }
    const gl = this.#gl;
    if (!gl) throw new VivavoxError('renderer_unavailable', 'The browser gives no WebGL 2.');
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, bitmap);
    gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    const pixels = new Uint8Array(4 * width * height);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    gl.deleteTexture(texture);
    bitmap.close();
    return new ImageData(new Uint8ClampedArray(pixels.buffer), width, height);
  }

  close(): void {
    this.#gl?.getExtension('WEBGL_lose_context')?.loseContext();
  }
}

async function decoded(file: Uint8Array): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(new Blob([file.slice()], { type: 'image/avif' }), {
      premultiplyAlpha: 'none',
      colorSpaceConversion: 'none',
    });
  } catch (cause) {
    throw new VivavoxError(
      'invalid_image',
      'An AVIF texture of the avatar is damaged, or this browser reads none: export it again, or as WebP.',
      { cause },
    );
  }
}
