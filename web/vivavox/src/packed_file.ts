import { hasAvif, withoutAvif } from './avif_textures.js';
import { VivavoxError, type ErrorCode } from './errors.js';
import { jsonText } from './glb.js';
import { compileWasm } from './wasm.js';

/** Where the modules are that make a file that stage.wasm reads. */
export interface FileModuleUrls {
  unpack: string;
  sculpt: string;
}

/** What unpack.wasm and sculpt.wasm offer. */
interface FileModule {
  memory: WebAssembly.Memory;
  _initialize(): void;
  /** Room for the file; 0 where memory does not suffice. */
  room_for(length: number): number;
  /** Makes another of what was put there; whether it could. */
  remake(): number;
  /** The file that it made, or an error's code and message, a line each. */
  result_begin(): number;
  result_length(): number;
}

const packings =
  /EXT_meshopt_compression|KHR_meshopt_compression|KHR_draco_mesh_compression|EXT_texture_webp|image\/webp/;

/**
 * The file as stage.wasm reads it: made plain where its JSON names a packing, AVIF by the browser; where it has meshes and
 * no morph targets, given such as they allow.
 * @throws VivavoxError `invalid_avatar`, `invalid_image`, `too_large`, `io_failed`
 */
export async function readableFile(glb: Uint8Array, urls: FileModuleUrls): Promise<Uint8Array> {
  const text = jsonText(glb);
  const readable = hasAvif(glb) ? await withoutAvif(glb) : glb;
  const plain = packings.test(text)
    ? await remade(readable, urls.unpack, 'the decoders of packed avatars')
    : readable;
  if (!text.includes('"meshes"') || text.includes('"targets"')) return plain;
  // A head that stays as it is still nods.
  return remade(plain, urls.sculpt, 'what gives heads shapes').catch(() => plain);
}

async function remade(glb: Uint8Array, url: string, what: string): Promise<Uint8Array> {
  const module = await compileWasm(url, what);
  // All that it takes goes with it.
  const { exports } = await WebAssembly.instantiate(module, {
    env: { emscripten_notify_memory_growth: () => undefined },
  });
  try {
    return remadeBy(exports as unknown as FileModule, glb);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    throw new VivavoxError(
      'invalid_avatar',
      'The avatar file is damaged, and could not be unpacked: export it again.',
      { cause: error },
    );
  }
}

function remadeBy(module: FileModule, glb: Uint8Array): Uint8Array {
  module._initialize();
  const room = module.room_for(glb.length);
  if (room === 0) throw new VivavoxError('too_large', 'The avatar file is too large to unpack.');
  new Uint8Array(module.memory.buffer).set(glb, room);
  const isDone = module.remake() !== 0;
  const begin = module.result_begin();
  const made = new Uint8Array(module.memory.buffer, begin, module.result_length());
  if (isDone) return made.slice();
  const [code = 'internal', ...message] = new TextDecoder().decode(made).split('\n');
  throw new VivavoxError(code as ErrorCode, message.join('\n'));
}
