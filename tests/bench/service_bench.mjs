// The service under load, on SQLite and on loopback. Prints one line of JSON.
//   --soak MINUTES   a mixed load for so long instead; memory and errors
//   --crowd          films' first frames, and answers in bad company, instead
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import WebSocket from 'ws';

import { api, send, startService } from '../contract/service.mjs';
import { company, films } from './crowd.mjs';

const scripts = mkdtempSync(join(tmpdir(), 'vivavox-wrk-'));

/** Requests a second and latency of 64 connections. */
function load(url, lua) {
  const script = join(scripts, 'request.lua');
  writeFileSync(script, lua ?? '');
  const output = execFileSync('wrk', ['-t1', '-c64', '-d6s', '--latency', '-s', script, url]);
  const [, value, unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(output);
  const failed = /Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0;
  return {
    per_s: Number(/Requests\/sec:\s+([\d.]+)/.exec(output)[1]),
    p99_ms: Number(value) * { us: 0.001, ms: 1, s: 1000 }[unit],
    failed: Number(failed),
  };
}

async function bare() {
  const child = spawn(resolve('build/native/tests/bare_http'), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = await once(child.stdout, 'data');
  const result = load(String(url).trim());
  child.kill();
  await once(child, 'exit');
  return result;
}

const patch = `wrk.method = "PATCH"
wrk.headers["Content-Type"] = "application/json"
local count = 0
request = function()
  count = count + 1
  local body = string.format('{"state":{"count":%d}}', count)
  return wrk.format(nil, "${api}/avatar" .. count % 100 .. "/state", nil, body)
end`;

async function rates(service) {
  const url = `http://127.0.0.1:${service.port}`;
  await send(service.port, 'GET', `${api}/loaded/state`);
  const base = await bare();
  const figures = {
    health: load(`${url}/health`),
    get_state: load(`${url}${api}/loaded/state`),
    patch_state: load(url, patch),
  };
  const again = await bare();
  const floor = (base.per_s + again.per_s) / 2;
  for (const one of Object.values(figures)) one.ratio = round(one.per_s / floor, 3);
  return { bare_per_s: round(floor, 0), ...figures };
}

function rss_mb(pid) {
  const [, kb] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return round(Number(kb) / 1024, 1);
}

function cpu_ticks(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

async function idle(service) {
  const before = cpu_ticks(service.pid);
  await sleep(10_000);
  // A tick is a hundredth of a second.
  return { rss_mb: rss_mb(service.pid), cpu_percent: (cpu_ticks(service.pid) - before) / 10 };
}

/** 500 clients in 50 sessions; each session gets 20 patches a second. */
async function streams(service) {
  const sessions = 50,
    each = 10,
    per_s = 20,
    seconds = 10;
  const latencies = [];
  let wrong = 0,
    highest_mb = 0;
  const clients = [];
  for (let i = 0; i < sessions * each; ++i) {
    const session = i % sessions;
    const path = `${api}/session/load${session}/stream?client_id=c${i}`;
    const socket = new WebSocket(`ws://127.0.0.1:${service.port}${path}`);
    const client = { socket, session, seen: 0 };
    socket.on('message', (data) => {
      const message = JSON.parse(data);
      if (message.event !== 'patch') return;
      if (message.seq !== ++client.seen) ++wrong;
      latencies.push(performance.now() - message.data.sent);
    });
    clients.push(client);
    await once(socket, 'open');
  }
  await sleep(1000);
  const start = performance.now();
  let sent = 0;
  while (performance.now() - start < seconds * 1000) {
    const due = Math.floor(((performance.now() - start) / 1000) * per_s * sessions);
    for (; sent < due; ++sent) {
      const client = clients[(sent % sessions) + sessions * (Math.floor(sent / sessions) % each)];
      const data = { sent: performance.now(), count: sent };
      client.socket.send(JSON.stringify({ type: 'patch', data }));
    }
    highest_mb = Math.max(highest_mb, rss_mb(service.pid));
    await sleep(5);
  }
  await sleep(2000);
  for (const client of clients) client.socket.terminate();
  latencies.sort((a, b) => a - b);
  const expected = sent * each;
  return {
    clients: clients.length,
    patches_per_s: round(sent / seconds, 0),
    missing: expected - latencies.length,
    out_of_order: wrong,
    p50_ms: round(latencies[latencies.length >> 1], 2),
    p99_ms: round(latencies[Math.floor(latencies.length * 0.99)], 2),
    rss_mb: highest_mb,
  };
}

/** One request at a time: the slowest of each kind after the first. */
async function answers(service) {
  const kinds = {
    health: ['GET', '/health'],
    presets: ['GET', `${api}/presets`],
    config: ['GET', `${api}/config`],
    emotions: ['POST', `${api}/emotions`, { avatar_id: 'timed', emotion: 'happy' }],
    lipsync: ['POST', `${api}/lipsync`, { text: 'The quick brown fox jumps over the lazy dog.' }],
    render: ['POST', `${api}/render`, { width: 512, height: 512 }],
  };
  const figures = {};
  for (const [name, [method, path, json]] of Object.entries(kinds)) {
    const times = [];
    for (let i = 0; i < 11; ++i) {
      const start = performance.now();
      const body = name === 'render' ? { ...json, seed: i } : json;
      const answer = await send(service.port, method, path, body && { json: body });
      times.push(performance.now() - start);
      if (answer.status !== 200) throw new Error(`${name}: ${answer.body}`);
    }
    figures[name] = {
      first_ms: round(times[0], 1),
      slowest_ms: round(Math.max(...times.slice(1)), 1),
    };
  }
  return figures;
}

/** Everything at once, moderately, for minutes. */
async function soak(service, minutes) {
  const kinds = [
    () => ['GET', '/health'],
    (i) => ['GET', `${api}/soak${i % 50}/state`],
    (i) => ['PATCH', `${api}/soak${i % 50}/state`, { state: { count: i } }],
    (i) => ['POST', `${api}/lipsync`, { text: `Sentence number ${i % 1000}.` }],
    (i) => ['POST', `${api}/render`, { width: 128, height: 128, seed: i % 400 }],
    () => ['GET', `${api}/assets`],
    () => ['POST', `${api}/session`, {}],
    (i) => ['POST', `${api}/phonemes`, { text: `Word ${i}` }],
  ];
  const start = performance.now();
  const memory_mb = [];
  let count = 0,
    errors = 0,
    next = 0;
  const worker = async () => {
    while (performance.now() - start < minutes * 60_000) {
      const [method, path, json] = kinds[count % kinds.length](count);
      ++count;
      const answer = await send(service.port, method, path, json && { json }).catch(
        () => undefined,
      );
      if (answer?.status !== 200) ++errors;
      if (performance.now() - start >= next) {
        memory_mb.push(rss_mb(service.pid));
        next += (minutes * 60_000) / 10;
      }
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  memory_mb.push(rss_mb(service.pid));
  return { minutes, requests: count, errors, memory_mb };
}

function round(value, digits) {
  return Number(value.toFixed(digits));
}

const minutes = process.argv[2] === '--soak' ? Number(process.argv[3]) : 0;
const service = await startService({ LOG_LEVEL: 'warning', MAX_CONNECTIONS: '2200' });
const isCrowd = process.argv[2] === '--crowd';
const result = { bench: minutes ? 'soak' : isCrowd ? 'crowd' : 'service' };
if (minutes) {
  Object.assign(result, await soak(service, minutes));
} else if (isCrowd) {
  result.films = await films(service);
  result.p99 = await company(service);
} else {
  result.idle = await idle(service);
  result.rates = await rates(service);
  result.streams = await streams(service);
  result.answers = await answers(service);
}
await service.stop();
rmSync(scripts, { recursive: true });
console.log(JSON.stringify(result));
