// What is needed goes away and comes back: a full disk, a vanished database.
// Also keys, limits, origins and the end of the service.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { Client, Stream, api, send, startPostgres, startService, until } from './service.mjs';

const isRoot = process.getuid() === 0;

/** Started for a test, and ended with it however it ends. */
async function serve(test, settings, folder, wrapper) {
  const service = await startService(settings, folder, wrapper);
  test.after(() => service.stop('SIGKILL'));
  return service;
}

async function database(test) {
  const postgres = await startPostgres();
  test.after(() => postgres.stop());
  return postgres;
}

it('says that the disk is full, loses nothing, and goes on', { skip: !isRoot }, async (test) => {
  const folder = mkdtempSync(join(tmpdir(), 'vivavox-full-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder]);
  test.after(() => {
    execFileSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true });
  });
  const service = await serve(test, { LOG_LEVEL: 'error' }, folder);
  const client = await new Client(service.port).open();
  const patch = (state) => client.patch(`${api}/full/state`, { state });
  assert.equal((await patch({ before: 1 })).status, 200);
  const filler = join(folder, 'filler');
  try {
    writeFileSync(filler, Buffer.alloc(16 << 20));
  } catch (error) {
    assert.equal(error.code, 'ENOSPC');
  }
  let refused;
  for (let i = 0; i < 200 && refused?.status !== 503; ++i) {
    refused = await patch({ [`key${i}`]: 'x'.repeat(10_000) });
  }
  assert.equal(refused.status, 503);
  assert.match(refused.json.detail, /disk is full/);
  assert.ok(refused.headers['retry-after']);
  const upload = await client.request('POST', `${api}/assets/upload?name=a`, {
    body: 'x'.repeat(100_000),
  });
  assert.equal(upload.status, 503);
  assert.equal((await client.get('/health')).status, 503);
  assert.equal((await client.get(`${api}/full/state`)).json.state.before, 1);
  rmSync(filler);
  await until(async () => (await client.get('/health')).status === 200);
  assert.equal((await patch({ after: 2 })).status, 200);
  assert.equal((await client.get(`${api}/full/state`)).json.state.after, 2);
});

it("serves an owner's kiosk file instead of the web app's, and the app's page with it", async (test) => {
  const folder = mkdtempSync(join(tmpdir(), 'vivavox-kiosk-'));
  test.after(() => rmSync(folder, { recursive: true }));
  const [own, app] = [join(folder, 'own'), join(folder, 'app/kiosk')];
  for (const each of [own, app]) mkdirSync(each, { recursive: true });
  writeFileSync(join(app, 'index.html'), '<p>the page');
  writeFileSync(join(app, 'kiosk.yaml'), 'title: theirs');
  writeFileSync(join(own, 'kiosk.yaml'), 'title: ours');
  writeFileSync(join(folder, 'secret.yaml'), 'title: secret');
  const root = ['sh', '-c', 'exec "$@" --root "$APP"', 'sh'];
  const settings = { KIOSK_DIR: own, APP: join(folder, 'app') };
  const service = await serve(test, settings, undefined, root);
  const get = (path) => send(service.port, 'GET', path);
  assert.match(String((await get('/kiosk/kiosk.yaml')).body), /ours/);
  assert.match(String((await get('/kiosk/')).body), /the page/);
  assert.equal((await get('/kiosk/..%2fsecret.yaml')).status, 404);
});

it('says that PostgreSQL is away, and goes on when it is back', async (test) => {
  const postgres = await database(test);
  const service = await serve(test, {
    DATABASE_URL: await postgres.database(),
    LOG_LEVEL: 'error',
  });
  const client = await new Client(service.port).open();
  const patch = (state) => client.patch(`${api}/away/state`, { state });
  assert.equal((await patch({ before: 1 })).status, 200);
  await postgres.halt();
  for (let i = 0; i < 3; ++i) {
    const answer = await patch({ lost: i });
    assert.equal(answer.status, 503);
    assert.match(answer.json.detail, /database is away/);
  }
  const health = await client.get('/health');
  assert.deepEqual([health.status, health.json.components.database], [503, 'unavailable']);
  assert.doesNotMatch(health.body.toString(), /127\.0\.0\.1|port|refused/);
  assert.equal((await client.get('/health/live')).status, 200);
  await postgres.start();
  await until(async () => (await client.get('/health')).status === 200);
  const { status, json } = await patch({ after: 2 });
  assert.deepEqual([status, json.state.before, json.state.after], [200, 1, 2]);
  assert.equal((await client.get('/health')).status, 200);
});

