// What streams are told when several things happen at once, at several processes, and
// when one of them misses something or is no more.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { clearInterval, setInterval } from 'node:timers';

import { Stream, api, foldersOf, send, startPostgres, startService, until } from './service.mjs';

const quiet = { LOG_LEVEL: 'error' };
const greeted = (one) => one.event === 'heartbeat';

async function join(port, session, query = '') {
  const stream = new Stream(port, `${api}/session/${session}/stream${query}`);
  await stream.next((one) => greeted(one) || one.event === 'error');
  return stream;
}

const patches = (stream) => stream.messages.filter((one) => one.event === 'patch');

for (const database of ['sqlite', 'postgresql']) {
  describe(`sync on ${database}`, () => {
    let postgres, settings, service, other;
    before(async () => {
      postgres = database === 'postgresql' ? await startPostgres() : undefined;
      settings = postgres ? { ...quiet, DATABASE_URL: await postgres.database() } : quiet;
      service = await startService(settings);
      if (postgres) Object.assign(settings, foldersOf(service));
      other = postgres ? await startService(settings) : service;
    });
    after(async () => {
      if (other !== service) await other.stop('SIGKILL');
      await service.stop('SIGKILL');
      await postgres?.stop();
    });

    it('tells an avatar’s changes in order and numbered', async () => {
      const watchers = [service, other].map((one) => new Stream(one.port, `${api}/busy/stream`));
      for (const watcher of watchers) await watcher.next(greeted);
      const first = (await watchers[0].next(greeted)).seq;
      const patch = (i) =>
        send((i % 2 ? service : other).port, 'PATCH', `${api}/busy/state`, {
          json: { state: { [`key${i % 7}`]: i, long: 'x'.repeat(i % 3 ? 10 : 9000) } },
        });
      await Promise.all(Array.from({ length: 120 }, (_, i) => patch(i)));
      const stored = (await send(service.port, 'GET', `${api}/busy/state`)).json.state;
      for (const watcher of watchers) {
        const last = await watcher.next((one) => one.seq === first + 120);
        const seqs = watcher.messages.filter((one) => one.event === 'state').map((one) => one.seq);
        assert.deepEqual(
          seqs,
          Array.from({ length: 120 }, (_, i) => first + 1 + i),
        );
        assert.deepEqual(last.state, stored);
        await watcher.close();
      }
    });

    it('begins a session once, whoever comes first', async () => {
      for (let round = 0; round < 10; ++round) {
        const streams = await Promise.all(
          Array.from({ length: 6 }, (_, i) =>
            join((i % 2 ? service : other).port, `first${round}`, `?client_id=c${i}`),
          ),
        );
        const epochs = streams.map((one) => one.messages.find(greeted)?.epoch);
        assert.ok(epochs[0] > 0);
        assert.deepEqual(epochs, Array(6).fill(epochs[0]));
        for (const stream of streams) await stream.close();
      }
    });

    it('takes operations of equal ids from clients without a name', async () => {
      const [one, two] = [await join(service.port, 'nameless'), await join(other.port, 'nameless')];
      one.say({ type: 'patch', operation_id: 'op', data: { from: 'one' } });
      await two.next((message) => message.seq === 1);
      two.say({ type: 'patch', operation_id: 'op', data: { from: 'two' } });
      await one.next((message) => message.seq === 2);
      two.say({ type: 'patch', operation_id: 'op', data: { from: 'two' } });
      await two.next((message) => message.event === 'applied');
      for (const stream of [one, two]) await stream.close();
    });

    it('ends a deleted session everywhere, and numbers the next one anew', async () => {
      const [here, there] = [await join(service.port, 'brief'), await join(other.port, 'brief')];
      here.say({ type: 'patch', data: { old: true } });
      await there.next((one) => one.seq === 1);
      await send(service.port, 'DELETE', `${api}/session/brief`);
      for (const stream of [here, there]) {
        await stream.next((one) => one.event === 'closed');
        await stream.closed;
      }
      const again = await join(other.port, 'brief', '?since=1');
      const first = await join(service.port, 'brief');
      const greeting = again.messages.find(greeted);
      assert.deepEqual(greeting.state, {});
      await again.next((one) => one.event === 'resync');
      first.say({ type: 'patch', data: { fresh: true } });
      const told = await again.next((one) => one.event === 'patch');
      assert.deepEqual([told.seq, told.data], [1, { fresh: true }]);
      for (const stream of [again, first]) await stream.close();
    });

    it('says where more was missed than is kept', async () => {
      const writer = await join(service.port, 'lengthy');
      for (let i = 1; i <= 1010; ++i) {
        writer.say({ type: 'patch', data: { count: i } });
        if (i % 50 === 0) await writer.next((one) => one.seq === i);
      }
      await writer.next((one) => one.seq === 1010);
      const late = await join(other.port, 'lengthy', '?since=2');
      const resync = await late.next((one) => one.event === 'resync');
      assert.deepEqual([resync.seq, resync.state], [1010, { count: 1010 }]);
      assert.equal(patches(late).length, 0);
      const punctual = await join(other.port, 'lengthy', '?since=1005');
      await punctual.next((one) => one.seq === 1010 && one.event === 'patch');
      assert.equal(patches(punctual).length, 5);
      for (const stream of [writer, late, punctual]) await stream.close();
    });

    it('gives each upload of a name a version of its own', async () => {
      const upload = (i) =>
        send((i % 2 ? service : other).port, 'POST', `${api}/assets/upload?name=same.bin`, {
          body: `content ${i}`,
        });
      const answers = await Promise.all(Array.from({ length: 24 }, (_, i) => upload(i)));
      const versions = answers.map((one) => one.json.version);
      assert.deepEqual(
        versions.sort((one, two) => one - two),
        Array.from({ length: 24 }, (_, i) => i + 1),
      );
    });
  });
}

