// Builds the packages' dist folders and the app's static site, build/web. The
// WebAssembly modules come from build/wasm, so the CMake build goes first.
//   node web/build.mjs
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { filesOf } from './files.mjs';
import { buildServiceWorker } from './service_worker.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { resolve: npmFile } = createRequire(import.meta.url);
const wasmFolder = path.join(root, 'build/wasm/wasm');
const stage = path.join(root, 'web/vivavox');
const speech = path.join(root, 'web/vivavox-speech');
const app = path.join(root, 'web/app');
const kiosk = path.join(root, 'web/kiosk');
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

/** Finds the modules that Emscripten made where CMake left them. */
const wasmModules = {
  name: 'wasm modules',
  setup(build) {
    build.onResolve({ filter: /^\.\/(stage|speech|listen)\.js$/ }, ({ path: name }) => ({
      path: path.join(wasmFolder, name),
    }));
  },
};

/** On the page the packages share one class of errors: vivavox's. */
const oneVivavox = {
  name: 'one vivavox',
  setup(build) {
    build.onResolve({ filter: /^\.\/(errors|progress)\.js$/ }, () => ({
      path: 'vivavox',
      external: true,
    }));
  },
};

/** The packages' types, and those of the modules that Emscripten and the build make. */
function writeTypes(folder) {
  const sources = path.join(folder, 'src');
  for (const name of readdirSync(sources).filter((name) => name.endsWith('.d.ts'))) {
    copy(path.join(sources, name), path.join(folder, 'dist', name));
  }
  execFileSync(process.execPath, [npmFile('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
    cwd: folder,
    stdio: 'inherit',
  });
}

/** A worker's script carries all that it uses: a page's import map and bundle end at its door. */
async function buildWorker(entry, outfile, options = {}) {
  await esbuild.build({
    ...bundled,
    format: 'iife',
    entryPoints: [entry],
    outfile,
    plugins: [wasmModules],
    ...options,
  });
}

/** Throws unless what a source lists is what the table in shared/ holds. */
function checkList(source, table, pattern, listedOf) {
  const rows = JSON.parse(readFileSync(path.join(root, `shared/${table}.json`), 'utf8'))[table];
  const text = readFileSync(path.join(stage, 'src', source), 'utf8');
  const listed = [...text.matchAll(pattern)].map(([, ...parts]) => parts.join());
  if (listed.join(';') !== rows.map(listedOf).join(';')) {
    throw new Error(`web/vivavox/src/${source} does not list what shared/${table}.json holds`);
  }
}

function checkLists() {
  checkList('moods.ts', 'moods', /^ {2}'(\w+)',$/gm, ({ name }) => name);
  checkList(
    'speaking_style.ts',
    'speaking_styles',
    /^ {2}(\w+): \{ jaw: ([\d.]+), lips: ([\d.]+) \},$/gm,
    ({ name, jaw, lips }) => [name, jaw, lips].join(),
  );
}

async function buildStagePackage() {
  const dist = path.join(stage, 'dist');
  checkLists();
  rmSync(dist, { recursive: true, force: true });
  await esbuild.build({
    ...bundled,
    entryPoints: ['index', 'element', 'worker'].map((name) =>
      path.join(stage, 'src', `${name}.ts`),
    ),
    outdir: dist,
    splitting: true,
    plugins: [wasmModules],
  });
  await buildWorker(path.join(stage, 'src/scene_worker.ts'), path.join(dist, 'scene_worker.js'));
  for (const name of ['stage.wasm', 'listen.wasm', 'unpack.wasm', 'sculpt.wasm']) {
    copy(path.join(wasmFolder, name), path.join(dist, name));
  }
  for (const name of ['vivi.glb', 'vivi.webp', 'family.glb']) {
    copy(path.join(root, 'shared/avatars', name), path.join(dist, name));
  }
  writeTypes(stage);
}

async function buildSpeechPackage() {
  const dist = path.join(speech, 'dist');
  rmSync(dist, { recursive: true, force: true });
  const alias = { 'vivavox/worker': path.join(stage, 'src/worker.ts') };
  const names = writeLanguageData(path.join(dist, 'espeak-ng-data'));
  await esbuild.build({
    ...bundled,
    entryPoints: ['index', 'onnxruntime'].map((name) => path.join(speech, 'src', `${name}.ts`)),
    outdir: dist,
    external: ['vivavox'],
    alias,
    plugins: [dataFiles(names), oneVivavox],
  });
  await buildWorker(path.join(speech, 'src/worker.ts'), path.join(dist, 'speech_worker.js'), {
    alias,
  });
  await buildWorker(path.join(speech, 'src/model_worker.ts'), path.join(dist, 'model_worker.js'), {
    alias,
    // The runtime would look for its files beside itself; it is told where they are.
    define: { 'import.meta.url': 'self.location.href' },
  });
  copy(path.join(wasmFolder, 'speech.wasm'), path.join(dist, 'speech.wasm'));
  writeTypes(speech);
}

/** espeak-ng's data: a file for each dictionary, and one for the many that describe languages. */
function writeLanguageData(folder) {
  const data = espeakData();
  const names = readdirSync(data).filter((name) => statSync(path.join(data, name)).isFile());
  for (const name of names) copy(path.join(data, name), path.join(folder, `${name}.bin`));
  const lang = filesOf(path.join(data, 'lang')).map((name) => [
    `lang/${name}`,
    readFileSync(path.join(data, 'lang', name), 'utf8'),
  ]);
  writeFileSync(path.join(folder, 'voices.json'), JSON.stringify(Object.fromEntries(lang)));
  return [...names.map((name) => `${name}.bin`), 'voices.json'];
}

/** The module that names each data file, so that bundlers find it. */
function dataFiles(names) {
  const entries = names.map((name) => {
    const file = JSON.stringify(`./espeak-ng-data/${name}`);
    return `${JSON.stringify(name)}: new URL(${file}, import.meta.url).href,`;
  });
  return {
    name: 'data files',
    setup(build) {
      build.onResolve({ filter: /^\.\/data_files\.js$/ }, () => ({
        path: 'data_files',
        namespace: 'made',
      }));
      build.onLoad({ filter: /./, namespace: 'made' }, () => ({
        contents: `export const dataUrls = {${entries.join('\n')}};`,
      }));
    },
  };
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
  // The app runs Piper voices, too.
  const runtime = 'ort-wasm-simd-threaded.wasm';
  copy(npmFile(`onnxruntime-web/${runtime}`), path.join(site, runtime));
  copy(path.join(app, 'public'), site);
  // The packages stay apart, as they are published; the pages' import maps name them.
  await esbuild.build({
    ...bundled,
    entryPoints: [path.join(app, 'src/main.ts')],
    outdir: site,
    external: ['vivavox', 'vivavox-speech'],
  });
  copy(path.join(kiosk, 'public'), path.join(site, 'kiosk'));
  await esbuild.build({
    ...bundled,
    entryPoints: [path.join(kiosk, 'src/main.ts')],
    outdir: path.join(site, 'kiosk'),
    external: ['vivavox', 'vivavox/element', 'vivavox-speech'],
  });
  await buildServiceWorker(site);
}

await buildStagePackage();
await buildSpeechPackage();
await buildApp();
