// Films, and each way for a render to end: done, cancelled, client gone, limit, no
// Vulkan, encoder died, shutdown. A film that is cut short never looks whole.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { Stream, api, encoders, framesOf, send, startService, until } from './service.mjs';

const quiet = { LOG_LEVEL: 'warning' };
const long = 'A long film goes on and on, sentence after sentence. '.repeat(40);

async function serve(test, settings) {
  const service = await startService({ ...quiet, ...settings });
  test.after(() => service.stop('SIGKILL'));
  return service;
}

/** A film that is being streamed: its bytes so far, and how it ended. */
class Generation {
  bytes = 0;
  parts = [];

  constructor(service, json, { reads = true } = {}) {
    const body = JSON.stringify(json);
    this.started = new Promise((settle) => (this.settle = settle));
    this.ended = new Promise((settle) => {
      this.request = request({
        port: service.port,
        host: '127.0.0.1',
        method: 'POST',
        path: '/generate',
        agent: false,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      });
      this.request.on('error', () => settle('broken off'));
      this.request.on('response', (response) => {
        this.response = response;
        this.settle(response.statusCode);
        if (reads) this.read();
        response.on('end', () => settle(response.complete ? 'whole' : 'broken off'));
        response.on('error', () => settle('broken off'));
        response.on('close', () => settle('broken off'));
      });
      this.request.end(body);
    });
  }

  read() {
    this.response.on('data', (part) => {
      this.bytes += part.length;
      this.parts.push(part);
    });
  }

  get body() {
    return Buffer.concat(this.parts);
  }
}

const small = { width: 64, height: 64 };
/** What a film shows before the first sound and after the last. */
const margins_s = 0.25 + 0.35;
const picture = (service) =>
  send(service.port, 'POST', `${api}/render`, {
    json: { ...small, seed: Math.floor(Math.random() * 1e9) },
  });

/** A limit that no single step exceeds on this machine, however busy, but a film does. */
async function limit_s(test) {
  const service = await serve(test);
  const took_s = async () => {
    const began = performance.now();
    await picture(service);
    return (performance.now() - began) / 1000;
  };
  // The first one waits for shaders and the avatar, too.
  const [first_s, next_s] = [await took_s(), await took_s()];
  return Math.max(3, Math.ceil(3 * first_s), Math.ceil(40 * next_s));
}

it('streams films that take longer than MAX_RENDER_TIME whole, several at once', async (test) => {
  const limit = await limit_s(test);
  const service = await serve(test, { MAX_RENDER_TIME: `${limit}`, MAX_TTS_TIME: `${limit}` });
  // A short one first, which says how long one that takes longer than the limit must be.
  for (let length = 150, took_s = 0; took_s <= limit;) {
    const text = long.repeat(100).slice(0, length);
    const json = { text };
    const { duration } = (await send(service.port, 'POST', `${api}/phonemes`, { json })).json;
    const started = performance.now();
    const films = Array.from({ length: 2 }, () => new Generation(service, { text, ...small }));
    for (const film of films) {
      assert.equal(await film.started, 200);
      assert.equal(await film.ended, 'whole');
      const frames = framesOf(film.body);
      assert.equal(frames, Math.ceil((duration + margins_s) * 30 - 1e-6));
    }
    took_s = (performance.now() - started) / 1000;
    length = Math.ceil(length * Math.max(1.2, (1.2 * limit) / took_s));
  }
  await until(() => encoders(service).length === 0);
});

it('begins to stream before the text is spoken', async (test) => {
  const service = await serve(test);
  const film = new Generation(service, { text: long.repeat(4), ...small });
  assert.equal(await film.started, 200);
  await until(() => film.bytes > 0);
  film.request.destroy();
  await until(() => encoders(service).length === 0);
});

it('sends a film in pieces of no more than a few frames', async (test) => {
  const service = await serve(test);
  const json = { text: long.slice(0, 100), ...small };
  const film = await send(service.port, 'POST', '/generate', { json });
  let clusters = 0;
  for (let at = -1; (at = film.body.indexOf('1f43b675', at + 1, 'hex')) >= 0;) ++clusters;
  assert.ok(clusters * 8 >= framesOf(film.body), `${clusters} clusters`);
});

it('renders for others while a client does not read its film', async (test) => {
  const service = await serve(test);
  const slow = new Generation(service, { text: long, width: 512, height: 512 }, { reads: false });
  assert.equal(await slow.started, 200);
  for (let i = 0; i < 3; ++i) assert.equal((await picture(service)).status, 200);
  const other = new Generation(service, { text: 'Short.', ...small });
  assert.equal(await other.ended, 'whole');
  slow.request.destroy();
  await until(() => encoders(service).length === 0);
});

it('ends a film whose client went away', async (test) => {
  const service = await serve(test);
  const film = new Generation(service, { text: long, ...small });
  assert.equal(await film.started, 200);
  assert.equal(encoders(service).length, 1);
  film.request.destroy();
  await until(() => encoders(service).length === 0);
  assert.equal((await picture(service)).status, 200);
});

it('ends a stored film whose client went away', async (test) => {
  const service = await serve(test);
  const json = JSON.stringify({ format: 'mp4', duration: 60, ...small });
  const gone = net.connect(service.port, '127.0.0.1');
  gone.write(
    `POST ${api}/render HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${json.length}\r\n\r\n${json}`,
  );
  await until(() => encoders(service).length === 1);
  gone.destroy();
  await until(() => encoders(service).length === 0);
  // The file goes once its encoder has gone.
  await until(() => readdirSync(join(service.folder, 'data/renders/.staging')).length === 0);
});

