// What connections cost and stand: idle ones, and those that say things in unusual ways.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';

import WebSocket from 'ws';

import { api, send, startService, tool, until } from './service.mjs';

const folder = mkdtempSync(join(tmpdir(), 'vivavox-connections-'));
const certificate = join(folder, 'certificate.pem');
const key = join(folder, 'key.pem');
before(() => {
  const words = 'req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost';
  const args = [...words.split(' '), '-out', certificate, '-keyout', key];
  execFileSync('openssl', args, { stdio: 'ignore' });
});
after(() => rmSync(folder, { recursive: true }));

async function serve(test, settings, wrapper) {
  const service = await startService({ LOG_LEVEL: 'error', ...settings }, undefined, wrapper);
  test.after(() => service.stop('SIGKILL'));
  return service;
}

const plain = ({ port }) => net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
const secured = ({ port }) =>
  tls.connect({ port, host: 'localhost', ca: readFileSync(certificate), allowHalfOpen: true });

/** A connection that collects what it is told. */
class Line {
  text = '';
  isOpen = true;

  constructor(socket) {
    this.socket = socket;
    socket.on('data', (part) => (this.text += part));
    socket.on('error', () => {});
    socket.on('end', () => (this.isOpen = false));
    socket.on('close', () => (this.isOpen = false));
  }

  /** The statuses of the answers so far. */
  get statuses() {
    return [...this.text.matchAll(/HTTP\/1\.1 (\d\d\d)/g)].map(([, status]) => Number(status));
  }

  /** Waits for as many answers, or for the connection's end. */
  async answers(count) {
    await until(() => !this.isOpen || this.statuses.length >= count);
    return this.statuses;
  }

  say(text) {
    this.socket.write(text);
  }
}

const ask = (path = '/health/live', more = '') =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;

function threadsOf({ pid }) {
  return Number(/Threads:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
}

async function reading({ port }, name) {
  const { body } = await send(port, 'GET', '/metrics');
  return Number(new RegExp(`^vivavox_${name} (.*)$`, 'm').exec(body)[1]);
}

it('keeps 1,500 idle connections without a thread for each, and answers them all', async (test) => {
  const service = await serve(test, { MAX_CONNECTIONS: '2000' });
  const lines = Array.from({ length: 1500 }, () => new Line(plain(service)));
  test.after(() => lines.forEach(({ socket }) => socket.destroy()));
  await until(async () => (await reading(service, 'connections_idle')) >= 1500);
  assert.ok(threadsOf(service) < 64, `${threadsOf(service)} threads`);
  for (const line of lines) line.say(ask());
  for (const line of lines) assert.deepEqual(await line.answers(1), [200]);
  // They are idle again.
  await until(() => threadsOf(service) < 64);
});

for (const [kind, connect, settings] of [
  ['plain', plain, () => ({})],
  ['TLS', secured, () => ({ TLS_CERTIFICATE: certificate, TLS_KEY: key })],
]) {
  it(`answers requests over ${kind} connections however they come`, async (test) => {
    const service = await serve(test, settings());
    const open = () => {
      const line = new Line(connect(service));
      test.after(() => line.socket.destroy());
      return line;
    };
    // One after another, with a pause in which the connection is idle.
    const lasting = open();
    for (let i = 1; i <= 3; ++i) {
      lasting.say(ask());
      assert.deepEqual(await lasting.answers(i), Array(i).fill(200));
      await sleep(300);
    }
    // All at once.
    const hasty = open();
    hasty.say(ask() + ask('/nowhere') + ask());
    assert.deepEqual(await hasty.answers(3), [200, 404, 200]);
    // Byte by byte, and in the middle of the next.
    const slow = open();
    for (const byte of ask() + ask().slice(0, 20)) {
      slow.say(byte);
      await sleep(2);
    }
    assert.deepEqual(await slow.answers(1), [200]);
    slow.say(ask().slice(20));
    assert.deepEqual(await slow.answers(2), [200, 200]);
    // And nothing more.
    const last = open();
    last.socket.end(ask('/docs'));
    assert.deepEqual(await last.answers(1), [200]);
    await until(() => !last.isOpen);
    // With the wish to end there.
    const closing = open();
    closing.say(ask('/health/live', 'Connection: close\r\n'));
    await until(() => !closing.isOpen);
    assert.deepEqual(closing.statuses, [200]);
  });

  it(`takes no body that nobody read for a request over ${kind} connections`, async (test) => {
    const service = await serve(test, settings());
    const hidden = ask('/hidden');
    for (const path of ['/nowhere', '/health', `${api}/session/none/state`]) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const line = new Line(connect(service));
        test.after(() => line.socket.destroy());
        line.say(
          `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${hidden.length}\r\n\r\n` +
            hidden +
            ask(),
        );
        const statuses = await line.answers(2);
        // The hidden request is for what is not there.
        assert.ok(statuses.length < 2 || statuses[1] === 200, `${method} ${path}: ${statuses}`);
      }
    }
  });

  it(`tells clients of WebSockets over ${kind} connections what others say`, async (test) => {
    const service = await serve(test, settings());
    const scheme = kind === 'TLS' ? 'wss' : 'ws';
    const sockets = await Promise.all(
      [1, 2].map(async (id) => {
        const path = `${api}/session/talk/stream?client_id=c${id}`;
        const url = `${scheme}://localhost:${service.port}${path}`;
        const socket = new WebSocket(url, { ca: readFileSync(certificate) });
        test.after(() => socket.terminate());
        socket.heard = [];
        socket.on('message', (data) => {
          const message = JSON.parse(data);
          if (message.event === 'patch') socket.heard.push(message.data.count);
          if (message.event === 'heartbeat') socket.hasJoined = true;
        });
        await until(() => socket.hasJoined);
        return socket;
      }),
    );
    const count = 60;
    for (let i = 0; i < count; ++i) {
      sockets[i % 2].send(JSON.stringify({ type: 'patch', data: { count: i } }));
      await sleep(5);
    }
    for (const socket of sockets) {
      await until(() => socket.heard.length === count);
      assert.deepEqual(new Set(socket.heard).size, count);
    }
  });
}

