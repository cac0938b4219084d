// How much is kept, and how much one call may take.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';

import { api, send, startService, tool, until } from './service.mjs';

async function serve(test, settings) {
  const service = await startService({ LOG_LEVEL: 'error', ...settings });
  test.after(() => service.stop('SIGKILL'));
  return (method, path, options) => send(service.port, method, path, options);
}

it('keeps renders within MAX_RENDERS, drops those used least recently, and says so', async (test) => {
  const ask = await serve(test, { MAX_RENDERS: '30000' });
  const urls = [];
  for (let seed = 0; seed < 12; ++seed) {
    const json = { width: 64, height: 64, seed, prompt: `look ${seed}`, background: 'white' };
    urls.push((await ask('POST', `${api}/render`, { json })).json.frame_url);
    assert.equal((await ask('GET', urls[0])).status, 200);
  }
  const { renders } = (await ask('GET', `${api}/renders?limit=1000`)).json;
  const bytes = renders.reduce((sum, one) => sum + one.file_size, 0);
  assert.ok(renders.length > 0 && renders.length < 12 && bytes <= 30_000, `${bytes} bytes`);
  assert.equal((await ask('GET', urls[11])).status, 200);
  const gone = await ask('GET', urls[1]);
  assert.equal(gone.status, 410);
  assert.match(gone.json.detail, /MAX_RENDERS/);
  assert.equal((await ask('GET', `/renders/${'0'.repeat(32)}.png`)).status, 404);
});

it('keeps no more renders than MAX_RENDER_FILES', async (test) => {
  const ask = await serve(test, { MAX_RENDER_FILES: '3' });
  const json = { width: 64, height: 64, frames: 5 };
  const { frames } = (await ask('POST', `${api}/render/sequence`, { json })).json;
  const statuses = [];
  for (const { frame_url } of frames) statuses.push((await ask('GET', frame_url)).status);
  assert.deepEqual(statuses.sort(), [200, 200, 200, 410, 410]);
  assert.equal((await ask('GET', `${api}/renders`)).json.renders.length, 3);
});

it('says of a job’s result that it was deleted', async (test) => {
  const ask = await serve(test, { MAX_RENDER_FILES: '1' });
  const json = { operation: 'render', body: { width: 64, height: 64 } };
  const begin = async () => (await ask('POST', '/api/v1/jobs', { json })).json.job_id;
  const look = async (id) => (await ask('GET', `/api/v1/jobs/${id}`)).json;
  const ids = [await begin(), await begin()];
  for (const id of ids) await until(async () => (await look(id)).state === 'done');
  const statuses = [];
  for (const id of ids) statuses.push((await ask('GET', (await look(id)).urls[0])).status);
  assert.deepEqual(statuses.sort(), [200, 410]);
});

it('refuses assets, their parts and audios beyond MAX_STORAGE', async (test) => {
  const ask = await serve(test, { MAX_STORAGE: '100000' });
  const upload = (bytes) =>
    ask('POST', `${api}/assets/upload?name=a.bin`, { body: Buffer.alloc(bytes, 'a') });
  const first = await upload(60_000);
  assert.equal(first.status, 200);
  const refused = await upload(60_000);
  assert.equal(refused.status, 507);
  assert.match(refused.json.detail, /MAX_STORAGE/);
  const speak = () =>
    ask('POST', `${api}/lipsync`, { json: { text: 'A sentence of some length.' } });
  assert.equal((await speak()).status, 507);
  const { upload_url } = (await ask('POST', `${api}/assets/upload?name=b.bin`)).json;
  const piece = await ask('PUT', upload_url, {
    body: Buffer.alloc(50_000),
    headers: { 'content-range': 'bytes 0-49999/90000' },
  });
  assert.equal(piece.status, 507);
  await ask('DELETE', `${api}/assets/${first.json.asset_id}`);
  assert.equal((await speak()).status, 200);
});

it('gives phonemes of a text of 100,000 characters', async (test) => {
  const ask = await serve(test);
  const text = 'A long sentence is here again. '.repeat(3226).slice(0, 100_000);
  const answer = await ask('POST', `${api}/phonemes`, { json: { text } });
  assert.equal(answer.status, 200);
  assert.ok(answer.json.phonemes.length > 50_000);
});

