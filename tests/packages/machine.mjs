// A bare Debian 13 without a network, as scripts/test-packages unpacks it: "debian" to install
// in, "other" to stay as it is.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const inBare = fileURLToPath(new URL('../../scripts/lib/in_bare', import.meta.url));

/** The folder that scripts/package made. */
export const packages = process.env.VIVAVOX_PACKAGES;
/** Where pictures of what was drawn are left. */
export const pictures = process.env.VIVAVOX_BARE;

export const rootOf = (name) => path.join(process.env.VIVAVOX_BARE, name);

/** Runs a shell's script in a machine, as root; gives {status, stdout, stderr}. */
export function run(machine, script) {
  return spawnSync(inBare, [rootOf(machine), packages, 'sh', '-c', script], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
}

/** Begins a shell's script in a machine; `end()` ends it, and all that it began. */
export function start(machine, script) {
  const child = spawn(inBare, [rootOf(machine), packages, 'sh', '-c', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const begun = {
    child,
    words: '',
    async end() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'close');
      }
    },
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part) => (begun.words += part));
  }
  return begun;
}

/** What `attempt` gives, once it gives something; fails with the words of `begun` where that ended. */
export async function eventually(begun, attempt) {
  for (;;) {
    const given = await Promise.resolve()
      .then(attempt)
      .catch(() => undefined);
    if (given) return given;
    if (begun.child.exitCode !== null) throw new Error(`it ended: ${begun.words}`);
    await after(100);
  }
}
