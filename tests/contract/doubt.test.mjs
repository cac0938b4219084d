// Commits of which nobody knows what came of them, because the connection to PostgreSQL
// broke between the COMMIT and its answer: what may be there keeps its file.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';

import { api, send, startPostgres, startService, until } from './service.mjs';

/** Between the service and PostgreSQL: breaks a connection off at its next COMMIT after a
 * statement was seen on it, before the server has it or before the client has the answer. */
class Proxy {
  sockets = new Set();

  async listen(port) {
    this.server = net.createServer((client) => this.join(client, net.connect(port, '127.0.0.1')));
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = this.server.address().port;
    return this;
  }

  /** Resolves once it has been done. */
  cutAt(statement, { isCommitted }) {
    return new Promise((cut) => (this.plan = { statement, isCommitted, cut }));
  }

  join(client, server) {
    let isMeant = false;
    let isCut = false;
    const end = () => [client, server].forEach((socket) => socket.destroy());
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        end();
        this.sockets.delete(socket);
      });
    }
    client.on('data', (data) => {
      const text = data.toString('latin1');
      if (this.plan && text.includes(this.plan.statement)) isMeant = true;
      if (isMeant && this.plan && /^Q.{4}COMMIT/s.test(text)) {
        const { isCommitted, cut } = this.plan;
        this.plan = undefined;
        isCut = true;
        cut();
        if (!isCommitted) return end();
      }
      server.write(data);
    });
    server.on('data', (data) => (isCut ? end() : client.write(data)));
  }

  close() {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}

/** What stores a file with its row, and how both are found again. */
const ways = {
  'an upload': {
    statement: 'INSERT INTO assets',
    ask: ['POST', `${api}/assets/upload?name=doubt.bin`, { body: 'entrusted' }],
    found: ({ assets }) => assets.map((one) => one.url),
    list: `${api}/assets?name=doubt.bin`,
  },
  'a recording’s speech': {
    statement: 'INSERT INTO audios',
    ask: ['POST', `${api}/lipsync`, { json: { text: 'In doubt.' } }],
    found: ({ audios }) => audios.map((one) => one.audio_url),
    list: `${api}/audios`,
  },
  'a picture': {
    statement: 'INSERT INTO renders',
    ask: ['POST', `${api}/render`, { json: { width: 64, height: 64 } }],
    found: ({ renders }) => renders.map((one) => one.frame_url),
    list: `${api}/renders`,
  },
};

let postgres, proxy, settings, service;
const folder = mkdtempSync(join(tmpdir(), 'vivavox-doubt-'));
before(async () => {
  postgres = await startPostgres();
  const url = new URL(await postgres.database());
  proxy = await new Proxy().listen(Number(url.port));
  url.port = proxy.port;
  settings = { LOG_LEVEL: 'error', DATABASE_URL: url.href };
  service = await startService(settings, folder);
});
after(async () => {
  await service.stop('SIGKILL');
  proxy.close();
  await postgres.stop();
  rmSync(folder, { recursive: true });
});

for (const [name, { statement, ask, found, list }] of Object.entries(ways)) {
  const [method, path, options] = ask;
  const urls = async () => found((await send(service.port, 'GET', list)).json);

  it(`keeps the file of ${name} whose commit came through unheard`, async () => {
    const cut = proxy.cutAt(statement, { isCommitted: true });
    assert.equal((await send(service.port, method, path, options)).status, 503);
    await cut;
    await until(async () => (await urls()).length === 1);
    const [url] = await urls();
    const stored = await send(service.port, 'GET', url);
    assert.equal(stored.status, 200);
    assert.ok(stored.body.length > 0);
  });

  it(`keeps nothing but the file of ${name} whose commit did not come through`, async () => {
    const before_it = await urls();
    const cut = proxy.cutAt(statement, { isCommitted: false });
    assert.equal((await send(service.port, method, path, options)).status, 503);
    await cut;
    assert.deepEqual(await urls(), before_it);
    assert.equal((await send(service.port, method, path, options)).status, 200);
    assert.equal((await urls()).length, before_it.length + 1);
  });
}

it('ends a job whose end was committed unheard, with its file', async () => {
  const body = { width: 64, height: 64, seed: 7 };
  const cut = proxy.cutAt('INSERT INTO renders', { isCommitted: true });
  const { json } = await send(service.port, 'POST', '/api/v1/jobs', {
    json: { operation: 'render', body },
  });
  await cut;
  let job;
  await until(async () => {
    job = (await send(service.port, 'GET', `/api/v1/jobs/${json.job_id}`)).json;
    return job.state === 'done';
  });
  assert.equal((await send(service.port, 'GET', job.urls[0])).status, 200);
});

it('a repeated request finds what its commit in doubt has made', async () => {
  const again = { headers: { 'idempotency-key': 'doubt' }, body: 'entrusted again' };
  const upload = () => send(service.port, 'POST', `${api}/assets/upload?name=again.bin`, again);
  const cut = proxy.cutAt('INSERT INTO assets', { isCommitted: true });
  assert.equal((await upload()).status, 503);
  await cut;
  const answer = await upload();
  assert.equal(answer.status, 200);
  assert.equal(answer.json.version, 1);
  assert.equal((await send(service.port, 'GET', answer.json.url)).body.toString(), again.body);
});

it('finds all files again after a restart', async () => {
  await service.stop('SIGKILL');
  service = await startService(settings, folder);
  for (const { found, list } of Object.values(ways)) {
    for (const url of found((await send(service.port, 'GET', list)).json)) {
      assert.equal((await send(service.port, 'GET', url)).status, 200, url);
    }
  }
});
