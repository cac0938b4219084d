// What one client feels of others: films' first frames, and answers in bad company.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { api, framesOf, send } from '../contract/service.mjs';
import { companies } from './bad_company.mjs';
import { generation, sentence } from './film_request.mjs';

/** A film begins 0.25 s before the first sound, and ends 0.35 s after the last. */
const filmMargins_s = 0.25 + 0.35;
const small = { width: 64, height: 64 };
/** What begins a WebM file's cluster of frames. */
const cluster = Buffer.from('1f43b675', 'hex');

/** The time until a frame has come, and how long that takes in the worst of some films. */
async function firstFrame(service, json, times) {
  let slowest_ms = 0;
  for (let i = 0; i < times; ++i) {
    const start = performance.now();
    const client = generation(service.port, json);
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
      frames_expected: Math.ceil((filmMargins_s + duration) * 30 - 1e-6),
    },
  };
}

const kinds = {
  health: ['GET', '/health'],
  get_state: ['GET', `${api}/calm/state`],
  patch_state: ['PATCH', `${api}/calm/state`, { json: { state: { a: 1 } } }],
  presets: ['GET', `${api}/presets`],
};

function p99(latencies) {
  latencies.sort((a, b) => a - b);
  return Number(latencies[Math.floor(latencies.length * 0.99)].toFixed(2));
}

/** The p99, of all and by kind, of two clients that ask one thing after another. */
async function calm_p99_ms({ port }, seconds) {
  const names = Object.keys(kinds);
  const latencies = Object.fromEntries(names.map((name) => [name, []]));
  const end = performance.now() + seconds * 1000;
  const client = async () => {
    for (let i = 0; performance.now() < end; ++i) {
      const name = names[i % names.length];
      const start = performance.now();
      const answer = await send(port, ...kinds[name]);
      if (answer.status !== 200) throw new Error(`${name}: ${answer.status}`);
      latencies[name].push(performance.now() - start);
      await sleep(2);
    }
  };
  await Promise.all([client(), client()]);
  const by_kind = names.map((name) => [name, p99(latencies[name])]);
  return { all: p99(Object.values(latencies).flat()), ...Object.fromEntries(by_kind) };
}

/** Has others come; returns how to send them home. */
async function invite(name, { port }) {
  const script = fileURLToPath(new URL('bad_company.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, name, `${port}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return async () => {
    child.stdin.end();
    await once(child, 'exit');
  };
}

/**
 * Has this process not wait for the processor that service and company share: clients are on other
 * machines. Only root may.
 */
function standApart() {
  try {
    setPriority(constants.priority.PRIORITY_HIGHEST);
  } catch {
    process.stderr.write('without root, latencies include what clients wait for the processor\n');
  }
}

/** The p99 of calm clients alone, and beside each company. */
export async function company(service, seconds = 8) {
  standApart();
  await calm_p99_ms(service, 2);
  const alone_ms = await calm_p99_ms(service, seconds);
  const beside_ms = {};
  for (const name of Object.keys(companies)) {
    const leave = await invite(name, service);
    beside_ms[name] = await calm_p99_ms(service, seconds);
    await leave();
    await sleep(1000);
  }
  return { alone_ms, beside_ms, alone_again_ms: await calm_p99_ms(service, seconds) };
}