it('asks for keys, and grants what each allows', async (test) => {
  const key = (name) => `${name}-key-0123456789`;
  const service = await serve(test, {
    API_KEYS: `a=${key('reader')}:read,a=${key('writer')}:write,${key('keeper')}:admin`,
  });
  const ask = (method, path, name, json) =>
    send(service.port, method, path, {
      json,
      headers: name ? { authorization: `Bearer ${key(name)}` } : {},
    }).then((answer) => answer.status);
  const state = `${api}/x/state`;
  assert.equal(await ask('GET', '/health'), 200);
  assert.equal(await ask('GET', state), 401);
  assert.equal(await ask('GET', state, 'stranger'), 401);
  assert.equal(await ask('GET', state, 'reader'), 200);
  assert.equal(await ask('PATCH', state, 'reader', { state: {} }), 403);
  assert.equal(await ask('PATCH', state, 'writer', { state: {} }), 200);
  assert.equal(await ask('PUT', `${api}/config`, 'writer', {}), 403);
  assert.equal(await ask('PUT', `${api}/config`, 'keeper', {}), 200);
  assert.equal(await ask('GET', '/metrics', 'writer'), 403);
  const stranger = new Stream(service.port, `${api}/x/stream`);
  assert.match(String(await stranger.failed), /401/);
  const known = new Stream(service.port, `${api}/x/stream`, { 'x-api-key': key('reader') });
  await known.next((one) => one.event === 'heartbeat');
  await known.close();
  await service.stop();
  assert.ok(!service.log.join('\n').includes('-key-0123'), 'no key is logged');
});

it('does not listen to the world without keys', async (test) => {
  await assert.rejects(serve(test, { HOST: '0.0.0.0' }), /API_KEYS/);
  const service = await serve(test, { HOST: '0.0.0.0', API_KEYS: 'k'.repeat(24) });
  assert.equal((await send(service.port, 'GET', '/health')).status, 200);
});

it('answers only to its own names where it asks for no key', async (test) => {
  const open = await serve(test);
  const status = async (service, host, headers = {}) =>
    (await send(service.port, 'GET', `${api}/presets`, { headers: { host, ...headers } })).status;
  assert.equal(await status(open, `localhost:${open.port}`), 200);
  assert.equal(await status(open, `127.0.0.1:${open.port}`), 200);
  assert.equal(await status(open, 'rebound.example'), 421);
  const rebound = new Stream(open.port, `${api}/x/stream`, { host: 'rebound.example' });
  assert.match(String(await rebound.failed), /421/);
  const named = await serve(test, { ALLOWED_HOSTS: 'kiosk.example' });
  assert.equal(await status(named, 'kiosk.example:80'), 200);
  assert.equal(await status(named, 'rebound.example'), 421);
});

it('is not reached through a proxy without keys', async (test) => {
  await assert.rejects(serve(test, { TRUSTED_PROXIES: '127.0.0.1' }), /API_KEYS/);
  const service = await serve(test);
  for (const header of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip']) {
    const answer = await send(service.port, 'GET', `${api}/presets`, {
      headers: { [header]: '1.2.3.4' },
    });
    assert.equal(answer.status, 403, header);
  }
});

it('counts and logs the client that the trusted proxy saw', async (test) => {
  const key = 'a-key-of-more-than-16-characters';
  const settings = { API_KEYS: key, MAX_REQUESTS: '5', LOG_LEVEL: 'info' };
  const ask = async (service, forwarded) =>
    (
      await send(service.port, 'GET', `${api}/presets`, {
        headers: { 'x-api-key': key, 'x-forwarded-for': forwarded },
      })
    ).status;
  const behind = await serve(test, { ...settings, TRUSTED_PROXIES: '127.0.0.1' });
  const forged = [];
  for (let i = 0; i < 7; ++i) forged.push(await ask(behind, `6.6.6.${i}, 1.2.3.4`));
  assert.deepEqual(forged, [200, 200, 200, 200, 200, 429, 429]);
  assert.equal(await ask(behind, '1.2.3.5'), 200);
  await ask(behind, '","level":"forged');
  // What was asked last is logged last.
  for (const client of ['1.2.3.4', '127.0.0.1']) {
    await until(() => behind.log.some((line) => line.includes(`"client":"${client}"`)));
  }
  assert.ok(behind.log.every((line) => !/6\.6\.6|forged/.test(line)));
  const alone = await serve(test, settings);
  const direct = [];
  for (let i = 0; i < 7; ++i) direct.push(await ask(alone, `6.6.6.${i}`));
  assert.deepEqual(direct, [200, 200, 200, 200, 200, 429, 429]);
});

