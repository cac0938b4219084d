// The service killed at random moments under write load: what it acknowledged
// is there after a restart, and files and rows belong together.
// VIVAVOX_CRASH_ROUNDS: how often (default 5).
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { Stream, api, send, startPostgres, startService, until } from './service.mjs';

const rounds = Number(process.env.VIVAVOX_CRASH_ROUNDS ?? 5);
const writers = 6;

/** What was acknowledged, and what may have been done besides. */
class Ledger {
  counts = Array.from({ length: writers }, () => ({ acknowledged: 0, sent: 0 }));
  audios = new Set();
  assets = new Map();
  deleted = new Set();
  jobs = new Set();
  session = new Watcher();
}

/** A client of a session that comes back after each crash, and what it was told. */
class Watcher {
  told = [];
  sent = 0;
  acknowledged = 0;

  async join(port) {
    // Also where nothing was heard yet: what was committed then comes now.
    const since = this.epoch ? `?since=${this.told.at(-1) ?? 0}&epoch=${this.epoch}` : '';
    const stream = new Stream(port, `${api}/session/crashing/stream${since}`);
    stream.socket.on('message', (data) => {
      const { event, seq, epoch, data: patch } = JSON.parse(data);
      if (event === 'heartbeat') this.epoch = epoch;
      if (event === 'resync') this.told.push('resync');
      if (event !== 'patch') return;
      this.told.push(seq);
      this.acknowledged = patch.count;
    });
    await stream.next((one) => one.event === 'heartbeat');
    return stream;
  }

  /** Patches until the service is gone. */
  async write(port) {
    const stream = await this.join(port);
    let open = true;
    stream.closed.then(() => (open = false));
    while (open) {
      stream.say({ type: 'patch', operation_id: `op${++this.sent}`, data: { count: this.sent } });
      await sleep(5);
    }
  }

  async check(port) {
    const stream = await this.join(port);
    const { seq, state } = stream.messages.find((one) => one.event === 'heartbeat');
    await until(() => (this.told.at(-1) ?? 0) === seq);
    assert.deepEqual(
      this.told,
      Array.from({ length: seq }, (_, i) => i + 1),
    );
    assert.ok((state.count ?? 0) >= this.acknowledged);
    await stream.close();
  }
}

/** Writes until the service is gone. */
async function write(port, ledger, writer) {
  const count = ledger.counts[writer];
  const ask = async (method, path, options, status = 200) => {
    const answer = await send(port, method, path, options);
    assert.equal(answer.status, status, `${method} ${path}: ${answer.body}`);
    return answer.json;
  };
  for (let i = 0; ; ++i) {
    const sent = ++count.sent;
    await ask('PATCH', `${api}/writer${writer}/state`, { json: { state: { count: sent } } });
    count.acknowledged = sent;
    if (i % 3 === 0) {
      const spoken = { avatar_id: `writer${writer}`, text: `Number ${sent}` };
      ledger.audios.add((await ask('POST', `${api}/lipsync`, { json: spoken })).audio_id);
    }
    if (i % 4 === 1) {
      const path = `${api}/assets/upload?name=file${writer}-${sent}`;
      const asset = await ask('POST', path, { body: `content ${writer} ${sent}` });
      ledger.assets.set(asset.asset_id, asset.url);
    }
    if (i % 5 === 2) {
      const body = { avatar_id: `writer${writer}`, width: 64, height: 64, seed: sent };
      const json = { operation: 'render', body };
      ledger.jobs.add((await ask('POST', '/api/v1/jobs', { json }, 202)).job_id);
    }
    if (i % 8 === 5) {
      const [id, url] = [...ledger.assets].pop();
      ledger.assets.delete(id);
      await ask('DELETE', `${api}/assets/${id}`);
      ledger.deleted.add(url);
    }
  }
}

/** No job is lost: it is still to be done, or done, or it is said why not. */
async function checkJobs(port, ledger, isLast) {
  const look = async (id) => (await send(port, 'GET', `/api/v1/jobs/${id}`)).json;
  for (const id of ledger.jobs) {
    if (isLast) await until(async () => !['queued', 'running'].includes((await look(id)).state));
    const job = await look(id);
    assert.ok(['queued', 'running', 'done', 'failed'].includes(job.state), `job ${id} is lost`);
    if (job.state === 'failed') assert.equal(job.error.name, 'interrupted');
    if (job.state !== 'done') continue;
    assert.equal((await send(port, 'GET', job.urls[0])).status, 200, `job ${id} has no result`);
  }
}

