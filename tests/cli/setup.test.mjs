// What set-up says, in one line, where it cannot go on.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';

const isRoot = process.getuid() === 0;

/** Runs a program; its exit status and the lines that it wrote to standard error. */
async function run(program, args, settings = {}) {
  const env = { ...process.env, ...settings };
  delete env.VIVAVOX_ANNOUNCED;
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  child.stderr.on('data', (part) => (words += part));
  const [code] = await once(child, 'close');
  return { code, errors: words.split('\n').filter((line) => line.startsWith('vivavox: ')) };
}

function folder(test) {
  const made = mkdtempSync(join(tmpdir(), 'vivavox-setup-'));
  test.after(() => rmSync(made, { recursive: true }));
  chmodSync(made, 0o777);
  return made;
}

/** As on a machine that is not Debian 13. */
const enterElsewhere = '. scripts/lib/environment.sh; is_debian_13() { false; }; enter true';
/** What follows once the machine was found fit for it, without patience. */
const makeTree =
  '. scripts/lib/environment.sh; . scripts/lib/tree.sh; missing_for_tree() { :; }; retry() { "$@"; }; make_tree';

it('says how much room it needs where the disk has too little', { skip: !isRoot }, async (test) => {
  const cache = folder(test);
  const script = `mount -t tmpfs -o size=8m tmpfs '${cache}' && { ${makeTree}; }`;
  const inNamespace = ['--mount', '--propagation', 'unchanged', 'bash', '-c', script];
  const { code, errors } = await run('unshare', inNamespace, {
    VIVAVOX_CACHE: cache,
  });
  assert.equal(code, 1);
  assert.equal(errors.length, 1);
  assert.match(errors[0], /needs \d+ MB in .* and 8 MB are free: free some, or set VIVAVOX_CACHE/);
});

it('asks for the network where there is none', { skip: !isRoot }, async (test) => {
  const { code, errors } = await run('unshare', ['--net', 'bash', '-c', makeTree], {
    VIVAVOX_CACHE: folder(test),
  });
  assert.equal(code, 1);
  assert.equal(errors.length, 1);
  assert.match(errors[0], /is there a network\?/);
});

it('asks for root where it has to make a tree', { skip: !isRoot }, async (test) => {
  const cache = folder(test);
  // This clone may lie where only root can look.
  cpSync('scripts', join(cache, 'scripts'), { recursive: true });
  const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups'];
  const script = `cd '${cache}'; ${enterElsewhere}`;
  const { code, errors } = await run('setpriv', [...nobody, 'bash', '-c', script], {
    VIVAVOX_CACHE: cache,
  });
  assert.equal(code, 1);
  assert.equal(errors.length, 1);
  assert.match(errors[0], /it needs root: repeat with sudo/);
});

it('says that mounts are not allowed where they are not', { skip: !isRoot }, async (test) => {
  const cache = folder(test);
  // As a container without privileges answers.
  writeFileSync(
    join(cache, 'unshare'),
    '#!/bin/sh\necho "unshare failed: Operation not permitted" >&2; exit 1',
  );
  chmodSync(join(cache, 'unshare'), 0o755);
  const { code, errors } = await run('bash', ['-c', enterElsewhere], {
    VIVAVOX_CACHE: cache,
    PATH: `${cache}:${process.env.PATH}`,
  });
  assert.equal(code, 1);
  assert.equal(errors.length, 1);
  assert.match(errors[0], /mounts are not allowed here: .*--privileged/);
});

it('says that the port is taken before it sets anything up, and names a free one', async (test) => {
  const server = createServer().listen(0, '127.0.0.1');
  test.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address();
  const cache = folder(test);
  const { code, errors } = await run('scripts/start', ['--port', `${port}`], {
    VIVAVOX_CACHE: cache,
  });
  assert.equal(code, 1);
  assert.equal(errors.length, 1);
  const [, offered] = /port \d+ is taken.* --port (\d+)$/.exec(errors[0]);
  assert.ok(Number(offered) > port);
});