it('reads the lines of X-Forwarded-For in the order in which they came', async (test) => {
  const key = 'a-key-of-more-than-16-characters';
  const service = await serve(test, {
    API_KEYS: key,
    TRUSTED_PROXIES: '127.0.0.1',
    LOG_LEVEL: 'info',
  });
  // A proxy adds a line of its own behind those that the client wrote.
  for (const others of [0, 3, 40]) {
    const filler = Array.from({ length: others }, (_, i) => `X-Other-${i}: ${i}\r\n`);
    for (let forged = 0; forged <= 3; ++forged) {
      const lines = Array.from({ length: forged }, (_, i) => `X-Forwarded-For: 6.6.6.${i}\r\n`);
      const client = `1.2.${others}.${forged}`;
      const mine = `X-Forwarded-For: ${client}\r\n`;
      const half = filler.splice(0, others / 2);
      const text = [...half, ...lines, ...filler, mine].join('');
      const socket = net.connect(service.port, '127.0.0.1');
      socket.write(`GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${text}\r\n`);
      await once(socket.resume(), 'close');
      await until(() => service.log.some((line) => line.includes(`"client":"${client}"`)));
      filler.unshift(...half);
    }
  }
  assert.ok(service.log.every((line) => !line.includes('6.6.6')));
});

it('logs the trace that a request belongs to', async (test) => {
  const service = await serve(test, { LOG_LEVEL: 'info' });
  const trace = '0af7651916cd43dd8448eb211c80319c';
  const ask = (traceparent) => send(service.port, 'GET', '/health', { headers: { traceparent } });
  const known = await ask(`00-${trace}-b7ad6b7169203331-01`);
  const unknown = await ask('00-","level":"forged-b7ad6b7169203331-01');
  const lineOf = ({ headers }) =>
    service.log.find((line) => line.includes(headers['x-request-id']));
  await until(() => lineOf(known) && lineOf(unknown));
  assert.equal(JSON.parse(lineOf(known)).trace_id, trace);
  assert.equal(JSON.parse(lineOf(unknown)).trace_id, undefined);
  assert.doesNotMatch(lineOf(unknown), /forged/);
});

it('lets no picture in another page render here, and no reader store', async (test) => {
  const service = await serve(test);
  const path = `${api}/x/snapshot`;
  const from = async (site) =>
    (await send(service.port, 'GET', path, { headers: { 'sec-fetch-site': site } })).status;
  assert.equal(await from('cross-site'), 403);
  assert.equal(await from('same-site'), 403);
  assert.equal(await from('same-origin'), 200);
  const key = 'a-key-of-more-than-16-characters';
  const keyed = await serve(test, { API_KEYS: `${key}:read` });
  const answer = await send(keyed.port, 'GET', path, { headers: { 'x-api-key': key } });
  assert.equal(answer.status, 403);
});

it('keeps what needs a key out of shared caches', async (test) => {
  const key = 'a-key-of-more-than-16-characters';
  const stored = async (service) => {
    const headers = { 'x-api-key': key };
    const path = `${api}/assets/upload?name=a.bin`;
    const { json } = await send(service.port, 'POST', path, { body: 'x', headers });
    return (await send(service.port, 'GET', json.url, { headers })).headers['cache-control'];
  };
  assert.match(await stored(await serve(test, { API_KEYS: key })), /^private, /);
  assert.match(await stored(await serve(test)), /^public, /);
});

it('limits strangers by default, and this machine’s own programs not', async (test) => {
  const refusals = async (settings, headers) => {
    const service = await serve(test, { MAX_REQUESTS: undefined, ...settings });
    const path = `${api}/presets`;
    const answers = Array.from({ length: 120 }, () => send(service.port, 'GET', path, { headers }));
    return (await Promise.all(answers)).filter((answer) => answer.status === 429).length;
  };
  assert.equal(await refusals({}, {}), 0);
  const key = 'a-key-of-more-than-16-characters';
  const refused = await refusals({ API_KEYS: key }, { authorization: `Bearer ${key}` });
  assert.ok(refused > 0 && refused <= 20, `${refused}`);
});

