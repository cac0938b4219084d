// Builds the packages' dist folders and the app's static site, build/web. The
// WebAssembly modules come from build/wasm, so the CMake build goes first.
//   node web/build.mjs
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { resolve: npmFile } = createRequire(import.meta.url);
const wasmFolder = path.join(root, 'build/wasm/wasm');
const stage = path.join(root, 'web/vivavox');
const speech = path.join(root, 'web/vivavox-speech');
const app = path.join(root, 'web/app');
const site = path.join(root, 'build/web');

/** @type {esbuild.BuildOptions} */
const bundled = {
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  sourcemap: true,
  logLevel: 'warning',
};

function copy(from, to) {
  if (!existsSync(from)) throw new Error(`${path.relative(root, from)} is missing: build it first`);
  cpSync(from, to, { recursive: true, dereference: true });
}

/** stage or speech: the module's JavaScript, its WebAssembly and its types. */
function copyModule(name, folder) {
  for (const ending of ['js', 'wasm']) {
    copy(
      path.join(wasmFolder, `${name}.${ending}`),
      path.join(folder, 'dist', `${name}.${ending}`),
    );
  }
  copy(path.join(folder, 'src', `${name}.d.ts`), path.join(folder, 'dist', `${name}.d.ts`));
}

function writeTypes(folder) {
  execFileSync(process.execPath, [npmFile('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
    cwd: folder,
    stdio: 'inherit',
  });
}

async function buildStagePackage() {
  const dist = path.join(stage, 'dist');
  const { moods } = JSON.parse(readFileSync(path.join(root, 'shared/moods.json'), 'utf8'));
  rmSync(dist, { recursive: true, force: true });
  await esbuild.build({
    ...bundled,
    entryPoints: ['index', 'element'].map((name) => path.join(stage, 'src', `${name}.ts`)),
    outdir: dist,
    external: ['*/stage.js', '*/index.js'],
    define: { MOODS: JSON.stringify(moods.map(({ name }) => name)) },
  });
  copyModule('stage', stage);
  copy(path.join(root, 'shared/avatars/vivi.glb'), path.join(dist, 'vivi.glb'));
  writeTypes(stage);
}

async function buildSpeechPackage() {
  const dist = path.join(speech, 'dist');
  rmSync(dist, { recursive: true, force: true });
  await esbuild.build({
    ...bundled,
    entryPoints: [path.join(speech, 'src/index.ts')],
    outdir: dist,
    external: ['vivavox'],
  });
  // A worker sees neither the page's import map nor its bundle, so it carries all that it uses.
  await esbuild.build({
    ...bundled,
    entryPoints: [path.join(speech, 'src/worker.ts')],
    outdir: dist,
    splitting: true,
    external: ['*/speech.js', '*/stage.js'],
    alias: { vivavox: path.join(stage, 'src/index.ts') },
    conditions: ['onnxruntime-web-use-extern-wasm'],
  });
  copyModule('speech', speech);
  for (const name of ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm']) {
    copy(npmFile(`onnxruntime-web/${name}`), path.join(dist, name));
  }
  copy(espeakData(), path.join(dist, 'espeak-ng-data'));
  // MBROLA's voices are not part of the build of espeak-ng.
  for (const unused of ['mbrola_ph', 'voices/mb']) {
    rmSync(path.join(dist, 'espeak-ng-data', unused), { recursive: true });
  }
  writeTypes(speech);
}

/** The data of Debian's espeak-ng-data, which is of the version that speech.wasm is built from. */
function espeakData() {
  const found = readdirSync('/usr/lib')
    .map((name) => path.join('/usr/lib', name, 'espeak-ng-data'))
    .find((folder) => existsSync(folder));
  if (!found) throw new Error('espeak-ng-data is missing: run scripts/setup');
  return found;
}

async function buildApp() {
  rmSync(site, { recursive: true, force: true });
  for (const folder of [stage, speech]) {
    copy(path.join(folder, 'dist'), path.join(site, path.basename(folder)));
  }
  copy(path.join(app, 'public'), site);
  // The packages stay apart, as they are published; index.html's import map names them.
  await esbuild.build({
    ...bundled,
    entryPoints: [path.join(app, 'src/main.ts')],
    outdir: site,
    external: ['vivavox', 'vivavox-speech'],
  });
  const precache = filesOf(site).filter(isNeededAtOnce);
  await esbuild.build({
    ...bundled,
    entryPoints: [path.join(app, 'src/service_worker.ts')],
    outdir: site,
    define: {
      PRECACHE: JSON.stringify(precache.map((file) => (file === 'index.html' ? './' : file))),
      VERSION: JSON.stringify(hashOf(precache)),
    },
  });
}

function filesOf(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((file) => statSync(path.join(folder, file)).isFile())
    .sort();
}

/** All but sources, other languages' data and the runtime of Piper voices: those are kept once used. */
function isNeededAtOnce(file) {
  if (/\.(map|d\.ts)$/.test(file) || /\/ort-|onnxruntime/.test(file)) return false;
  if (!file.includes('/espeak-ng-data/')) return true;
  return /\/(phon\w+|intonations|en_dict|lang\/gmw\/en(-US)?)$/.test(file);
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(path.join(site, file)));
  return hash.digest('hex').slice(0, 16);
}

await buildStagePackage();
await buildSpeechPackage();
await buildApp();
