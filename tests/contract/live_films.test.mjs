// Films for pages that cannot draw: idle loops, what is said between them, and how many watch.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';

import { burst_s, opening_s } from '../bench/lip_sync.mjs';
import { Client, api, encoders, framesOf, send, startService, until } from './service.mjs';

const fps = 15;
const loop_s = 4;
const lead_s = 0.25;
const look = { width: 160, height: 160, fps, mood: 'happy', seed: 3 };
const side = 40;
const text = 'Papa bought a map. Why not?';

let service, client;
before(async () => {
  service = await startService({ LOG_LEVEL: 'warning' });
  client = await new Client(service.port).open();
});
after(() => service.stop('SIGKILL'));

const loopPath = (wanted = look) =>
  `${api}/default/loop?${Object.entries(wanted)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')}`;

const film = async (more) => {
  const answer = await client.post('/generate', { text, ...look, format: 'mp4', ...more });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-type'], 'video/mp4');
  return answer.body;
};

/** What a program makes of a file. */
function made(bytes, program, argumentsFor) {
  const folder = mkdtempSync(join(tmpdir(), 'vivavox-film-'));
  try {
    const file = join(folder, 'film.mp4');
    writeFileSync(file, bytes);
    return execFileSync(program, argumentsFor(file), {
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Its pictures, as grey values. */
function pictures(bytes) {
  const grey = made(bytes, 'ffmpeg', (file) => [
    ...[
      '-v',
      'error',
      '-i',
      file,
      '-an',
      '-vf',
      `scale=${side}:${side}`,
      '-fps_mode',
      'passthrough',
    ],
    ...['-f', 'rawvideo', '-pix_fmt', 'gray', '-'],
  ]);
  const size = side * side;
  return Array.from({ length: grey.length / size }, (_, i) =>
    grey.subarray(i * size, (i + 1) * size),
  );
}

const difference = (a, b) =>
  a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;

/** The top-level boxes: [type, bytes]. */
function boxes(bytes) {
  const found = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
    found.push([
      bytes.toString('latin1', at + 4, at + 8),
      bytes.subarray(at, at + bytes.readUInt32BE(at)),
    ]);
  }
  return found;
}

/** What the messages of a film say, and when. */
function spoken(bytes) {
  return boxes(bytes)
    .filter(([type]) => type === 'emsg')
    .map(([, box]) => {
      const [scheme, , ...data] = box.toString('utf8', 32).split('\0');
      assert.equal(scheme, 'urn:vivavox:spoken');
      return {
        at_s: Number(box.readBigUInt64BE(16)) / box.readUInt32BE(12),
        ...JSON.parse(data.join('')),
      };
    });
}

it('streams MP4 in fragments of a few frames, with what is said', async () => {
  const bytes = await film();
  const types = boxes(bytes).map(([type]) => type);
  assert.deepEqual(types.slice(0, 2), ['ftyp', 'moov']);
  const fragments = types.filter((type) => type === 'moof').length;
  assert.ok(
    fragments * 4 >= framesOf(bytes),
    `${fragments} fragments of ${framesOf(bytes)} frames`,
  );
  const streams = made(bytes, 'ffprobe', (file) => [
    ...['-v', 'error', '-show_entries', 'stream=codec_name,start_time', '-of', 'csv=p=0', file],
  ]);
  const [video, audio] = streams
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  assert.equal(video[0], 'h264');
  assert.equal(audio[0], 'aac');
  const times = made(bytes, 'ffprobe', (file) => [
    ...[
      '-v',
      'error',
      '-select_streams',
      'v',
      '-show_entries',
      'packet=pts_time',
      '-of',
      'csv=p=0',
    ],
    file,
  ]);
  times
    .toString()
    .trim()
    .split('\n')
    .forEach((time, i) => {
      assert.ok(Math.abs(Number.parseFloat(time) - i / fps) < 1e-3, `frame ${i} at ${time} s`);
    });
  const clauses = spoken(bytes);
  assert.ok(Math.abs(clauses[0].at_s - lead_s) < 1e-4);
  const words = clauses.flatMap(({ text_offset, timeline }) =>
    timeline.words.map((word) => text.slice(text_offset + word.begin, text_offset + word.end)),
  );
  assert.deepEqual(words, ['Papa', 'bought', 'a', 'map', 'Why', 'not']);
  assert.deepEqual(clauses[0].visemes[0][0], 'PP');
  const [first, second] = clauses;
  assert.ok(Math.abs(second.at_s - first.at_s - first.timeline.duration_s) < 1e-4);
});

it('has its messages before the fragments that they are about', async () => {
  const bytes = await film({ text: text.repeat(8) });
  let fragments = 0;
  const seen = [];
  for (const [type] of boxes(bytes)) {
    if (type === 'moof') ++fragments;
    if (type === 'emsg') seen.push(fragments);
  }
  const clauses = spoken(bytes);
  assert.equal(seen.length, clauses.length);
  clauses.forEach(({ at_s }, i) =>
    assert.ok(seen[i] * 0.2 <= at_s + 0.3, `${seen[i]} before ${at_s}`),
  );
});

it('films an idle loop once, and knows it again', async () => {
  const first = await client.get(loopPath());
  assert.equal(first.status, 200);
  assert.equal(first.headers['content-type'], 'video/mp4');
  assert.equal(framesOf(first.body), fps * loop_s);
  const drawn = (await client.get(`${api}/performance`)).json.frames;
  const again = await client.get(loopPath());
  assert.ok(again.body.equals(first.body));
  const { etag } = first.headers;
  assert.equal((await client.get(loopPath(), { 'if-none-match': etag })).status, 304);
  assert.equal((await client.get(`${api}/performance`)).json.frames, drawn);
  const sad = await client.get(loopPath({ ...look, mood: 'sad' }));
  assert.notEqual(sad.headers.etag, etag);
  assert.equal((await client.get(loopPath({ ...look, mood: 'no such mood' }))).status, 422);
  assert.equal((await client.get(loopPath({ ...look, width: 7 }))).status, 422);
});

it('films a loop once for all who come at one time', async () => {
  const wanted = loopPath({ ...look, seed: 77 });
  const before_ = (await client.get(`${api}/performance`)).json.frames;
  const answers = await Promise.all([1, 2, 3].map(() => client.get(wanted)));
  assert.equal(new Set(answers.map(({ headers }) => headers.etag)).size, 1);
  assert.equal((await client.get(`${api}/performance`)).json.frames - before_, fps * loop_s);
});

it('goes from loop to speech and back without a cut', async () => {
  const round = pictures((await client.get(loopPath())).body);
  const steps = round.map((picture, i) => difference(picture, round.at(i - 1)));
  const usual = Math.max(...steps.slice(1));
  assert.ok(steps[0] <= usual, `${steps[0]} where rounds meet, ${usual} within them`);
  for (const at of [0, 1, 22, 47, 59]) {
    const said = pictures(await film({ loop_at_s: at / fps, text: 'Hello.' }));
    const begin = difference(said[0], round.at(at - 1));
    const end = difference(said.at(-1), round[0]);
    assert.ok(
      begin <= 1.5 * usual,
      `${begin} where it begins at frame ${at}, ${usual} within a loop`,
    );
    assert.ok(end <= 1.5 * usual, `${end} where it ends, ${usual} within a loop`);
    const spoke = said.slice(1).map((picture, i) => difference(picture, said[i]));
    assert.ok(Math.max(...spoke) > 0);
  }
});

it('opens the mouth with the sound', async () => {
  const rate = 48000;
  const side_px = 24;
  const fine = { ...look, mood: 'neutral', width: 256, height: 256, fps: 30, loop_at_s: 1 };
  const bytes = await film({ ...fine, text: 'Papa, pa. Pa, papa. '.repeat(3) });
  const sound = made(bytes, 'ffmpeg', (file) => [
    ...['-v', 'error', '-i', file, '-vn', '-ac', '1', '-ar', `${rate}`, '-f', 'f32le', '-'],
  ]);
  const samples = new Float32Array(
    sound.buffer.slice(sound.byteOffset, sound.byteOffset + sound.length),
  );
  const level = (at_s, length_s) => {
    const part = samples.subarray(Math.round(at_s * rate), Math.round((at_s + length_s) * rate));
    return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
  };
  const grey = made(bytes, 'ffmpeg', (file) => [
    ...['-v', 'error', '-i', file, '-an', '-fps_mode', 'passthrough'],
    ...['-vf', `crop=iw*0.22:ih*0.16:iw*0.42:ih*0.58,scale=${side_px}:${side_px}`],
    ...['-f', 'rawvideo', '-pix_fmt', 'gray', '-'],
  ]);
  const size = side_px * side_px;
  const mouth = Array.from({ length: grey.length / size }, (_, i) => {
    const picture = grey.subarray(i * size, (i + 1) * size);
    return [i / fine.fps, picture.filter((value) => value < 90).length / size];
  });
  const lags_ms = spoken(bytes).flatMap(({ at_s, timeline }) =>
    timeline.phones
      .filter(({ ipa }) => ipa === 'p')
      .flatMap(({ start_s, end_s }) => {
        const heard_s = burst_s(level, at_s + start_s, at_s + end_s);
        const seen_s = opening_s(mouth, heard_s);
        return seen_s === null ? [] : [(seen_s - heard_s) * 1000];
      }),
  );
  const mean_ms = lags_ms.reduce((sum, lag) => sum + Math.abs(lag), 0) / lags_ms.length;
  assert.ok(lags_ms.length >= 9, `only ${lags_ms.length} were seen`);
  assert.ok(mean_ms < 20, `${mean_ms} ms apart in the mean: ${lags_ms.map(Math.round)}`);
  assert.ok(
    lags_ms.every((lag) => Math.abs(lag) < 45),
    `${lags_ms.map(Math.round)} ms apart`,
  );
});

it('says honestly that there is no place for one more', async (test) => {
  const one = await startService({ LOG_LEVEL: 'warning', MAX_VIEWERS: '1' });
  test.after(() => one.stop('SIGKILL'));
  const json = { text: 'A long film goes on and on. '.repeat(200), ...look, format: 'mp4' };
  const answers = [];
  for (let i = 0; i < 8; ++i) {
    send(one.port, 'POST', '/generate', { json }).then(
      (answer) => answers.push(answer),
      () => {},
    );
  }
  // The one that is served goes on for longer than anybody waits.
  await until(() => answers.length === 7);
  for (const { status, headers } of answers) {
    assert.equal(status, 503);
    assert.ok(Number(headers['retry-after']) > 0);
  }
  assert.equal(encoders(one).length, 1);
});
