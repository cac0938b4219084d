// The service worker of a site that is built: it knows each file by its SHA-256.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { parse } from 'yaml';
import { filesOf } from './files.mjs';

const source = fileURLToPath(new URL('app/src/service_worker.ts', import.meta.url));
const speechModule = new URL('../build/wasm/wasm/speech.js', import.meta.url).href;
const kioskFile = 'kiosk/kiosk.yaml';

/** Writes service_worker.js into the site for the files that are there. */
export async function buildServiceWorker(site) {
  const files = filesOf(site).filter(isOfSite);
  const digests = Object.fromEntries(files.map((file) => [file, digestOf(path.join(site, file))]));
  const spoken = await languageDataOf(site);
  const precache = files.filter((file) => isNeededAtOnce(file) || spoken.has(file));
  await esbuild.build({
    entryPoints: [source],
    outdir: site,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    sourcemap: true,
    logLevel: 'warning',
    define: {
      DIGESTS: JSON.stringify(digests),
      PRECACHE: JSON.stringify(precache),
      VERSION: JSON.stringify(hash(JSON.stringify(digests)).slice(0, 16)),
    },
  });
}

/** All that a page may load, but what is changed where the site is used, and the worker itself. */
function isOfSite(file) {
  return (
    !/\.(map|d\.ts)$|(^|\/)\./.test(file) && file !== kioskFile && file !== 'service_worker.js'
  );
}

/** All but other languages' data, the runtime of Piper voices and packed avatars' decoders: those are kept once used. */
function isNeededAtOnce(file) {
  if (/(^|\/)(ort-|onnxruntime|model_worker|unpack|sculpt)/.test(file)) return false;
  if (!file.includes('/espeak-ng-data/')) return true;
  return /\/(phon\w+\.bin|intonations\.bin|en_dict\.bin|voices\.json)$/.test(file);
}

/** The data of the voices of the kiosk that comes with the site: the engine knows what they need. */
async function languageDataOf(site) {
  const { languages } = parse(readFileSync(path.join(site, kioskFile), 'utf8'));
  const { default: openSpeech } = await import(speechModule);
  const speech = await openSpeech({
    wasmBinary: readFileSync(path.join(site, 'vivavox-speech/speech.wasm')),
  });
  const files = languages.flatMap(({ voice }) => JSON.parse(speech.dataFilesFor(voice)));
  return new Set(files.map((file) => `vivavox-speech/espeak-ng-data/${file}.bin`));
}

function digestOf(file) {
  return hash(readFileSync(file));
}

function hash(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