it('speaks TLS with a certificate of its own', async (test) => {
  const folder = mkdtempSync(join(tmpdir(), 'vivavox-tls-'));
  test.after(() => rmSync(folder, { recursive: true }));
  const [certificate, key] = [join(folder, 'c.pem'), join(folder, 'k.pem')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '1',
      '-subj',
      '/CN=localhost',
    ].concat(['-out', certificate, '-keyout', key]),
    { stdio: 'ignore' },
  );
  const service = await serve(test, { TLS_CERTIFICATE: certificate, TLS_KEY: key });
  const options = {
    port: service.port,
    host: 'localhost',
    path: '/health',
    ca: readFileSync(certificate),
  };
  const [response] = await once(https.get({ ...options, agent: false }), 'response');
  response.resume();
  assert.equal(response.statusCode, 200);
  assert.match(response.headers['strict-transport-security'], /max-age/);
  await assert.rejects(serve(test, { TLS_CERTIFICATE: key, TLS_KEY: key }), /certificate/);
});

it('has its shaders compiled before anybody asks for a picture', async (test) => {
  const cache = mkdtempSync(join(tmpdir(), 'vivavox-cache-'));
  test.after(() => rmSync(cache, { recursive: true, maxRetries: 20, retryDelay: 200 }));
  const service = await serve(test, { XDG_CACHE_HOME: cache });
  const keptBytes = () =>
    readdirSync(cache, { recursive: true })
      .map((name) => statSync(join(cache, name)))
      .reduce((sum, entry) => sum + (entry.isFile() ? entry.blocks * 512 : 0), 0);
  // It is done by a process of its own, in the service's folder.
  const compiles = () =>
    readdirSync('/proc').some((name) => {
      try {
        return (
          /^\d+$/.test(name) &&
          Number(name) !== service.pid &&
          readlinkSync(`/proc/${name}/cwd`) === service.folder
        );
      } catch {
        return false;
      }
    });
  await until(() => !compiles(), 300_000);
  const kept = keptBytes();
  assert.ok(kept > 0);
  const { components } = (await send(service.port, 'GET', '/health')).json;
  assert.equal(components.renderer, 'standby');
  for (const quality of ['fast', 'low', 'high']) {
    for (const background of [undefined, '#ffffff']) {
      const shading = quality === 'low' ? 'flat' : 'pbr';
      const json = { width: 128, height: 128, quality, shading, background };
      assert.equal((await send(service.port, 'POST', `${api}/render`, { json })).status, 200);
    }
  }
  assert.ok(keptBytes() - kept <= kept / 100, `${keptBytes()} after ${kept}`);
});

it('limits how much a client asks', async (test) => {
  const service = await serve(test, { MAX_REQUESTS: '5' });
  const told = [];
  for (let i = 0; i < 7; ++i) {
    const { status, headers } = await send(service.port, 'GET', `${api}/presets`);
    assert.equal(headers['ratelimit-limit'], '5, 5;w=60');
    told.push([status, Number(headers['ratelimit-remaining'])]);
  }
  const refused = [429, 0];
  assert.deepEqual(told, [[200, 4], [200, 3], [200, 2], [200, 1], [200, 0], refused, refused]);
  const { headers } = await send(service.port, 'GET', `${api}/presets`);
  assert.ok(Number(headers['retry-after']) >= 1);
  assert.ok(Number(headers['ratelimit-reset']) > 12 && Number(headers['ratelimit-reset']) <= 60);
  const free = await send(service.port, 'GET', '/health');
  assert.deepEqual([free.status, free.headers['ratelimit-limit']], [200, undefined]);
});

it('lets pages of listed origins in, and others only read', async (test) => {
  const service = await serve(test, { ALLOWED_ORIGINS: 'https://good.example' });
  const ask = (method, origin, json) =>
    send(service.port, method, `${api}/x/state`, { json, headers: { origin } });
  const good = await ask('PATCH', 'https://good.example', { state: {} });
  assert.equal(good.status, 200);
  assert.equal(good.headers['access-control-allow-origin'], 'https://good.example');
  assert.match(good.headers['access-control-expose-headers'], /RateLimit-Remaining/);
  const bad = await ask('PATCH', 'https://bad.example', { state: {} });
  assert.equal(bad.status, 403);
  assert.equal(
    (await ask('GET', 'https://bad.example')).headers['access-control-allow-origin'],
    undefined,
  );
  const own = await ask('PATCH', `http://127.0.0.1:${service.port}`, { state: {} });
  assert.equal(own.status, 200);
  const asked = await ask('OPTIONS', 'https://good.example');
  assert.match(asked.headers['access-control-allow-methods'], /PATCH/);
});

