// The packages on a bare Debian 13 without a network: installed from one folder, run, upgraded,
// removed. One machine goes through all of it, in this order.
/* global fetch */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { eventually, packages, pictures, rootOf, run, start } from './machine.mjs';

const machine = 'debian';
const service = 'http://localhost:8080';
const settings = '/etc/vivavox/vivavox.conf';
const asService = (command) => `cd /var/lib/vivavox && runuser -u vivavox -- ${command}`;
const inMachine = (file) => path.join(rootOf(machine), file);

function succeed(given) {
  assert.equal(given.status, 0, given.stdout + given.stderr);
  return given.stdout;
}

/** The .deb of a package, of whatever version. */
function packageFile(name) {
  return readdirSync(packages).find((file) => file.startsWith(`${name}_`) && file.endsWith('.deb'));
}

it('no network can be reached', () => {
  const routes = readFileSync('/proc/net/route', 'utf8').trim().split('\n');
  assert.equal(routes.length, 1, 'only the table’s head');
});

it('refuses a folder with a damaged file, and names it', (test) => {
  const copy = path.join(rootOf(machine), 'root/stick');
  test.after(() => rmSync(copy, { recursive: true }));
  succeed(
    run(machine, `mkdir /root/stick && cp /mnt/*.deb /mnt/install.sh /mnt/SHA256SUMS /root/stick`),
  );
  writeFileSync(path.join(copy, packageFile('vivavox')), 'x');
  const { status, stderr, stdout } = run(machine, 'sh /root/stick/install.sh vivavox');
  assert.equal(status, 1);
  assert.match(stdout + stderr, /vivavox_.*\.deb: FAILED/);
  assert.match(stderr, /damaged or missing: copy it again/);
});

it('installs the server from the folder', () => {
  succeed(run(machine, 'sh /mnt/install.sh vivavox'));
  succeed(run(machine, 'dpkg --audit && getent passwd vivavox'));
  assert.equal(statSync(inMachine('var/lib/vivavox')).mode & 0o777, 0o750);
  assert.equal(statSync(inMachine(settings)).mode & 0o777, 0o600);
});

it('lacks nothing, as the doctor says', () => {
  const said = succeed(run(machine, asService('vivavox doctor')))
    .trim()
    .split('\n');
  assert.ok(said.length >= 6);
  for (const line of said) assert.match(line, /^well /);
});

it('serves the web app, the API and its pages, speaks and draws', async (test) => {
  const serving = start(machine, asService('vivavox serve'));
  test.after(() => serving.end());
  const health = await eventually(serving, async () => (await fetch(`${service}/health`)).json());
  assert.equal(health.status, 'healthy');
  assert.equal(`vivavox_${health.version}_amd64.deb`, packageFile('vivavox'));
  for (const file of [
    '',
    'vivavox/stage.wasm',
    'docs/swagger-ui.css',
    'docs/swagger-ui-bundle.js',
  ]) {
    assert.equal((await fetch(`${service}/${file}`)).status, 200, file);
  }
  const post = async (operation, body) => {
    const answer = await fetch(service + operation, { method: 'POST', body: JSON.stringify(body) });
    assert.equal(answer.status, 200, operation);
    return answer.json();
  };
  const bytesOf = async (url) => Buffer.from(await (await fetch(service + url)).arrayBuffer());
  const spoken = await post('/api/v1/avatars/lipsync', { text: 'Hello there.' });
  assert.equal(spoken.words.length, 2);
  const drawn = await post('/api/v1/avatars/render', { prompt: 'happy', format: 'png' });
  writeFileSync(path.join(pictures, 'server.png'), await bytesOf(drawn.frame_url));
  const film = await post('/render/lipsync', { text: 'Hello there.', width: 256, height: 256 });
  assert.ok((await bytesOf(film.video_url)).length > 10_000);
});

it('keeps settings and data through an upgrade', () => {
  writeFileSync(inMachine(settings), '# ours\nPORT=8090\n');
  const next = inMachine('root/next');
  execFileSync('dpkg-deb', ['-R', path.join(packages, packageFile('vivavox')), next]);
  const control = path.join(next, 'DEBIAN/control');
  writeFileSync(control, readFileSync(control, 'utf8').replace(/^Version: .*$/m, 'Version: 999'));
  const shipped = path.join(next, settings);
  writeFileSync(shipped, `${readFileSync(shipped, 'utf8')}# new in this version\n`);
  execFileSync('dpkg-deb', ['-Znone', '-b', next, inMachine('root/next.deb')]);
  rmSync(next, { recursive: true });
  succeed(run(machine, 'dpkg --force-confdef --force-confold -i /root/next.deb'));
  assert.match(succeed(run(machine, "dpkg-query -W -f '${Version}' vivavox")), /^999$/);
  assert.equal(readFileSync(inMachine(settings), 'utf8'), '# ours\nPORT=8090\n');
  assert.ok(existsSync(inMachine('var/lib/vivavox/avatar.db')));
  succeed(run(machine, asService('vivavox doctor --port 0')));
});

it('leaves settings and data when it is removed, and nothing but the user when it is purged', () => {
  succeed(run(machine, 'dpkg --remove vivavox'));
  assert.ok(!existsSync(inMachine('usr/bin/vivavox')));
  assert.ok(!existsSync(inMachine('usr/share/vivavox')));
  assert.ok(existsSync(inMachine(settings)));
  assert.ok(existsSync(inMachine('var/lib/vivavox/avatar.db')));
  succeed(run(machine, 'dpkg --purge vivavox'));
  for (const gone of ['etc/vivavox', 'var/lib/vivavox', 'var/cache/vivavox', 'usr/lib/vivavox']) {
    assert.ok(!existsSync(inMachine(gone)), gone);
  }
  assert.equal(
    succeed(
      run(machine, 'find / -xdev -name "*vivavox*" -not -path "/mnt/*" -not -path "/root/*"'),
    ),
    '',
  );
  succeed(run(machine, 'getent passwd vivavox'));
});

it('runs from the archive where nothing is installed', async (test) => {
  const archive = readdirSync(packages).find((file) => file.endsWith('.tar.xz'));
  const folder = path.join(rootOf('other'), 'opt');
  execFileSync('tar', ['-C', folder, '-xf', path.join(packages, archive)]);
  const program = `/opt/${archive.replace('.tar.xz', '')}/bin/vivavox`;
  const spoken = `cd /tmp && ${program} speak 'Hello there.' --out hello.wav --out hello.json`;
  succeed(run('other', spoken));
  assert.ok(statSync(path.join(rootOf('other'), 'tmp/hello.wav')).size > 20_000);
  const { stdout } = run('other', `cd /tmp && ${program} doctor`);
  for (const well of ['start', 'voices', 'web app'])
    assert.match(stdout, new RegExp(`^well  ${well} `, 'm'));
  for (const lacking of ['ffmpeg', 'Vulkan'])
    assert.match(stdout, new RegExp(`^lack  ${lacking} `, 'm'));
  const serving = start('other', `cd /tmp && ${program} serve`);
  test.after(() => serving.end());
  await eventually(serving, async () => (await fetch(`${service}/health`)).ok);
  assert.equal((await fetch(`${service}/docs/swagger-ui.css`)).status, 200);
});
