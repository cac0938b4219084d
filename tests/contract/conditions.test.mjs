// Changes that are made only where nobody else has changed anything (If-Match), on SQLite
// and on PostgreSQL with two processes.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Client, Stream, api, foldersOf, startPostgres, startService } from './service.mjs';

for (const database of ['sqlite', 'postgresql']) {
  describe(`conditions on ${database}`, () => {
    let postgres;
    const services = [];
    const clients = [];
    before(async () => {
      postgres = database === 'postgresql' ? await startPostgres() : undefined;
      const settings = postgres ? { DATABASE_URL: await postgres.database() } : {};
      services.push(await startService(settings));
      if (postgres) services.push(await startService({ ...settings, ...foldersOf(services[0]) }));
      for (const { port } of services) clients.push(await new Client(port).open());
    });
    after(async () => {
      for (const service of services.reverse()) await service.stop();
      await postgres?.stop();
    });

    const tagOf = async (path) => {
      const { status, headers } = await clients[0].get(path);
      assert.equal(status, 200);
      assert.match(headers.etag, /^"[^"]+"$/);
      return headers.etag;
    };

    it('refuses a change of an avatar that is not as it was read', async () => {
      const [client] = clients;
      const state = `${api}/anna/state`;
      const old = await tagOf(state);
      const first = await client.patch(state, { state: { hat: 'red' } }, { 'if-match': old });
      assert.equal(first.status, 200);
      assert.notEqual(first.headers.etag, old);
      const stale = { 'if-match': old };
      for (const [method, path, json] of [
        ['PATCH', state, { state: { hat: 'blue' } }],
        ['POST', `${api}/emotions`, { avatar_id: 'anna', emotion: 'sad' }],
        ['PATCH', `${api}/anna/emotions`, { emotion: 'sad' }],
        ['POST', `${api}/anna/animations`, { animation: 'nod' }],
        [
          'POST',
          `${api}/customize`,
          { avatar_id: 'anna', traits: { emotion: 'sad' }, persist: true },
        ],
        ['POST', `${api}/models/select`, { avatar_id: 'anna', model_id: 'vivi' }],
        ['POST', `${api}/anna/voice/attach`, {}],
        ['DELETE', `${api}/anna/voice/detach`],
        ['DELETE', `${api}/anna`],
      ]) {
        const { status, json: answer } = await client.request(method, path, {
          json,
          headers: stale,
        });
        assert.equal(status, 412, `${method} ${path}`);
        assert.match(answer.detail, /If-Match/);
      }
      const now = await client.get(state);
      assert.equal(now.headers.etag, first.headers.etag);
      assert.deepEqual(now.json, first.json);
      assert.equal((await client.patch(state, { state: { hat: 'blue' } })).status, 200);
      assert.equal((await client.delete(`${api}/anna`, { 'if-match': '*' })).status, 200);
      const gone = await client.patch(state, { state: {} }, { 'if-match': '*' });
      assert.equal(gone.status, 412);
      assert.notEqual(await tagOf(state), old);
    });

    it('makes one of the changes that all go out from the same state', async () => {
      const state = `${api}/bob/state`;
      const tag = await tagOf(state);
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          clients[i % clients.length].patch(
            state,
            { state: { [`key${i}`]: i } },
            { 'if-match': tag },
          ),
        ),
      );
      const made = answers.filter(({ status }) => status === 200);
      assert.equal(made.length, 1);
      assert.ok(answers.every(({ status }) => [200, 412].includes(status)));
      for (const client of clients) {
        assert.deepEqual((await client.get(state)).json, made[0].json);
      }
    });

    it('counts by reading again where nobody is told to wait', async () => {
      const state = `${api}/counter/state`;
      await clients[0].patch(state, { state: { count: 0 } });
      const increment = async (client) => {
        for (;;) {
          const { json, headers } = await client.get(state);
          const { status } = await client.patch(
            state,
            { state: { count: json.state.count + 1 } },
            { 'if-match': headers.etag },
          );
          if (status === 200) return;
          assert.equal(status, 412);
        }
      };
      await Promise.all(
        Array.from({ length: 12 }, (_, i) => increment(clients[i % clients.length])),
      );
      assert.equal((await clients[0].get(state)).json.state.count, 12);
    });

    it('answers a state that is known already with 304', async () => {
      const state = `${api}/known/state`;
      const headers = { 'if-none-match': await tagOf(state) };
      const known = await clients[0].get(state, headers);
      assert.deepEqual([known.status, known.body.length], [304, 0]);
      await clients[0].patch(state, { state: { hat: 1 } });
      assert.equal((await clients[0].get(state, headers)).status, 200);
    });

    it('reads and sets a session’s state, and tells its clients', async () => {
      const [client] = clients;
      assert.equal((await client.get(`${api}/session/none/state`)).status, 404);
      assert.equal((await client.patch(`${api}/session/none/state`, { state: {} })).status, 404);
      const { session_id } = (await client.post(`${api}/session`, {})).json;
      const path = `${api}/session/${session_id}/state`;
      const old = await tagOf(path);
      const stream = new Stream(services.at(-1).port, `${api}/session/${session_id}/stream`);
      await stream.next((one) => one.event === 'heartbeat');
      const first = await client.patch(path, { state: { slide: 3 } }, { 'if-match': old });
      assert.deepEqual([first.status, first.json.seq, first.json.state], [200, 1, { slide: 3 }]);
      const told = await stream.next((one) => one.event === 'patch');
      assert.deepEqual([told.seq, told.data], [1, { slide: 3 }]);
      await stream.close();
      const late = await client.patch(path, { state: { slide: 4 } }, { 'if-match': old });
      assert.equal(late.status, 412);
      const closed = `${api}/session/${session_id}`;
      assert.equal((await client.delete(closed, { 'if-match': old })).status, 412);
      assert.deepEqual((await client.get(path)).json.state, { slide: 3 });
      const now = { 'if-match': first.headers.etag };
      assert.equal((await client.delete(closed, now)).json.deleted, true);
      assert.equal((await client.delete(closed, now)).status, 412);
      assert.equal((await client.patch(path, { state: 'x' })).status, 422);
    });

    it('refuses a change of a preset that is not as it was read', async () => {
      const [client] = clients;
      await client.post(`${api}/presets`, { name: 'Look', values: { shading: 'flat' } });
      const path = `${api}/presets/look`;
      const old = { 'if-match': await tagOf(path) };
      assert.equal((await client.patch(path, { values: { shading: 'toon' } }, old)).status, 200);
      assert.equal((await client.patch(path, { values: { shading: 'pbr' } }, old)).status, 412);
      assert.equal((await client.delete(path, old)).status, 412);
      assert.equal((await client.get(path)).json.values.shading, 'toon');
      assert.equal((await client.patch(path, { description: 'mine' })).status, 200);
      assert.equal((await client.delete(path)).status, 200);
    });
  });
}