it('refuses what is too large', async (test) => {
  const service = await serve(test, { MAX_FILE_SIZE: '100000' });
  const upload = (bytes) =>
    send(service.port, 'POST', `${api}/assets/upload?name=a`, { body: Buffer.alloc(bytes) });
  assert.equal((await upload(100_000)).status, 200);
  assert.equal((await upload(100_001)).status, 413);
  assert.equal((await upload(3_000_000)).status, 413);
  const path = `/assets/${'x'.repeat(3000)}`;
  assert.equal((await send(service.port, 'GET', path)).status, 414);
});

it('cancels speech that takes too long', async (test) => {
  const service = await serve(test, { MAX_TTS_TIME: '1' });
  const text = 'This goes on and on, and on. '.repeat(13_000);
  const spoken = await send(service.port, 'POST', `${api}/phonemes`, { json: { text } });
  assert.equal(spoken.status, 503);
  assert.match(spoken.json.detail, /MAX_TTS_TIME/);
  // The voices are free again.
  const still = { width: 64, height: 64 };
  assert.equal((await send(service.port, 'POST', `${api}/render`, { json: still })).status, 200);
});

it('refuses a second server on the same database', async (test) => {
  const folder = mkdtempSync(join(tmpdir(), 'vivavox-two-'));
  test.after(() => rmSync(folder, { recursive: true }));
  await serve(test, {}, folder);
  await assert.rejects(serve(test, {}, folder), /another server uses this database/);
});

it('refuses a port that is taken', async (test) => {
  const first = await serve(test);
  await assert.rejects(serve(test, { PORT: `${first.port}` }), /cannot listen/);
});

it('finishes what it accepted, closes streams, and ends with 0', async (test) => {
  const service = await serve(test);
  const stream = new Stream(service.port, `${api}/session/last/stream`);
  await stream.next((one) => one.event === 'heartbeat');
  const slow = send(service.port, 'POST', `${api}/render`, {
    json: { format: 'mp4', duration: 0.2, width: 64, height: 64 },
  });
  await until(async () => {
    const { renderer } = (await send(service.port, 'GET', `${api}/status`)).json;
    return renderer.queue_depth > 0 || renderer.frames > 0;
  });
  const code = service.stop();
  assert.equal((await slow).status, 200);
  await stream.closed;
  assert.equal(await code, 0);
});

it('survives clients that break off, dawdle or speak nonsense', async (test) => {
  const service = await serve(test);
  const raw = (text) =>
    new Promise((settle) => {
      const socket = net.connect(service.port, '127.0.0.1', () => socket.write(text));
      let answer = '';
      socket.on('data', (part) => {
        answer += part;
        socket.end();
      });
      socket.on('error', () => settle(answer));
      socket.on('close', () => settle(answer));
    });
  for (const nonsense of [
    '\0\0\0\r\n\r\n',
    'GET\r\n\r\n',
    'BREW / HTTP/1.1\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
  ]) {
    assert.match(await raw(nonsense), /^HTTP\/1\.1 4\d\d/, JSON.stringify(nonsense));
  }
  // No length is no body: the answer does not wait for one.
  assert.match(await raw(`POST ${api}/session HTTP/1.1\r\nHost: localhost\r\n\r\n`), / 200 /);
  assert.match(
    await raw(`DELETE ${api}/session/none HTTP/1.1\r\nHost: localhost\r\n\r\n`),
    / 200 /,
  );
  const dawdlers = Array.from({ length: 50 }, () => {
    const socket = net.connect(service.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write('POST /generate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{"te');
    return socket;
  });
  assert.equal((await send(service.port, 'GET', '/health')).status, 200);
  for (const socket of dawdlers) socket.destroy();
  const film = JSON.stringify({ text: 'A film that nobody waits for, however long it is.' });
  const gone = net.connect(service.port, '127.0.0.1');
  gone.write(
    `POST /generate HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${film.length}\r\n\r\n${film}`,
  );
  await sleep(1500);
  gone.destroy();
  const still = { width: 64, height: 64 };
  assert.equal((await send(service.port, 'POST', `${api}/render`, { json: still })).status, 200);
});
