// Runs the tests in tests/browser; arguments go to node's test runner.
//   node web/test.mjs [--test-name-pattern=…]
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const built = path.join(root, 'build/web-tests');
const sources = path.join(root, 'tests/browser');
const tests = readdirSync(sources).filter((name) => name.endsWith('.test.ts'));

rmSync(built, { recursive: true, force: true });
await esbuild.build({
  entryPoints: tests.map((name) => path.join(sources, name)),
  outdir: built,
  bundle: true,
  packages: 'external',
  // Imported within pages, by their import maps; tsconfig.json's paths would bundle the sources.
  external: ['vivavox', 'vivavox/*', 'vivavox-speech'],
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'warning',
});
const files = tests.map((name) => path.join(built, name.replace(/ts$/, 'js')));
// One file at a time: browsers that share two cores slow each other's frames.
const options = ['--enable-source-maps', '--test', '--test-concurrency=1', '--test-timeout=600000'];
const { status } = spawnSync(process.execPath, [...options, ...process.argv.slice(2), ...files], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
