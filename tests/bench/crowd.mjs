// What one client feels of others: films' first frames, and answers in bad company.
import { once } from 'node:events';
import { request } from 'node:http';
import net from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import { api, framesOf, send } from '../contract/service.mjs';

const sentence = 'A film goes on and on, sentence after sentence. ';
const small = { width: 64, height: 64 };
/** What begins a WebM file's cluster of frames. */
const cluster = Buffer.from('1f43b675', 'hex');

/** Asks for a film. */
function generation({ port }, json) {
  const body = JSON.stringify(json);
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  const client = request({ port, path: '/generate', method: 'POST', agent: false, headers });
  client.on('error', () => {});
  client.end(body);
  return client;
}

/** The time until a frame has come, and how long that takes in the worst of some films. */
async function firstFrame(service, json, times) {
  let slowest_ms = 0;
  for (let i = 0; i < times; ++i) {
    const start = performance.now();
    const client = generation(service, json);
    const [response] = await once(client, 'response');
    let bytes = Buffer.alloc(0);
    for await (const part of response) {
      bytes = Buffer.concat([bytes, part]);
      if (bytes.includes(cluster)) break;
    }
    slowest_ms = Math.max(slowest_ms, performance.now() - start);
    client.destroy();
    await sleep(500);
  }
  return Math.round(slowest_ms);
}

/** Films: first frames of a short and of a very long text, and whether a long one is whole. */
export async function films(service) {
  const text = sentence.repeat(Math.ceil(100_000 / sentence.length)).slice(0, 100_000);
  await firstFrame(service, { text: sentence, ...small }, 1);
  const short_ms = await firstFrame(service, { text: sentence, ...small }, 5);
  const of_100_000_characters_ms = await firstFrame(service, { text, ...small }, 5);
  // Some 20 sentences a minute.
  const long = { text: sentence.repeat(60), ...small };
  const spoken = await send(service.port, 'POST', `${api}/phonemes`, { json: { text: long.text } });
  const start = performance.now();
  const film = await send(service.port, 'POST', '/generate', { json: long });
  const { duration } = spoken.json;
  return {
    first_frame_ms: { short: short_ms, of_100_000_characters: of_100_000_characters_ms },
    long_film: {
      duration_s: Math.round(duration),
      took_s: Math.round((performance.now() - start) / 1000),
      frames: framesOf(film.body),
      frames_expected: Math.ceil(duration * 30 - 1e-6),
    },
  };
}

/** The latencies of two clients that ask one thing after another. */
async function p99_ms({ port }, seconds) {
  const asked = [
    ['GET', '/health'],
    ['GET', `${api}/calm/state`],
    ['PATCH', `${api}/calm/state`, { json: { state: { a: 1 } } }],
    ['GET', `${api}/presets`],
  ];
  const latencies = [];
  const end = performance.now() + seconds * 1000;
  const client = async () => {
    for (let i = 0; performance.now() < end; ++i) {
      const start = performance.now();
      const answer = await send(port, ...asked[i % asked.length]);
      if (answer.status !== 200) throw new Error(`${asked[i % asked.length]}: ${answer.status}`);
      latencies.push(performance.now() - start);
      await sleep(2);
    }
  };
  await Promise.all([client(), client()]);
  latencies.sort((a, b) => a - b);
  return Number(latencies[Math.floor(latencies.length * 0.99)].toFixed(2));
}

/** What company there may be; each returns how to send it home. */
const companies = {
  'idle connections': async ({ port }) => {
    let open = true;
    const sockets = new Set();
    const join = () => {
      if (!open) return;
      const socket = net.connect(port, '127.0.0.1');
      sockets.add(socket);
      socket.on('error', () => {});
      // The service closes what says nothing: others come.
      socket.on('close', () => {
        sockets.delete(socket);
        join();
      });
    };
    // Not all at once: so they also go and come again a few at a time.
    for (let i = 0; i < 2000; ++i) {
      join();
      if (i % 10 === 0) await sleep(50);
    }
    await send(port, 'GET', '/health');
    return () => {
      open = false;
      for (const socket of sockets) socket.destroy();
    };
  },
  'slow readers': async (service) => {
    const clients = Array.from({ length: 16 }, () =>
      generation(service, { text: sentence.repeat(100), width: 256, height: 256 }),
    );
    // They get an answer, and read none of it.
    for (const client of clients) client.on('response', () => {});
    await sleep(2000);
    return () => clients.forEach((client) => client.destroy());
  },
  'stalled uploads': async ({ port }) => {
    const sockets = Array.from({ length: 64 }, () => {
      const socket = net.connect(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(
        `POST ${api}/assets/upload?name=a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999\r\n\r\nx`,
      );
      return socket;
    });
    await sleep(500);
    return () => sockets.forEach((socket) => socket.destroy());
  },
  'a full render queue': async (service) => {
    let open = true;
    const render = async (seed) => {
      for (; open; seed += 100) {
        const json = { width: 512, height: 512, seed };
        await send(service.port, 'POST', `${api}/render`, { json }).catch(() => {});
      }
    };
    const clients = Array.from({ length: 100 }, (_, i) => render(i));
    await sleep(1000);
    return async () => {
      open = false;
      await Promise.all(clients);
    };
  },
};

/** The p99 of calm clients alone, and beside each company. */
export async function company(service, seconds = 8) {
  await p99_ms(service, 2);
  const alone_ms = await p99_ms(service, seconds);
  const beside_ms = {};
  for (const [name, come] of Object.entries(companies)) {
    const leave = await come(service);
    beside_ms[name] = await p99_ms(service, seconds);
    await leave();
    await sleep(1000);
  }
  return { alone_ms, beside_ms, alone_again_ms: await p99_ms(service, seconds) };
}
