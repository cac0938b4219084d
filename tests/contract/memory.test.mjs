// The service's memory under calls at their limits, sixteen of each at once. Programs that it
// starts (ffmpeg) have memory of their own, which is not counted here.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { crc32, deflateSync } from 'node:zlib';
import { after, before, describe, it } from 'node:test';

import { Stream, api, send, startService, tool, until } from './service.mjs';

const at_once = 16;
const most_mib = 600;
const sentence = 'This goes on, and on. ';

/** A WAV file of noise, of one byte a sample. */
function wav(seconds, rate_hz) {
  const size = seconds * rate_hz;
  const file = Buffer.alloc(44 + size);
  file.write('RIFF');
  file.writeUInt32LE(36 + size, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  [1, 1].forEach((value, i) => file.writeUInt16LE(value, 20 + 2 * i));
  [rate_hz, rate_hz].forEach((value, i) => file.writeUInt32LE(value, 24 + 4 * i));
  [1, 8].forEach((value, i) => file.writeUInt16LE(value, 32 + 2 * i));
  file.write('data', 36);
  file.writeUInt32LE(size, 40);
  for (let i = 44; i < file.length; ++i) file[i] = (i * 7919 + (i >> 9) * 31) & 255;
  return file;
}

/** A glTF binary of this JSON and, where there are any, these bytes. */
function glb(text, bytes = undefined) {
  const chunk = (type, data) => {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(data.length, 0);
    head.write(type, 4);
    return Buffer.concat([head, data]);
  };
  const chunks = [chunk('JSON', Buffer.from(text.padEnd(Math.ceil(text.length / 4) * 4)))];
  if (bytes) chunks.push(chunk('BIN\0', bytes));
  const head = Buffer.alloc(12);
  head.write('glTF');
  head.writeUInt32LE(2, 4);
  head.writeUInt32LE(
    chunks.reduce((sum, one) => sum + one.length, 12),
    8,
  );
  return Buffer.concat([head, ...chunks]);
}

/** A picture of one gray. */
function png(side) {
  const chunk = (type, data) => {
    const named = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  };
  const head = Buffer.alloc(13);
  [side, side].forEach((value, i) => head.writeUInt32BE(value, 4 * i));
  head[8] = 8;
  const rows = Buffer.alloc(side * (side + 1), 128);
  for (let y = 0; y < side; ++y) rows[y * (side + 1)] = 0;
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** An avatar of one triangle for each of `count` textures. */
function texturedGlb(count, side) {
  const corners = Buffer.from(new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0]).buffer);
  const image = png(side);
  const list = (make) => Array.from({ length: count }, (_, i) => make(i));
  const buffers = [corners, ...list(() => image)];
  let end = 0;
  const bufferViews = buffers.map(({ length }) => {
    const view = { buffer: 0, byteOffset: end, byteLength: length };
    end += Math.ceil(length / 4) * 4;
    return view;
  });
  const bytes = Buffer.alloc(end);
  buffers.forEach((one, i) => one.copy(bytes, bufferViews[i].byteOffset));
  const text = JSON.stringify({
    asset: { version: '2.0' },
    buffers: [{ byteLength: end }],
    bufferViews,
    accessors: [{ bufferView: 0, componentType: 5126, count: 3, type: 'VEC3' }],
    images: list((i) => ({ bufferView: 1 + i })),
    textures: list((source) => ({ source })),
    materials: list((index) => ({ pbrMetallicRoughness: { baseColorTexture: { index } } })),
    meshes: [{ primitives: list((i) => ({ attributes: { POSITION: 0 }, material: i })) }],
    nodes: [{ mesh: 0 }],
  });
  return glb(text, bytes);
}

function form(file, fields) {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head = '--b\r\nContent-Disposition: form-data; name="audio_file"; filename="a"\r\n\r\n';
  return Buffer.concat([Buffer.from(parts.join('') + head), file, Buffer.from('\r\n--b--\r\n')]);
}

/** Sends all requests at once, and breaks all off once `enough` have had an answer that
 * counts, or all have had any, and once others have `begun`. Returns the statuses. */
async function race(
  port,
  requests,
  { enough = 1, counts = (status) => status < 400, begun = async () => {} } = {},
) {
  const statuses = [];
  let counted = 0;
  let finish;
  const finished = new Promise((settle) => (finish = settle));
  const clients = requests.map(({ path, body, method = 'POST', headers }) => {
    const client = request({ port, path, host: '127.0.0.1', method, agent: false, headers });
    client.on('error', () => {});
    client.on('response', async (response) => {
      response.on('error', () => {});
      // An answer counts with its first bytes: a film's may never end.
      await Promise.race([once(response, 'data'), once(response, 'end')]).catch(() => {});
      response.resume();
      statuses.push(response.statusCode);
      if (counts(response.statusCode)) ++counted;
      if (counted >= enough || statuses.length === requests.length) finish();
    });
    client.end(body);
    return client;
  });
  await finished;
  await begun();
  for (const client of clients) client.destroy();
  // Else it was not the work that was measured, but its refusal.
  assert.ok(counted >= enough, `${counted} of ${enough} answers that count: ${statuses}`);
  return statuses;
}

