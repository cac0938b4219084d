import { VivavoxError } from './errors.js';
import { fetchOk } from './progress.js';

/**
 * Fetches and compiles a .wasm, whatever type the server calls it.
 * @throws VivavoxError `io_failed`
 */
export async function compileWasm(url: string | URL, what: string): Promise<WebAssembly.Module> {
  const response = await fetchOk(url, what);
  const isNamed = response.headers.get('content-type')?.startsWith('application/wasm');
  try {
    return isNamed
      ? await WebAssembly.compileStreaming(response)
      : await WebAssembly.compile(await response.arrayBuffer());
  } catch (cause) {
    throw new VivavoxError(
      'io_failed',
      `${what} could not be read from ${String(url)}: what is there is no WebAssembly that this browser takes.`,
      { cause },
    );
  }
}

/** What Emscripten's modules take to be made of a compiled module. */
export interface Instantiation {
  instantiateWasm: (
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ) => object;
}

/**
 * Makes a module's instance, and gives its memory beside it.
 * @throws VivavoxError `unavailable` where memory does not suffice
 */
export function instantiateBy<T>(
  create: (settings: Instantiation) => Promise<T>,
  module: WebAssembly.Module,
): Promise<{ made: T; memory: WebAssembly.Memory | null }> {
  return new Promise((resolve, reject) => {
    const failed = (cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      reject(new VivavoxError('unavailable', `WebAssembly did not start: ${reason}`, { cause }));
    };
    let memory: WebAssembly.Memory | null = null;
    const instantiateWasm: Instantiation['instantiateWasm'] = (imports, done) => {
      WebAssembly.instantiate(module, imports).then((instance) => {
        const exported = Object.values(instance.exports);
        memory = exported.find((value) => value instanceof WebAssembly.Memory) ?? null;
        done(instance, module);
      }, failed);
      return {};
    };
    create({ instantiateWasm }).then((made) => {
      resolve({ made, memory });
    }, failed);
  });
}
