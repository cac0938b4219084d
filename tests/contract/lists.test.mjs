// Lists a page at a time, on SQLite and on PostgreSQL.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';

import { Client, api, startPostgres, startService } from './service.mjs';

for (const database of ['sqlite', 'postgresql']) {
  describe(`lists on ${database}`, () => {
    let postgres, service, client;
    const small = { width: 64, height: 64 };
    const add = {
      audios: async (i) =>
        (await client.post(`${api}/lipsync`, { avatar_id: 'lists', text: `Number ${i}.` })).json
          .audio_id,
      renders: async (i) =>
        (await client.post(`${api}/render`, { avatar_id: 'lists', seed: i, ...small })).json
          .frame_id,
      assets: async (i) => {
        const path = `${api}/assets/upload?name=${i}.bin`;
        return (await client.request('POST', path, { body: `${i}` })).json.asset_id;
      },
      versions: async (i) => {
        const path = `${api}/assets/upload?name=versioned`;
        return (await client.request('POST', path, { body: `version ${i}` })).json.asset_id;
      },
      presets: async (i) => (await client.post(`${api}/presets`, { name: `p${i}` })).json.preset_id,
    };
    const lists = [
      { path: `${api}/audios?avatar_id=lists`, list: 'audios', id: 'audio_id', add: add.audios },
      { path: `${api}/renders?avatar_id=lists`, list: 'renders', id: 'frame_id', add: add.renders },
      { path: `${api}/assets/search?q=.bin`, list: 'assets', id: 'asset_id', add: add.assets },
      { path: `${api}/assets?name=versioned`, list: 'assets', id: 'asset_id', add: add.versions },
      { path: `${api}/presets?`, list: 'presets', id: 'preset_id', add: add.presets },
    ];

    before(async () => {
      postgres = database === 'postgresql' ? await startPostgres() : undefined;
      service = await startService(postgres ? { DATABASE_URL: await postgres.database() } : {});
      client = await new Client(service.port).open();
    });
    after(async () => {
      await service.stop();
      await postgres?.stop();
    });

    it('gives each entry once while others are added', async () => {
      for (const { path, list, id, add } of lists) {
        const made = [];
        for (let i = 0; i < 5; ++i) made.push(await add(i));
        const seen = [];
        let next = '';
        do {
          const cursor = next && `&cursor=${next}`;
          const { status, json } = await client.get(`${path}&limit=2${cursor}`);
          assert.equal(status, 200, path);
          assert.ok(json[list].length <= 2);
          seen.push(...json[list].map((one) => one[id]));
          ({ next } = json);
          if (seen.length === 2) await add(100);
        } while (next !== null);
        assert.equal(new Set(seen).size, seen.length, path);
        for (const one of made) assert.ok(seen.includes(one), `${path} ${one}`);
      }
    });

    it('lists models a page at a time, the built-in ones once', async () => {
      const { json } = await client.get(`${api}/models?limit=1`);
      const builtIn = readdirSync('shared/avatars').flatMap((name) =>
        name.endsWith('.glb') ? [name.slice(0, -4)] : [],
      );
      const listed = json.models.map((one) => one.model_id);
      assert.equal(listed[0], 'vivi');
      assert.deepEqual(listed.toSorted(), builtIn.toSorted());
      assert.equal(json.next, null);
    });

    it('answers a cursor that is not of the list with 400', async () => {
      const first = await client.get(`${api}/audios?avatar_id=lists&limit=1`);
      const { next } = first.json;
      const status = async (path) => (await client.get(path)).status;
      assert.equal(await status(`${api}/audios?avatar_id=lists&cursor=${next}`), 200);
      for (const path of [
        `${api}/audios?cursor=${next}`,
        `${api}/audios?avatar_id=other&cursor=${next}`,
        `${api}/renders?avatar_id=lists&cursor=${next}`,
        `${api}/presets?cursor=${next}`,
        `${api}/models?cursor=${next}`,
        `${api}/assets?cursor=${next}`,
        `${api}/audios?avatar_id=lists&cursor=${next}x`,
        `${api}/audios?avatar_id=lists&cursor=${next.slice(0, -1)}`,
        `${api}/audios?avatar_id=lists&cursor=`,
        `${api}/audios?avatar_id=lists&cursor=%00`,
        `${api}/audios?avatar_id=lists&cursor=${next}&offset=1`,
      ]) {
        const answer = await client.get(path);
        assert.equal(answer.status, 400, path);
        assert.match(answer.json.detail, /cursor/);
      }
      assert.equal(await status(`${api}/presets?limit=0`), 422);
      assert.equal(await status(`${api}/presets?limit=1001`), 422);
    });
  });
}
