/** Where a package's files are, if not beside its script. */
export interface AssetOptions {
  /** The folder that holds all of them: a copy of `dist`, a CDN. */
  assetBase?: string | URL;
  /** The script of the worker that draws, and that taps live sound. */
  workerUrl?: string | URL;
  /** The renderer's WebAssembly. */
  wasmUrl?: string | URL;
  /** The ear's, fetched when sound is to be heard whose words nobody gives. */
  listenUrl?: string | URL;
  /** The WebAssembly of the decoders, which only packed avatars need. */
  unpackUrl?: string | URL;
  /** The picture that is shown where nobody draws. */
  posterUrl?: string | URL;
  /** The WebAssembly that deforms heads without shapes, which they alone need. */
  sculptUrl?: string | URL;
}

/** Bundlers follow each of these to the file and keep it; so each stands here in full. */
const own = {
  worker: () => new URL('./scene_worker.js', import.meta.url),
  wasm: () => new URL('./stage.wasm', import.meta.url),
  listen: () => new URL('./listen.wasm', import.meta.url),
  unpack: () => new URL('./unpack.wasm', import.meta.url),
  sculpt: () => new URL('./sculpt.wasm', import.meta.url),
  avatar: () => new URL('./vivi.glb', import.meta.url),
  poster: () => new URL('./vivi.webp', import.meta.url),
};

/** The addresses of the package's files. */
export function assetUrls({
  assetBase,
  workerUrl,
  wasmUrl,
  listenUrl,
  unpackUrl,
  sculptUrl,
  posterUrl,
}: AssetOptions): Record<keyof typeof own, URL> {
  const at = (given: string | URL | undefined, name: string, otherwise: () => URL) => {
    if (given !== undefined) return new URL(given, document.baseURI);
    return assetBase === undefined ? otherwise() : new URL(name, folder(assetBase));
  };
  return {
    worker: at(workerUrl, 'scene_worker.js', own.worker),
    wasm: at(wasmUrl, 'stage.wasm', own.wasm),
    listen: at(listenUrl, 'listen.wasm', own.listen),
    unpack: at(unpackUrl, 'unpack.wasm', own.unpack),
    sculpt: at(sculptUrl, 'sculpt.wasm', own.sculpt),
    poster: at(posterUrl, 'vivi.webp', own.poster),
    avatar: at(undefined, 'vivi.glb', own.avatar),
  };
}

/** A folder's address, whether or not it was given with its slash. */
export function folder(base: string | URL): URL {
  return new URL(String(base).replace(/\/?$/, '/'), document.baseURI);
}