async function listed(port, kind) {
  const all = [];
  for (;;) {
    const path = `${api}/${kind}?limit=1000&offset=${all.length}`;
    const page = (await send(port, 'GET', path)).json[kind];
    all.push(...page);
    if (page.length < 1000) return all;
  }
}

/** The mark, and what the service keeps in quarantine. */
const isKept = (entry) => entry.name === '.vivavox' || /\.quarantine/.test(entry.parentPath);

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !isKept(entry))
    .map((entry) => entry.name);
}

async function check(port, folder, ledger, database, isLast) {
  await ledger.session.check(port);
  await checkJobs(port, ledger, isLast);
  for (const [writer, count] of ledger.counts.entries()) {
    const { json } = await send(port, 'GET', `${api}/writer${writer}/state`);
    const kept = json.state.count ?? 0;
    assert.ok(kept >= count.acknowledged && kept <= count.sent, `${kept} of ${count.acknowledged}`);
  }
  // With PostgreSQL a young file may be another process's, whose row is on its way.
  const agree = (files, named) => {
    const known = database === 'sqlite' ? files : files.filter((name) => named.includes(name));
    assert.deepEqual(known.sort(), named.sort());
  };
  const audios = await listed(port, 'audios');
  const ids = new Set(audios.map((one) => one.audio_id));
  for (const id of ledger.audios) assert.ok(ids.has(id), `audio ${id} is lost`);
  agree(
    filesBelow(join(folder, 'data/audios')),
    audios.map((one) => `${one.audio_id}.wav`),
  );
  const renders = (await listed(port, 'renders')).map((one) => one.frame_url.split('/').pop());
  // Before the last round some are being made.
  if (isLast) agree(filesBelow(join(folder, 'data/renders')), renders);
  const assets = await listed(port, 'assets');
  const urls = new Set(assets.map((one) => one.url));
  for (const url of ledger.assets.values()) assert.ok(urls.has(url), `asset ${url} is lost`);
  for (const url of ledger.deleted) assert.ok(!urls.has(url), `asset ${url} is back`);
  agree(
    filesBelow(join(folder, 'data/assets/stored')),
    [...urls].map((url) => url.split('/').pop()),
  );
}

for (const database of ['sqlite', 'postgresql']) {
  it(`survives ${rounds} kills under write load on ${database}`, async (test) => {
    const postgres = database === 'postgresql' ? await startPostgres({ fsync: true }) : undefined;
    if (postgres) test.after(() => postgres.stop());
    const settings = postgres ? { DATABASE_URL: await postgres.database() } : {};
    const folder = mkdtempSync(join(tmpdir(), 'vivavox-crash-'));
    const ledger = new Ledger();
    let slowest_ms = 0;
    for (let round = 0; round <= rounds; ++round) {
      const start = performance.now();
      const service = await startService(
        { LOG_LEVEL: 'error', MAX_JOBS: '100000', ...settings },
        folder,
      );
      slowest_ms = Math.max(slowest_ms, performance.now() - start);
      await check(service.port, folder, ledger, database, round === rounds);
      if (round === rounds) {
        await service.stop();
        break;
      }
      const work = ledger.counts.map((_, writer) =>
        write(service.port, ledger, writer).catch((error) => {
          if (error instanceof assert.AssertionError) throw error;
        }),
      );
      work.push(ledger.session.write(service.port).catch(() => {}));
      await sleep(50 + Math.random() * 350);
      await service.stop('SIGKILL');
      await Promise.all(work);
    }
    const acknowledged = ledger.counts.reduce((sum, one) => sum + one.acknowledged, 0);
    test.diagnostic(
      `${rounds} kills, ${acknowledged} patches, ${ledger.audios.size} audios, ` +
        `${ledger.assets.size} assets and ${ledger.jobs.size} jobs acknowledged; slowest start ${Math.round(slowest_ms)} ms`,
    );
    rmSync(folder, { recursive: true });
  });
}
