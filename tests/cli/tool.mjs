// Runs the built `vivavox` tool as a user does.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const tool = join(root, 'build/native/server/vivavox');
const megabytes = 1 << 20;

/** Runs `vivavox ARGUMENTS…`; gives {status, stdout, stderr}. */
export function vivavox(args, { input, cwd } = {}) {
  return spawnSync(tool, args, { input, cwd, encoding: 'utf8', maxBuffer: 256 * megabytes });
}

/** Runs another program; gives its standard output as bytes. */
export function output(program, args) {
  const run = spawnSync(program, args, { maxBuffer: 1024 * megabytes });
  if (run.status !== 0) throw new Error(`${program}: ${run.stderr}`);
  return run.stdout;
}

/** A folder that is gone after the test. */
export function temporaryFolder(test) {
  const folder = mkdtempSync(join(tmpdir(), 'vivavox-cli-'));
  test.after(() => rmSync(folder, { recursive: true }));
  return folder;
}