it('breaks a film off that makes no progress for MAX_RENDER_TIME', async (test) => {
  const service = await serve(test, { MAX_RENDER_TIME: '10' });
  const film = new Generation(service, { text: long, ...small });
  assert.equal(await film.started, 200);
  const [encoder] = encoders(service);
  process.kill(encoder, 'SIGSTOP');
  assert.equal(await film.ended, 'broken off');
  await until(() => encoders(service).length === 0);
  assert.equal((await picture(service)).status, 200);
});

it('says that a stored film made no progress', async (test) => {
  const service = await serve(test, { MAX_RENDER_TIME: '10' });
  const filmed = send(service.port, 'POST', `${api}/render`, {
    json: { format: 'mp4', duration: 60, ...small },
  });
  await until(() => encoders(service).length === 1);
  process.kill(encoders(service)[0], 'SIGSTOP');
  const answer = await filmed;
  assert.equal(answer.status, 503);
  assert.match(answer.json.detail, /MAX_RENDER_TIME/);
  await until(() => encoders(service).length === 0);
  assert.deepEqual(readdirSync(join(service.folder, 'data/renders/.staging')), []);
});

it('breaks a film off whose encoder died', async (test) => {
  const service = await serve(test);
  const film = new Generation(service, { text: long, ...small });
  assert.equal(await film.started, 200);
  process.kill(encoders(service)[0], 'SIGKILL');
  assert.equal(await film.ended, 'broken off');
  const stored = send(service.port, 'POST', `${api}/render`, {
    json: { format: 'mp4', duration: 60, ...small },
  });
  await until(() => encoders(service).length === 1);
  process.kill(encoders(service)[0], 'SIGKILL');
  assert.equal((await stored).status, 500);
  assert.equal((await picture(service)).status, 200);
});

it('says that there is no Vulkan', async (test) => {
  const nowhere = { VK_ICD_FILENAMES: '/nowhere', VK_DRIVER_FILES: '/nowhere' };
  const service = await serve(test, nowhere);
  assert.equal((await picture(service)).status, 503);
  const film = new Generation(service, { text: 'Hello.', ...small });
  assert.equal(await film.started, 503);
  await until(() => encoders(service).length === 0);
});

it('refuses what the queue has no place for, and answers all that it took', async (test) => {
  const service = await serve(test);
  const films = Array.from({ length: 12 }, () => new Generation(service, { text: long, ...small }));
  const statuses = await Promise.all(films.map((film) => film.started));
  assert.equal(statuses.filter((one) => one === 200).length, 8);
  assert.equal(statuses.filter((one) => one === 503).length, 4);
  assert.equal((await picture(service)).status, 200);
  for (const film of films) film.request.destroy();
  await until(() => encoders(service).length === 0);
});

it('ends in each state within seconds, and leaves no encoder behind', async (test) => {
  const states = {
    idle: async () => {},
    'a film being streamed': async (service) => {
      const film = new Generation(service, { text: long.repeat(4), ...small });
      await film.started;
      return film;
    },
    'a film that nobody reads': async (service) => {
      const film = new Generation(
        service,
        { text: long.repeat(4), width: 512, height: 512 },
        { reads: false },
      );
      await film.started;
      return film;
    },
    'a stopped encoder': async (service) => {
      const film = new Generation(service, { text: long.repeat(4), ...small });
      await film.started;
      process.kill(encoders(service)[0], 'SIGSTOP');
      return film;
    },
    'a stored film': async (service) => {
      const json = { format: 'mp4', duration: 60, ...small };
      send(service.port, 'POST', `${api}/render`, { json }).catch(() => {});
      await until(() => encoders(service).length === 1);
    },
    'a stalled upload': async (service) => {
      const socket = net.connect(service.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(
        `POST ${api}/assets/upload?name=a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\nx`,
      );
      await sleep(100);
    },
    'streams, one of which is not read': async (service) => {
      const path = `${api}/session/full/stream`;
      const streams = Array.from({ length: 20 }, () => new Stream(service.port, path));
      for (const stream of streams) await stream.next((one) => one.event === 'heartbeat');
      streams[0].socket.pause();
      const data = { text: 'x'.repeat(60_000) };
      for (let i = 0; i < 80; ++i) streams[1].say({ type: 'gesture', operation_id: `${i}`, data });
      await streams[2].next((one) => one.operation_id === '79');
    },
    'a recording being aligned': async (service) => {
      const spoken = { json: { text: long } };
      const { audio_url } = (await send(service.port, 'POST', `${api}/lipsync`, spoken)).json;
      const json = { text: long.repeat(3), audio_url };
      send(service.port, 'POST', `${api}/lipsync`, { json }).catch(() => {});
      await sleep(100);
    },
    'a job': async (service) => {
      const json = { operation: 'generate', body: { text: long.repeat(4), ...small } };
      await send(service.port, 'POST', '/api/v1/jobs', { json });
      await until(() => encoders(service).length === 1);
    },
    'a long text': async (service) => {
      const json = { text: long.repeat(150) };
      send(service.port, 'POST', `${api}/phonemes`, { json }).catch(() => {});
      await sleep(100);
    },
  };
  const endsIn = async (name, enter) => {
    const service = await serve(test);
    const film = await enter(service);
    const children = encoders(service);
    const code = await Promise.race([
      service.stop(),
      sleep(20_000, 'still running', { ref: false }),
    ]);
    assert.equal(code, 0, name);
    // Node hears of the end only where it reads.
    film?.read();
    if (film) assert.equal(await film.ended, 'broken off', name);
    for (const pid of children) assert.throws(() => process.kill(pid, 0), undefined, name);
  };
  await Promise.all(Object.entries(states).map(([name, enter]) => endsIn(name, enter)));
});
