// What the packages of Vivavox share that start workers; apps need none of it.
import { VivavoxError } from './errors.js';

export { VivavoxError } from './errors.js';
export { fetchBytes, fetchOk, readBytes } from './progress.js';
export { answerCalls, Remote, type Asynchronous, type Port } from './remote.js';
export { compileWasm, instantiateBy, type Instantiation } from './wasm.js';

/**
 * Starts a worker from a script of any origin: browsers take none of another's, but a script of
 * one's own may import it.
 * @param onFailure called once with `worker_failed` if the script does not load or throws
 * @throws VivavoxError `worker_failed` where the page's security policy forbids it at once
 */
export function startWorker(
  url: string | URL,
  name: string,
  onFailure: (error: VivavoxError) => void,
): Worker {
  const { href, origin, protocol } = new URL(url, document.baseURI);
  const fail = (reason: string, cause?: unknown) =>
    new VivavoxError(
      'worker_failed',
      `The ${name} worker could not start from ${href} (${reason}): allow it in worker-src and ` +
        'script-src of the Content-Security-Policy, or say where it is.',
      { cause },
    );
  try {
    const isOwn = origin === location.origin || protocol === 'data:';
    const source = isOwn ? href : blobUrl(`importScripts(${JSON.stringify(href)})`);
    const worker = new Worker(source, { name: `vivavox ${name}` });
    worker.onerror = (event) => {
      event.preventDefault();
      onFailure(fail(event.message || 'it could not be loaded'));
    };
    return worker;
  } catch (error) {
    throw fail(error instanceof Error ? error.message : String(error), error);
  }
}

const blobUrls = new Map<string, string>();

/** A script as a URL; the browser keeps it until the page goes, so there is one of each. */
function blobUrl(script: string): string {
  let url = blobUrls.get(script);
  if (url === undefined) {
    url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
    blobUrls.set(script, url);
  }
  return url;
}