describe('processes on one PostgreSQL', () => {
  let postgres, settings, service, folders;
  before(async () => {
    postgres = await startPostgres();
    settings = { ...quiet, DATABASE_URL: await postgres.database() };
    service = await startService(settings);
    folders = foldersOf(service);
  });
  after(async () => {
    await service.stop('SIGKILL');
    await postgres.stop();
  });
  const second = async (test) => {
    const one = await startService({ ...settings, ...folders, PGAPPNAME: 'other' });
    test.after(() => one.stop('SIGKILL'));
    return one;
  };
  const sql = (statement) =>
    execFileSync('psql', [settings.DATABASE_URL, '-At', '-c', statement]).toString().trim();

  it('catch up with more events than are kept', async (test) => {
    const other = await second(test);
    const [writer, reader] = [await join(service.port, 'gap'), await join(other.port, 'gap')];
    writer.say({ type: 'patch', data: { count: 0 } });
    await reader.next((one) => one.seq === 1);
    process.kill(other.pid, 'SIGSTOP');
    sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'other'");
    for (let i = 1; i <= 1100; ++i) {
      writer.say({ type: 'patch', data: { count: i } });
      if (i % 50 === 0) await writer.next((one) => one.seq === i + 1);
    }
    process.kill(other.pid, 'SIGCONT');
    const resync = await reader.next((one) => one.event === 'resync');
    assert.deepEqual([resync.seq, resync.state], [1101, { count: 1100 }]);
    writer.say({ type: 'patch', data: { count: 'last' } });
    await reader.next((one) => one.seq === 1102 && one.event === 'patch');
    for (const stream of [writer, reader]) await stream.close();
  });

  it('miss the clients of one that was killed', async (test) => {
    const other = await second(test);
    const kiosk = await join(service.port, 'haunted', '?client_id=kiosk');
    const phone = await join(other.port, 'haunted', '?client_id=phone');
    const isHere = (one) =>
      one.clients?.includes('kiosk') || (one.client_id === 'kiosk' && one.present);
    await phone.next(isHere);
    await kiosk.next((one) => one.client_id === 'phone' && one.present);
    await other.stop('SIGKILL');
    await kiosk.next((one) => one.client_id === 'phone' && one.present === false);
    const late = await join(service.port, 'haunted', '?client_id=late');
    assert.deepEqual(late.messages.find(greeted).clients, ['kiosk', 'late']);
    for (const stream of [kiosk, late]) await stream.close();
  });

  it('end well while others tell them things', async () => {
    const writer = await join(service.port, 'chatty');
    let count = 0;
    const chatter = setInterval(() => writer.say({ type: 'patch', data: { n: ++count } }), 10);
    try {
      for (let i = 0; i < 5; ++i) {
        const other = await startService({ ...settings, ...folders });
        const reader = await join(other.port, 'chatty');
        await reader
          .next((one) => one.event === 'patch')
          .catch((error) => {
            const last = JSON.stringify(writer.messages.slice(-2));
            throw new Error(`${error.message}; the writer (${writer.socket.readyState}): ${last}`);
          });
        assert.equal(await other.stop(), 0);
        await reader.closed;
      }
    } finally {
      clearInterval(chatter);
      await writer.close();
    }
  });

  it('answer while the database hangs, and go on when it does', async () => {
    const patch = () =>
      send(service.port, 'PATCH', `${api}/hung/state`, { json: { state: { a: 1 } } });
    assert.equal((await patch()).status, 200);
    const pids = postgres.pids();
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    try {
      assert.equal((await patch()).status, 503);
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    }
    await until(async () => (await patch()).status === 200);
  });
});