describe(
  'what the process holds',
  { skip: /asan|tsan/.test(tool) && 'sanitizers take more' },
  () => {
    let service;
    before(async () => {
      service = await startService({ LOG_LEVEL: 'error' });
    });
    after(() => service.stop('SIGKILL'));

    /** Each call's own peak, above what those before have left. */
    const holds = (name, work) =>
      it(`stays within ${most_mib} MiB: ${name}`, async (test) => {
        writeFileSync(`/proc/${service.pid}/clear_refs`, '5');
        const statuses = await work();
        // Those that were broken off end before the next begin.
        await until(async () => {
          const { queue_depth } = (await send(service.port, 'GET', `${api}/performance`)).json;
          return queue_depth === 0;
        });
        const status = readFileSync(`/proc/${service.pid}/status`, 'utf8');
        const peak_mib = Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024;
        test.diagnostic(`${Math.round(peak_mib)} MiB`);
        assert.ok(peak_mib <= most_mib, `${peak_mib} MiB, and answers ${statuses}`);
      });
    const many = (make) => Array.from({ length: at_once }, (_, i) => make(i));
    const json = (path, body, method) => ({ path, method, body: JSON.stringify(body) });

    holds('states of many values', () => {
      const asked = json(`${api}/a/state`, { state: { many: Array(1_900_000).fill(0) } }, 'PATCH');
      return race(
        service.port,
        many(() => asked),
        { enough: 4, counts: (status) => status === 413 },
      );
    });
    holds('lists of phonemes', () => {
      const list = { phonemes: Array(100_000).fill('AA'), audio_duration: 86_400 };
      const asked = json(`${api}/phonemes/timing`, list);
      return race(
        service.port,
        many(() => asked),
        { enough: 4 },
      );
    });
    holds('ten minutes of speech', () => {
      const asked = json(`${api}/lipsync`, { text: sentence.repeat(340), sample_rate: 48_000 });
      return race(
        service.port,
        many(() => asked),
      );
    });
    holds('uploads', () => {
      const asked = { path: `${api}/assets/upload?name=a.bin`, body: Buffer.alloc(16 << 20) };
      return race(
        service.port,
        many(() => asked),
        { enough: at_once },
      );
    });
    holds('avatars of much JSON', () => {
      const text = `{"asset":{"version":"2.0"},"extras":[${'{"a":0},'.repeat(1_000_000)}0]}`;
      const asked = { path: `${api}/assets/upload?name=a.glb`, body: glb(text) };
      return race(
        service.port,
        many(() => asked),
        { enough: 2 },
      );
    });
    holds('avatars of many textures', async () => {
      const path = `${api}/assets/upload?name=textures.glb`;
      // As many pixels as an avatar may have.
      const body = texturedGlb(4, 4096);
      const statuses = await race(
        service.port,
        many(() => ({ path, body })),
        { enough: 2 },
      );
      const { asset_id, metadata } = (await send(service.port, 'POST', path, { body })).json;
      assert.match(metadata.rig.notes[0], /4 of 4 textures are shown smaller/);
      const worn = { avatar_id: 'textured', model_id: asset_id };
      const { status } = await send(service.port, 'POST', `${api}/models/select`, { json: worn });
      assert.equal(status, 200);
      const pictures = many((seed) =>
        json(`${api}/render`, { avatar_id: 'textured', width: 1024, height: 1024, seed }),
      );
      return [...statuses, ...(await race(service.port, pictures, { enough: 2 }))];
    });
    holds('recordings', () => {
      const asked = { path: `${api}/audios`, body: wav(119, 192_000) };
      return race(
        service.port,
        many(() => asked),
      );
    });
    holds('films of recordings', async () => {
      const asked = {
        path: '/generate-from-audio',
        body: form(wav(119, 48_000), { width: 64, height: 64 }),
        headers: { 'content-type': 'multipart/form-data; boundary=b' },
      };
      // The first that has no room is told so; those that have it go on for minutes.
      const refused = (status) => status === 503;
      return race(
        service.port,
        many(() => asked),
        { counts: refused },
      );
    });
    holds('pictures, snapshots, sequences and jobs', async () => {
      const size = { width: 4096, height: 4096 };
      const jobs = many((seed) =>
        json('/api/v1/jobs', { operation: 'render', body: { ...size, seed } }),
      );
      const pictures = [
        ...many((seed) => json(`${api}/render`, { ...size, format: 'webp', seed })),
        ...many(() => json(`${api}/default/snapshot`, { resolution: 4096 })),
        ...many((seed) => json(`${api}/render/sequence`, { ...size, frames: 1, seed })),
      ];
      const racing = race(service.port, pictures);
      const made = await Promise.all(
        jobs.map(({ path, body }) => send(service.port, 'POST', path, { body })),
      );
      const statuses = await racing;
      for (const { headers } of made) await send(service.port, 'DELETE', headers.location);
      return statuses;
    });
    holds('films', async () => {
      const asked = json('/generate', { width: 4096, height: 4096, text: sentence.repeat(18_000) });
      const drawn = async () => (await send(service.port, 'GET', `${api}/performance`)).json.frames;
      const before_them = await drawn();
      return race(
        service.port,
        many(() => asked),
        {
          counts: (status) => status === 503,
          begun: () => until(async () => (await drawn()) > before_them + 1),
        },
      );
    });
    holds('streams', async () => {
      const path = `${api}/session/flood/stream`;
      const open = () => new Stream(service.port, path);
      const writer = open();
      await writer.next((one) => one.event === 'heartbeat');
      for (let i = 0; i < 60; ++i) {
        const data = { text: 'x'.repeat(65_000) };
        writer.say({ type: 'gesture', operation_id: `${i}`, data });
      }
      await writer.next((one) => one.operation_id === '59');
      await writer.close();
      const readers = many(() => new Stream(service.port, `${path}?since=0`));
      for (const reader of readers) {
        await reader.next((one) => one.event === 'resync');
        // The head of a message of 15 MiB.
        reader.socket._socket.write(Buffer.from('81ff0000000000f0000001020304', 'hex'));
      }
      for (const reader of readers) await reader.closed;
    });
  },
);