it('needs no thread for TLS clients that begin to shake hands and go on no further', async (test) => {
  const service = await serve(test, { TLS_CERTIFICATE: certificate, TLS_KEY: key });
  const lines = Array.from({ length: 200 }, () => new Line(plain(service)));
  test.after(() => lines.forEach(({ socket }) => socket.destroy()));
  // A record's head, and a part of what it announces.
  for (const line of lines) line.say(Buffer.from('1603010200010001fc0303', 'hex'));
  const one = new Line(secured(service));
  test.after(() => one.socket.destroy());
  one.say(ask());
  assert.deepEqual(await one.answers(1), [200]);
  await until(() => threadsOf(service) < 64 || !lines[0].isOpen);
  assert.ok(lines.every((line) => line.isOpen));
});

it('closes idle connections when it ends, and answers what was asked', async (test) => {
  const service = await serve(test);
  // The first render starts the renderer, for which the service's end does not wait.
  const film = { format: 'mp4', width: 64, height: 64 };
  const first = await send(service.port, 'POST', `${api}/render`, {
    json: { ...film, duration: 0.1 },
  });
  assert.equal(first.status, 200);
  const lines = Array.from({ length: 100 }, () => new Line(plain(service)));
  test.after(() => lines.forEach(({ socket }) => socket.destroy()));
  await until(async () => (await reading(service, 'connections_idle')) >= 100);
  const body = JSON.stringify({ ...film, duration: 0.2 });
  lines[0].say(
    `POST ${api}/render HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`,
  );
  await until(async () => (await reading(service, 'connections_served')) >= 2);
  const code = service.stop();
  await until(() => lines.every((line) => !line.isOpen));
  assert.deepEqual(lines[0].statuses, [200]);
  assert.equal(await code, 0);
});

it('says so where more connections are busy than MAX_CONNECTIONS', async (test) => {
  const service = await serve(test, { MAX_CONNECTIONS: '16' });
  const open = async () => {
    const socket = new WebSocket(`ws://localhost:${service.port}${api}/session/busy/stream`);
    test.after(() => socket.terminate());
    await once(socket, 'open');
    return socket;
  };
  const sockets = [];
  while (sockets.length < 16) sockets.push(await open());
  const refused = await send(service.port, 'GET', '/health/live');
  assert.equal(refused.status, 503);
  assert.equal(refused.headers['retry-after'], '1');
  assert.match(refused.json.detail, /MAX_CONNECTIONS/);
  sockets[0].terminate();
  await until(async () => (await send(service.port, 'GET', '/health/live')).status === 200);
});

const few = '--nofile=120:120';
for (const [when, wrapper, limit, skip] of [
  ['from the start', ['prlimit', few], () => {}],
  [
    'later',
    [],
    ({ pid }) => execFileSync('prlimit', ['--pid', `${pid}`, few]),
    tool.includes('/asan/') && 'the sanitizer takes objects for broken where it can open nothing',
  ],
]) {
  const name = `closes the connection that was idle for longest where there are too few descriptors ${when}`;
  it(name, { skip }, async (test) => {
    const service = await serve(test, {}, wrapper);
    limit(service);
    const lines = [];
    test.after(() => lines.forEach(({ socket }) => socket.destroy()));
    for (let i = 0; i < 300; ++i) {
      const line = new Line(plain(service));
      lines.push(line);
      await once(line.socket, 'connect');
    }
    await until(() => !lines[0].isOpen);
    assert.ok(lines.at(-1).isOpen);
    lines.at(-1).say(ask());
    assert.deepEqual(await lines.at(-1).answers(1), [200]);
  });
}
