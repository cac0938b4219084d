// Requests that are sent again with their Idempotency-Key: together, later, after a
// restart, and where nobody knows what came of the first.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { api, send, silence, startOn, startService } from './service.mjs';

const quiet = { LOG_LEVEL: 'error' };
const small = { width: 64, height: 64 };

/** What makes something, and what there is one more of. */
const requests = {
  createSession: ['sessions', 1, `${api}/session`, { json: { metadata: { a: 1 } } }],
  createPreset: ['presets', 1, `${api}/presets`, { json: { name: 'once' } }],
  uploadAsset: ['assets', 1, `${api}/assets/upload?name=once.bin`, { body: 'the same' }],
  reserveAsset: ['assets', 0, `${api}/assets/upload?name=later.bin`],
  addRecording: ['audios', 1, `${api}/audios`, { body: silence }],
  lipsync: ['audios', 1, `${api}/lipsync`, { json: { text: 'Once.' } }],
  render: ['renders', 1, `${api}/render`, { json: { ...small, format: 'webp' } }],
  renderAvatar: ['renders', 1, `${api}/default/render`, { json: small }],
  renderSequence: ['renders', 3, `${api}/render/sequence`, { json: { ...small, frames: 3 } }],
  takeSnapshot: ['renders', 1, `${api}/default/snapshot`, { json: { resolution: 64 } }],
  renderLipsync: ['renders', 1, '/render/lipsync', { json: { ...small, text: 'Once.' } }],
};

const withKey = (key, options) => ({
  ...options,
  headers: { ...options?.headers, 'idempotency-key': key },
});

async function countOf(service, kind) {
  const { usage } = (await send(service.port, 'GET', '/api/v1/usage')).json;
  return usage.reduce((sum, one) => sum + one.objects[kind], 0);
}

for (const database of ['sqlite', 'postgresql']) {
  describe(`repeated requests on ${database}`, () => {
    let service, client, end;
    before(async () => {
      ({ service, client, end } = await startOn(database, quiet));
    });
    after(() => end('SIGKILL'));

    it('are made once and answered alike, at every route that takes a key', async () => {
      const declared = Object.values(client.document.paths)
        .flatMap((operations) => Object.values(operations))
        .filter((one) => one.parameters?.some(({ name }) => name === 'Idempotency-Key'))
        .map((one) => one.operationId);
      // Jobs have tests of their own.
      const known = Object.keys(requests).filter((id) => id !== 'reserveAsset');
      assert.deepEqual(declared.sort(), [...known, 'createJob'].sort());
      for (const [id, [kind, more, path, options]] of Object.entries(requests)) {
        const count = await countOf(service, kind);
        const ask = () => client.request('POST', path, withKey(id, options));
        const answers = await Promise.all([ask(), ask(), ask()]);
        answers.push(await ask());
        for (const { status, body, headers } of answers) {
          assert.equal(status, 200, `${id} ${body}`);
          assert.deepEqual(body, answers[0].body, id);
          assert.equal(headers.etag, answers[0].headers.etag);
        }
        const replayed = answers.filter((one) => one.headers['idempotency-replayed'] === 'true');
        assert.equal(replayed.length, 3, id);
        assert.equal(await countOf(service, kind), count + more, id);
      }
    });

    it('are refused where they are not the same, and where the key is none', async () => {
      const session = (json, key) =>
        client.post(`${api}/session`, json, { 'idempotency-key': key });
      assert.equal((await session({}, 'mine')).status, 200);
      const other = await session({ metadata: { a: 2 } }, 'mine');
      assert.equal(other.status, 422);
      assert.match(other.json.detail[0].msg, /Idempotency-Key/);
      assert.equal(
        (await client.post(`${api}/presets`, { name: 'x' }, { 'idempotency-key': 'mine' })).status,
        422,
      );
      const upload = (body) =>
        client.request('POST', `${api}/assets/upload?name=a.bin`, withKey('up', { body }));
      assert.equal((await upload('one')).status, 200);
      assert.equal((await upload('two')).status, 422);
      assert.equal((await upload('one')).headers['idempotency-replayed'], 'true');
      for (const key of ['', 'a b', 'x'.repeat(201)]) {
        assert.equal((await session({}, key)).status, 422);
      }
    });

    it('are done again where they failed', async () => {
      const json = { text: 'Hi.', avatar_id: 'failing', model: 'none', ...small };
      const ask = () => client.request('POST', '/render/lipsync', withKey('failing', { json }));
      for (const { status, headers } of [await ask(), await ask()]) {
        assert.equal(status, 404);
        assert.equal(headers['idempotency-replayed'], undefined);
      }
    });
  });
}

it('makes each thing once, however often the service is killed before it answers', async (test) => {
  const folder = mkdtempSync(join(tmpdir(), 'vivavox-repeats-'));
  test.after(() => rmSync(folder, { recursive: true }));
  const kinds = { sessions: 0, assets: 0, audios: 0, renders: 0 };
  const wishes = ['createSession', 'uploadAsset', 'lipsync', 'renderAvatar', 'render'];
  let service;
  test.after(() => service.stop('SIGKILL'));
  for (let round = 0; round < 6; ++round) {
    const open = wishes.map((id) => [`${id}-${round}`, ...requests[id]]);
    for (const [, kind, more] of open) kinds[kind] += more;
    const answered = new Map();
    for (let kill = 0; answered.size < open.length; ++kill) {
      service = await startService(quiet, folder);
      const asking = Promise.allSettled(
        open.map(async ([key, , , path, options]) => {
          const answer = await send(service.port, 'POST', path, withKey(key, options));
          assert.equal(answer.status, 200, answer.body.toString());
          // Who was answered before is answered alike.
          const before = answered.get(key);
          if (before) assert.equal(answer.body.toString(), before);
          answered.set(key, answer.body.toString());
        }),
      );
      if (kill < 3) {
        await sleep(Math.random() * 150);
      } else {
        await asking;
      }
      await service.stop('SIGKILL');
      for (const { reason } of await asking) {
        if (reason instanceof assert.AssertionError) throw reason;
      }
    }
  }
  service = await startService(quiet, folder);
  for (const [kind, expected] of Object.entries(kinds)) {
    assert.equal(await countOf(service, kind), expected, kind);
  }
});
