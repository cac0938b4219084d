import { VivavoxError, type ErrorCode } from './errors.js';
import { compileWasm } from './wasm.js';

/** What unpack.wasm offers. */
interface Unpacker {
  memory: WebAssembly.Memory;
  _initialize(): void;
  /** Room for the packed file; 0 where memory does not suffice. */
  room_for(length: number): number;
  /** Unpacks what was put there; whether it could. */
  unpack(): number;
  /** The plain file, or an error's code and message, a line each. */
  result_begin(): number;
  result_length(): number;
}

const packings =
  /EXT_meshopt_compression|KHR_meshopt_compression|KHR_draco_mesh_compression|EXT_texture_webp|image\/webp/;

/** Whether the file's JSON names a packing that stage.wasm does not read, but unpack.wasm does. */
export function isPacked(glb: Uint8Array): boolean {
  const head_bytes = 20;
  if (glb.length < head_bytes) return false;
  const length = new DataView(glb.buffer, glb.byteOffset).getUint32(12, true);
  return packings.test(new TextDecoder().decode(glb.subarray(head_bytes, head_bytes + length)));
}

/**
 * The file with meshes and textures that stage.wasm reads.
 * @throws VivavoxError `invalid_avatar`, `invalid_image`, `too_large`, `io_failed`
 */
export async function unpacked(glb: Uint8Array, unpackUrl: string): Promise<Uint8Array> {
  const module = await compileWasm(unpackUrl, 'the decoders of packed avatars');
  // All that it takes goes with it.
  const { exports } = await WebAssembly.instantiate(module, {
    env: { emscripten_notify_memory_growth: () => undefined },
  });
  const unpacker = exports as unknown as Unpacker;
  try {
    return unpackBy(unpacker, glb);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    throw new VivavoxError(
      'invalid_avatar',
      'The avatar file is damaged, and could not be unpacked: export it again.',
      { cause: error },
    );
  }
}

function unpackBy(unpacker: Unpacker, glb: Uint8Array): Uint8Array {
  unpacker._initialize();
  const room = unpacker.room_for(glb.length);
  if (room === 0) throw new VivavoxError('too_large', 'The avatar file is too large to unpack.');
  new Uint8Array(unpacker.memory.buffer).set(glb, room);
  const isDone = unpacker.unpack() !== 0;
  const begin = unpacker.result_begin();
  const made = new Uint8Array(unpacker.memory.buffer, begin, unpacker.result_length());
  if (isDone) return made.slice();
  const [code = 'internal', ...message] = new TextDecoder().decode(made).split('\n');
  throw new VivavoxError(code as ErrorCode, message.join('\n'));
}