it('refuses speech that is too long to be held', async (test) => {
  const ask = await serve(test);
  const json = { text: 'This goes on, and on, and on. '.repeat(1600) };
  const answer = await ask('POST', `${api}/lipsync`, { json });
  assert.equal(answer.status, 413);
  assert.match(answer.json.detail, /generate/);
});

it('refuses a state beyond 256 KiB, and leaves it as it was', async (test) => {
  const ask = await serve(test);
  const large = { json: { state: { notes: 'x'.repeat(200_000) } } };
  const more = { json: { state: { others: 'x'.repeat(200_000) } } };
  assert.equal((await ask('PATCH', `${api}/anna/state`, large)).status, 200);
  const refused = await ask('PATCH', `${api}/anna/state`, more);
  assert.equal(refused.status, 413);
  assert.match(refused.json.detail, /262144/);
  const { state } = (await ask('GET', `${api}/anna/state`)).json;
  assert.equal(state.notes.length, 200_000);
  assert.equal(state.others, undefined);
  const { session_id } = (await ask('POST', `${api}/session`)).json;
  assert.equal((await ask('PATCH', `${api}/session/${session_id}/state`, large)).status, 200);
  assert.equal((await ask('PATCH', `${api}/session/${session_id}/state`, more)).status, 413);
  const session = (await ask('GET', `${api}/session/${session_id}/state`)).json;
  assert.deepEqual(Object.keys(session.state), ['notes']);
  const metadata = { notes: 'x'.repeat(300_000) };
  assert.equal((await ask('POST', `${api}/session`, { json: { metadata } })).status, 413);
});

it('refuses a text that is much longer than its recording', async (test) => {
  const ask = await serve(test);
  const spoken = await ask('POST', `${api}/lipsync`, { json: { text: 'A short sentence.' } });
  const json = {
    audio_url: spoken.json.audio_url,
    text: 'It goes on, and on, and on. '.repeat(60),
  };
  const answer = await ask('POST', `${api}/lipsync`, { json });
  assert.equal(answer.status, 422);
  assert.match(answer.json.detail[0].msg, /longer than the recording/);
});

it('refuses an avatar whose description would fill the memory', async (test) => {
  const ask = await serve(test);
  const text = Buffer.from(`{"asset":{"version":"2.0"},"extras":[${'[],'.repeat(3_000_000)}0]}`);
  const head = Buffer.alloc(20);
  head.write('glTF');
  [2, 20 + text.length, text.length].forEach((value, i) => head.writeUInt32LE(value, 4 + 4 * i));
  head.write('JSON', 16);
  const body = Buffer.concat([head, text]);
  const answer = await ask('POST', `${api}/assets/upload?name=bomb.glb`, { body });
  assert.equal(answer.status, 422);
  assert.match(answer.json.detail[0].msg, /8 MiB/);
});

it('has a doctor who says what is wrong', (test) => {
  const folder = mkdtempSync(join(tmpdir(), 'vivavox-doctor-'));
  test.after(() => rmSync(folder, { recursive: true }));
  const doctor = (settings) => {
    const env = { ...process.env, PORT: '0', ...settings };
    const { status, stdout } = spawnSync(tool, ['doctor'], { cwd: folder, env });
    return { status, page: stdout.toString() };
  };
  const well = doctor({});
  assert.equal(well.status, 0, well.page);
  for (const what of ['start', 'files', 'ffmpeg', 'voices', 'Vulkan']) {
    assert.match(well.page, new RegExp(`^well  ${what}`, 'm'));
  }
  const blind = doctor({ VK_ICD_FILENAMES: '/nowhere', VK_DRIVER_FILES: '/nowhere' });
  assert.equal(blind.status, 0);
  assert.match(blind.page, /^lack {2}Vulkan/m);
  const wrong = doctor({ ASSETS_DIR: './elsewhere' });
  assert.equal(wrong.status, 1);
  assert.match(wrong.page, /^BAD {3}start .*ASSETS_DIR.*is missing/m);
  assert.match(doctor({ HOST: '0.0.0.0' }).page, /^BAD {3}start .*API_KEYS/m);
});
