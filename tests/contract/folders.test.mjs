// Folders and databases in every combination that an operator may hit upon: nothing
// acknowledged is lost, and no file of anybody else is touched.
// VIVAVOX_FOLDER_ROUNDS: how many random sequences (default 5).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';

import { api, send, startPostgres, startService } from './service.mjs';

const rounds = Number(process.env.VIVAVOX_FOLDER_ROUNDS ?? 5);
const isRoot = process.getuid() === 0;
const quiet = { LOG_LEVEL: 'error' };

/** A folder that goes with the test. */
function folderFor(test) {
  const folder = mkdtempSync(join(tmpdir(), 'vivavox-folders-'));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function serve(test, settings, folder) {
  const service = await startService({ ...quiet, ...settings }, folder);
  test.after(() => service.stop('SIGKILL'));
  return service;
}

const refuses = (settings, folder, why) =>
  assert.rejects(
    startService({ ...quiet, ...settings }, folder).then((service) => service.stop()),
    why,
  );

async function ask(port, method, path, options) {
  const answer = await send(port, method, path, options);
  assert.equal(answer.status, 200, `${method} ${path}: ${answer.body}`);
  return answer;
}

const upload = async (port, name, body) =>
  (await ask(port, 'POST', `${api}/assets/upload?name=${name}`, { body })).json;

it('refuses a folder of pictures and leaves them alone', async (test) => {
  const folder = folderFor(test);
  const pictures = join(folder, 'pictures');
  mkdirSync(pictures);
  const names = ['holiday.png', `${'a'.repeat(32)}.png`];
  for (const name of names) writeFileSync(join(pictures, name), name);
  await refuses({ RENDERS_DIR: pictures }, folder, /RENDERS_DIR.*not this service's/);
  assert.deepEqual(readdirSync(pictures).sort(), names.sort());
});

it('keeps all assets when it was started with another folder in between', async (test) => {
  const folder = folderFor(test);
  let service = await serve(test, {}, folder);
  const asset = await upload(service.port, 'kept.bin', 'kept');
  await service.stop();
  await refuses({ ASSETS_DIR: './elsewhere' }, folder, /ASSETS_DIR.*is missing/);
  mkdirSync(join(folder, 'empty/stored'), { recursive: true });
  await refuses({ ASSETS_DIR: './empty' }, folder, /ASSETS_DIR.*is empty/);
  service = await serve(test, {}, folder);
  assert.equal((await ask(service.port, 'GET', asset.url)).body.toString(), 'kept');
});

it('refuses the folders of another database, and its own ones swapped', async (test) => {
  const [one, two] = [folderFor(test), folderFor(test)];
  const service = await serve(test, {}, one);
  const asset = await upload(service.port, 'kept.bin', 'kept');
  await service.stop();
  await refuses(
    { RENDERS_DIR: join(one, 'data/renders') },
    two,
    /RENDERS_DIR.*belongs to another database/,
  );
  const swapped = { RENDERS_DIR: './data/audios', AUDIOS_DIR: './data/renders' };
  await refuses(swapped, one, /holds other files of this service/);
  await refuses({ AUDIOS_DIR: './data/renders' }, one, /holds other files of this service/);
  const again = await serve(test, {}, one);
  await ask(again.port, 'GET', asset.url);
});

it('gives back a quarantined file whose row comes to light', async (test) => {
  const folder = folderFor(test);
  const first = await serve(test, {}, folder);
  await upload(first.port, 'before.bin', 'before');
  await first.stop();
  cpSync(join(folder, 'avatar.db'), join(folder, 'backup.db'));
  const second = await serve(test, {}, folder);
  const asset = await upload(second.port, 'after.bin', 'after');
  await second.stop();
  cpSync(join(folder, 'avatar.db'), join(folder, 'newest.db'));
  const from = async (copy) => {
    cpSync(join(folder, copy), join(folder, 'avatar.db'));
    return serve(test, {}, folder);
  };
  const third = await from('backup.db');
  assert.equal((await send(third.port, 'GET', asset.url)).status, 404);
  await third.stop();
  const fourth = await from('newest.db');
  assert.equal((await ask(fourth.port, 'GET', asset.url)).body.toString(), 'after');
});

it('takes over folders from before there were marks', async (test) => {
  const folder = folderFor(test);
  let service = await serve(test, {}, folder);
  const asset = await upload(service.port, 'old.bin', 'old');
  await service.stop();
  // As an older version left it: no marks, and a database that knows nothing of them.
  for (const name of ['renders', 'audios', 'assets/stored', 'assets/parts']) {
    rmSync(join(folder, 'data', name, '.vivavox'));
  }
  execFileSync('python3', [
    '-c',
    `import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
for table in database.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE TABLE claimed%'").fetchall():
    database.execute(f"DELETE FROM {table[0]}")
database.commit()`,
    join(folder, 'avatar.db'),
  ]);
  service = await serve(test, {}, folder);
  await ask(service.port, 'GET', asset.url);
  assert.ok(existsSync(join(folder, 'data/assets/stored/.vivavox')));
});

for (const database of ['sqlite', 'postgresql']) {
  it(`keeps equal contents apart while they come and go, on ${database}`, async (test) => {
    const postgres = database === 'postgresql' ? await startPostgres() : undefined;
    if (postgres) test.after(() => postgres.stop());
    const settings = postgres ? { DATABASE_URL: await postgres.database() } : {};
    const { port } = await serve(test, settings, folderFor(test));
    const workers = Array.from({ length: 6 }, async (_, worker) => {
      for (let i = 0; i < 25; ++i) {
        const asset = await upload(port, `equal${worker}.bin`, 'the same bytes');
        const { body } = await ask(port, 'GET', asset.url);
        assert.equal(body.toString(), 'the same bytes');
        await ask(port, 'DELETE', `${api}/assets/${asset.asset_id}`);
      }
      return upload(port, `last${worker}.bin`, 'the same bytes');
    });
    for (const asset of await Promise.all(workers)) await ask(port, 'GET', asset.url);
  });
}

// --- random sequences --------------------------------------------------------------

/** A generator of the same numbers for the same seed. */
function random(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Two installations and a folder of somebody's, and what each was promised. */
class World {
  homes = ['one', 'two'].map((name) => ({ name, assets: new Map(), audios: new Set() }));

  constructor(folder) {
    this.folder = folder;
    mkdirSync(join(folder, 'pictures/ab'), { recursive: true });
    this.foreign = [
      'pictures/holiday.png',
      `pictures/${'b'.repeat(32)}.png`,
      `pictures/ab/ab${'c'.repeat(62)}.glb`,
      `pictures/asset-${'d'.repeat(24)}`,
    ];
    for (const name of this.foreign) writeFileSync(join(folder, name), name);
    for (const home of this.homes) mkdirSync(join(folder, home.name));
  }

  settings(home, { renders, audios, assets } = {}) {
    const data = (name) => join(this.folder, home.name, name);
    return {
      ...quiet,
      RENDERS_DIR: renders ?? data('renders'),
      AUDIOS_DIR: audios ?? data('audios'),
      ASSETS_DIR: assets ?? data('assets'),
    };
  }

  checkForeign() {
    for (const name of this.foreign) {
      assert.equal(readFileSync(join(this.folder, name), 'utf8'), name);
    }
  }

  async use(home, service, below) {
    const ask = (method, path, options) => send(service.port, method, path, options);
    const asset = await ask('POST', `${api}/assets/upload?name=a${below(4)}`, {
      body: `content ${below(3)}`,
    });
    if (asset.status === 200) home.assets.set(asset.json.asset_id, asset.json.url);
    const audio = await ask('POST', `${api}/lipsync`, { json: { text: 'Yes.' } });
    if (audio.status === 200) home.audios.add(audio.json.audio_url);
    if (home.assets.size > 3) {
      const [id] = home.assets.keys();
      const answer = await ask('DELETE', `${api}/assets/${id}`);
      if (answer.status === 200) home.assets.delete(id);
    }
  }

  async check(home, service) {
    for (const url of [...home.assets.values(), ...home.audios]) {
      assert.equal((await send(service.port, 'GET', url)).status, 200, `${home.name}: ${url}`);
    }
  }
}

/** What an operator may do to an installation between two good starts. */
const mishaps = {
  wrong: (world, home) => world.settings(home, { assets: join(world.folder, 'pictures') }),
  pictures: (world, home) => world.settings(home, { renders: join(world.folder, 'pictures') }),
  missing: (world, home) => world.settings(home, { assets: join(world.folder, 'nowhere') }),
  swapped: (world, home) =>
    world.settings(home, {
      renders: join(world.folder, home.name, 'audios'),
      audios: join(world.folder, home.name, 'renders'),
    }),
  others: (world, home) =>
    world.settings(home, {
      assets: join(world.folder, world.homes.find((one) => one !== home).name, 'assets'),
    }),
};

/** With the installation's folder read-only or full for as long as `use` takes. */
async function limited(world, home, kind, use) {
  const place = join(world.folder, home.name, 'audios');
  if (!isRoot || !existsSync(place)) return;
  if (kind === 'read-only') {
    execFileSync('mount', ['--bind', place, place]);
    execFileSync('mount', ['-o', 'remount,ro,bind', place]);
  } else {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place]);
    writeFileSync(join(place, '.vivavox'), '');
    try {
      writeFileSync(join(place, 'filler'), Buffer.alloc(1 << 20));
    } catch (error) {
      assert.equal(error.code, 'ENOSPC');
    }
  }
  try {
    await use();
  } finally {
    execFileSync('umount', ['--lazy', place]);
  }
}

async function sequence(world, below) {
  for (let step = 0; step < 6; ++step) {
    const home = world.homes[below(2)];
    const cwd = join(world.folder, home.name);
    const start = (settings) =>
      startService(settings, cwd).then(
        (service) => service,
        () => undefined,
      );
    const kind = ['good', 'good', ...Object.keys(mishaps), 'read-only', 'full'][below(9)];
    if (kind === 'good') {
      const service = await start(world.settings(home));
      assert.ok(service, `${home.name} does not start`);
      await world.check(home, service);
      await world.use(home, service, below);
      await service.stop(below(2) ? 'SIGKILL' : 'SIGTERM');
    } else if (kind === 'read-only' || kind === 'full') {
      await limited(world, home, kind, async () => {
        const service = await start(world.settings(home));
        if (service) await world.use(home, service, below);
        await service?.stop('SIGKILL');
      });
    } else {
      const settings = mishaps[kind](world, home);
      const isFresh = !existsSync(join(cwd, 'avatar.db'));
      const service = isFresh ? undefined : await start(settings);
      await service?.stop('SIGKILL');
      assert.ok(!service, `${home.name} started with ${kind} folders`);
    }
    world.checkForeign();
  }
  for (const home of world.homes) {
    const service = await startService(world.settings(home), join(world.folder, home.name));
    await world.check(home, service);
    await service.stop();
  }
}

it(`loses nothing and touches nothing foreign in ${rounds} random sequences`, async (test) => {
  for (let round = 0; round < rounds; ++round) {
    const seed = rounds > 50 ? round : Math.floor(Math.random() * 2 ** 31);
    const folder = mkdtempSync(join(tmpdir(), 'vivavox-sequence-'));
    try {
      await sequence(new World(folder), random(seed));
    } catch (error) {
      throw new Error(`sequence ${seed}: ${error.message}`, { cause: error });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  test.diagnostic(`${rounds} sequences`);
});
