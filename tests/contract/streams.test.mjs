// Streams of avatars and sessions: first words, silence, order, replay.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { Client, Stream, api, foldersOf, startPostgres, startService } from './service.mjs';

for (const database of ['sqlite', 'postgresql']) {
  describe(`streams on ${database}`, () => {
    let postgres, service, other, client;
    before(async () => {
      postgres = database === 'postgresql' ? await startPostgres() : undefined;
      const settings = postgres ? { DATABASE_URL: await postgres.database() } : {};
      service = await startService(settings);
      // SQLite belongs to one process; PostgreSQL is shared.
      other = postgres ? await startService({ ...settings, ...foldersOf(service) }) : service;
      client = await new Client(service.port).open();
    });
    after(async () => {
      if (other !== service) await other.stop();
      await service.stop();
      await postgres?.stop();
    });

    it('greets an avatar’s watcher, then tells what happens', async () => {
      const stream = new Stream(service.port, `${api}/watched/stream`);
      await stream.next((one) => one.event === 'heartbeat');
      assert.deepEqual(
        stream.messages.map(({ avatar_id, event }) => ({ avatar_id, event })),
        [
          { avatar_id: 'watched', event: 'connected' },
          { avatar_id: 'watched', event: 'heartbeat' },
        ],
      );
      assert.equal(stream.messages[1].state.emotion, 'neutral');
      assert.ok(stream.messages.every((one) => !one.isBinary));
      await client.patch(`${api}/watched/state`, { state: { hat: 'red' } });
      const told = await stream.next((one) => one.event === 'state');
      assert.equal(told.state.hat, 'red');
      await client.post(`${api}/emotions`, { avatar_id: 'watched', emotion: 'happy' });
      await stream.next((one) => one.event === 'emotion' && one.changes.emotion === 'happy');
      await stream.close();
    });

    it('tells watchers at another process', async () => {
      const stream = new Stream(other.port, `${api}/shared/stream`);
      await stream.next((one) => one.event === 'heartbeat');
      await client.patch(`${api}/shared/state`, { state: { seen: 'everywhere' } });
      const told = await stream.next((one) => one.event === 'state');
      assert.equal(told.changes.seen, 'everywhere');
      await stream.close();
    });

    it('accepts an unknown session, and is silent while nothing happens', async () => {
      const stream = new Stream(service.port, `${api}/session/unknown/stream`);
      await stream.next((one) => one.event === 'heartbeat');
      assert.deepEqual(
        stream.messages.map(({ session_id, event }) => ({ session_id, event })),
        [
          { session_id: 'unknown', event: 'connected' },
          { session_id: 'unknown', event: 'heartbeat' },
        ],
      );
      await sleep(2200);
      assert.equal(stream.messages.length, 2);
      await stream.close();
      const { json } = await client.delete(`${api}/session/unknown`);
      assert.equal(json.deleted, true);
    });

    it('numbers patches, tells them to all in order, and applies each once', async () => {
      const path = `${api}/session/room/stream`;
      const kiosk = new Stream(service.port, `${path}?client_id=kiosk`);
      await kiosk.next((one) => one.event === 'heartbeat');
      const phone = new Stream(other.port, `${path}?client_id=phone`);
      await phone.next((one) => one.event === 'heartbeat');
      for (let i = 1; i <= 20; ++i) {
        (i % 2 ? kiosk : phone).say({
          type: 'patch',
          operation_id: `op${i}`,
          data: { [`key${i % 3}`]: i },
        });
      }
      phone.say({ type: 'patch', operation_id: 'op20', data: { key2: 'twice' } });
      await phone.next((one) => one.event === 'applied' && one.operation_id === 'op20');
      for (const stream of [kiosk, phone]) {
        await stream.next((one) => one.seq === 20 && one.event === 'patch');
        const patches = stream.messages.filter((one) => one.event === 'patch');
        assert.deepEqual(
          patches.map((one) => one.seq),
          Array.from({ length: 20 }, (_, i) => i + 1),
        );
      }
      kiosk.say({ type: 'speech', data: { text: 'Hello' } });
      const speech = await phone.next((one) => one.event === 'speech');
      assert.equal(speech.data.text, 'Hello');
      assert.equal(speech.client_id, 'kiosk');
      await kiosk.close();
      const gone = await phone.next((one) => one.event === 'presence' && !one.present);
      assert.equal(gone.client_id, 'kiosk');
      await phone.close();
    });

    it('lets everybody know who is there, also from another process', async () => {
      const path = `${api}/session/hall/stream`;
      const kiosk = new Stream(service.port, `${path}?client_id=kiosk`);
      await kiosk.next((one) => one.event === 'heartbeat');
      const phone = new Stream(other.port, `${path}?client_id=phone`);
      const isThere = (name) => (one) =>
        one.clients?.includes(name) || (one.client_id === name && one.present);
      await phone.next(isThere('kiosk'));
      await kiosk.next(isThere('phone'));
      await kiosk.close();
      await phone.next((one) => one.client_id === 'kiosk' && !one.present);
      await phone.close();
    });

    it('replays what a client missed', async () => {
      const path = `${api}/session/replay/stream`;
      const first = new Stream(service.port, `${path}?client_id=a`);
      await first.next((one) => one.event === 'heartbeat');
      for (let i = 1; i <= 5; ++i) first.say({ type: 'patch', data: { count: i } });
      await first.next((one) => one.seq === 5);
      const late = new Stream(other.port, `${path}?since=2`);
      await late.next((one) => one.seq === 5 && one.event === 'patch');
      const patches = late.messages.filter((one) => one.event === 'patch');
      assert.deepEqual(
        patches.map((one) => [one.seq, one.data.count]),
        [
          [3, 3],
          [4, 4],
          [5, 5],
        ],
      );
      const fresh = new Stream(service.port, path);
      const greeting = await fresh.next((one) => one.event === 'heartbeat');
      assert.deepEqual(greeting.state, { count: 5 });
      for (const stream of [first, late, fresh]) await stream.close();
    });

    it('keeps sessions apart, and ends the streams of a deleted one', async () => {
      const { json: made } = await client.post(`${api}/session`, {});
      const one = new Stream(service.port, `${api}/session/${made.session_id}/stream`);
      const two = new Stream(service.port, `${api}/session/elsewhere/stream`);
      for (const stream of [one, two])
        await stream.next((message) => message.event === 'heartbeat');
      one.say({ type: 'patch', data: { only: 'here' } });
      await one.next((message) => message.seq === 1);
      await client.delete(`${api}/session/${made.session_id}`);
      await one.next((message) => message.event === 'closed');
      await one.closed;
      await sleep(200);
      assert.equal(two.messages.length, 2);
      await two.close();
    });

    it('answers what it does not understand, and stays', async () => {
      const stream = new Stream(service.port, `${api}/session/errors/stream`);
      await stream.next((one) => one.event === 'heartbeat');
      for (const wrong of ['not json', '[]', '{"type":"dance"}', '{"type":"patch","data":1}']) {
        const from = stream.messages.length;
        stream.say(wrong);
        const answer = await stream.next((one) => one.event === 'error', from);
        assert.equal(typeof answer.detail, 'string');
      }
      stream.say({ type: 'ping' });
      await stream.next((one) => one.event === 'pong');
      await stream.close();
    });

    it('ends a stream whose client sends a message of more than 64 KiB', async () => {
      const path = `${api}/session/large/stream`;
      const send = [
        (socket) => socket.send('x'.repeat(65_537)),
        (socket) => {
          socket.send('x'.repeat(40_000), { fin: false });
          socket.send('x'.repeat(40_000), { fin: true });
        },
        // The head of a frame of 15 MiB, of which nothing comes.
        (socket) => socket._socket.write(Buffer.from('81ff0000000000f0000001020304', 'hex')),
      ];
      for (const too_much of send) {
        const stream = new Stream(service.port, path);
        const closed = once(stream.socket, 'close');
        await stream.next((one) => one.event === 'heartbeat');
        too_much(stream.socket);
        const [code, reason] = await closed;
        assert.equal(code, 1009);
        assert.match(reason.toString(), /65536/);
      }
      const stream = new Stream(service.port, path);
      await stream.next((one) => one.event === 'heartbeat');
      stream.say(JSON.stringify({ type: 'ping', data: {} }).padEnd(65_536));
      await stream.next((one) => one.event === 'pong');
      await stream.close();
    });

    it('refuses what is no WebSocket', async () => {
      const answer = await client.get(`${api}/someone/stream`);
      assert.equal(answer.status, 426);
    });
  });
}
