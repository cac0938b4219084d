// Jobs: each way for one to end, what survives the end of the process, and who does
// them where there are two. None is lost, none is done twice, nothing is left behind.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import {
  api,
  childrenOf,
  encoders,
  foldersOf,
  framesOf,
  send,
  startOn,
  startPostgres,
  startService,
  until,
} from './service.mjs';

const jobs = '/api/v1/jobs';
const quiet = { LOG_LEVEL: 'error' };
const small = { width: 64, height: 64 };
const text = 'A film goes on, sentence after sentence. ';
/** One that is at work for a while, one that is not waited for, and what is soon done. */
const film = { operation: 'generate', body: { text: text.repeat(2), ...small } };
const long = { operation: 'generate', body: { text: text.repeat(500), ...small } };
const short = { operation: 'render', body: { format: 'mp4', duration: 0.2, ...small } };
const picture = { operation: 'render', body: { format: 'webp', ...small } };

async function serve(test, settings, folder) {
  const service = await startService({ ...quiet, ...settings }, folder);
  test.after(() => service.stop('SIGKILL'));
  return service;
}

function emptyFolder(test) {
  const folder = mkdtempSync(join(tmpdir(), 'vivavox-jobs-'));
  test.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function begin(service, json, headers) {
  const answer = await send(service.port, 'POST', jobs, { json, headers });
  assert.equal(answer.status, 202, answer.body.toString());
  return answer.json;
}

const look = async (service, { job_id }) =>
  (await send(service.port, 'GET', `${jobs}/${job_id}`)).json;

async function comesTo(service, job, ...states) {
  let seen;
  await until(async () => states.includes((seen = await look(service, job)).state), 300_000);
  return seen;
}

/** Until its film is being encoded. */
async function isShot(service, job) {
  await comesTo(service, job, 'running');
  await until(() => encoders(service).length === 1);
}

const filesIn = (service) =>
  readdirSync(join(service.folder, 'data/renders'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== '.vivavox')
    .map((entry) => entry.name);

for (const database of ['sqlite', 'postgresql']) {
  describe(`jobs on ${database}`, () => {
    let service, client, end;
    before(async () => {
      ({ service, client, end } = await startOn(database, quiet));
    });
    after(() => end('SIGKILL'));

    it('does a film as a job, and tells how far it is', async () => {
      const answer = await client.post(jobs, film);
      assert.equal(answer.status, 202);
      const job = answer.json;
      assert.equal(answer.headers.location, `${jobs}/${job.job_id}`);
      assert.deepEqual([job.urls, job.result, job.error], [[], null, null]);
      await until(async () => {
        const { state, progress } = (await client.get(answer.headers.location)).json;
        return state === 'running' && progress.frames_done > 0;
      });
      const { progress, urls, result } = await comesTo(service, job, 'done');
      assert.deepEqual(urls, [result.video_url]);
      const file = await client.get(urls[0]);
      assert.equal(file.headers['content-type'], 'video/webm');
      assert.equal(framesOf(file.body), progress.frames_done);
      assert.equal(progress.frames_expected, progress.frames_done);
      const spoken = await client.post(`${api}/phonemes`, { text: film.body.text });
      // With a quarter of a second before the first sound, and 0.35 after the last.
      const film_s = spoken.json.duration + 0.6;
      assert.equal(progress.frames_done, Math.ceil(film_s * 30 - 1e-6));
    });

    it('gives as result what a direct call answers', async () => {
      for (const { operation, path, body } of [
        { operation: 'render', path: `${api}/render`, body: { ...small, format: 'webp' } },
        { operation: 'render', path: `${api}/render`, body: short.body },
        {
          operation: 'renderSequence',
          path: `${api}/render/sequence`,
          body: { frames: 3, ...small },
        },
        { operation: 'renderLipsync', path: '/render/lipsync', body: { text: 'Yes.', ...small } },
      ]) {
        const direct = await client.post(path, body);
        const { result, urls } = await comesTo(
          service,
          await begin(service, { operation, body }),
          'done',
        );
        assert.deepEqual(Object.keys(result).sort(), Object.keys(direct.json).sort());
        for (const url of urls) assert.equal((await client.get(url)).status, 200);
        assert.equal(urls.length, operation === 'renderSequence' ? 3 : 1);
      }
    });

    it('films a stored recording as a job, as the direct call does', async () => {
      const { audio_url } = (await client.post(`${api}/lipsync`, { text: 'Yes, we can.' })).json;
      const job = (body) => begin(service, { operation: 'generateFromAudio', body });
      const spans = [{ phoneme: 'AA', start: 0, end: 0.2 }];
      for (const body of [{}, { phonemes: spans }, { text: 'Yes, we can.' }]) {
        const asked = { audio_url, ...small, ...body };
        const direct = await client.post('/generate-from-audio', asked);
        assert.equal(direct.status, 200, direct.body.toString());
        const { urls, result } = await comesTo(service, await job(asked), 'done');
        assert.deepEqual(urls, [result.video_url]);
        const file = await client.get(urls[0]);
        assert.equal(file.headers['content-type'], 'video/mp4');
        assert.equal(framesOf(file.body), framesOf(direct.body));
      }
      const { error } = await comesTo(service, await job({ audio_url: '/audios/none' }), 'failed');
      assert.equal(error.name, 'not_found');
      assert.equal((await client.post('/generate-from-audio', { text: 'Hi.' })).status, 422);
    });

    it('fails with the error of a direct call', async () => {
      const body = { audio_url: '/audios/nobody.wav', ...small };
      const direct = await client.post('/generate', body);
      const { error, urls } = await comesTo(
        service,
        await begin(service, { operation: 'generate', body }),
        'failed',
      );
      assert.deepEqual([error.status, error.detail], [direct.status, direct.json.detail]);
      assert.equal(error.name, 'not_found');
      assert.deepEqual(urls, []);
    });

    it('refuses what it would not do, and says where', async () => {
      const refused = async (json, place) => {
        const answer = await client.post(jobs, json);
        assert.equal(answer.status, 422);
        assert.deepEqual(answer.json.detail[0].loc, place);
      };
      await refused({}, ['body', 'operation']);
      await refused({ operation: 'getHealth', body: {} }, ['body', 'operation']);
      await refused({ operation: 'render', body: [] }, ['body', 'body']);
      await refused({ operation: 'render', body: { width: 1 } }, ['body', 'body', 'width']);
      assert.equal((await client.get(`${jobs}/nobody`)).status, 404);
      assert.equal((await client.delete(`${jobs}/nobody`)).status, 404);
    });

    it('makes one job of a request that is sent again with its Idempotency-Key', async () => {
      const headers = { 'idempotency-key': '"8e03978e-40d5-43dd-bc93-6894a57f9324"' };
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => client.post(jobs, short, headers)),
      );
      assert.deepEqual([...new Set(answers.map((one) => one.status))], [202]);
      assert.equal(new Set(answers.map((one) => one.json.job_id)).size, 1);
      await comesTo(service, answers[0].json, 'done');
      assert.equal((await client.post(jobs, short, headers)).json.job_id, answers[0].json.job_id);
      const other = await client.post(jobs, long, headers);
      assert.equal(other.status, 422);
      assert.match(other.json.detail[0].msg, /Idempotency-Key/);
      for (const key of ['', 'a b', 'x'.repeat(201)]) {
        assert.equal((await client.post(jobs, short, { 'idempotency-key': key })).status, 422);
      }
    });

    it('cancels what waits and what runs, and leaves nothing of it', async () => {
      const before = filesIn(service).sort();
      // Two are done at a time.
      const [first, second, waiting] = [
        await begin(service, long),
        await begin(service, long),
        await begin(service, long),
      ];
      await comesTo(service, first, 'running');
      await comesTo(service, second, 'running');
      await until(() => encoders(service).length === 2);
      assert.equal((await look(service, waiting)).state, 'queued');
      for (const job of [waiting, first, second]) {
        assert.equal((await client.delete(`${jobs}/${job.job_id}`)).json.state, 'cancelled');
      }
      await until(() => encoders(service).length === 0);
      await until(() => filesIn(service).length === before.length);
      assert.deepEqual(filesIn(service).sort(), before);
      for (const job of [first, second, waiting]) {
        const { state, urls, error, ended_at } = await look(service, job);
        assert.deepEqual([state, urls, error], ['cancelled', [], null]);
        assert.ok(ended_at);
      }
      const done = await comesTo(service, await begin(service, short), 'done');
      assert.equal((await client.delete(`${jobs}/${done.job_id}`)).json.state, 'done');
    });

    it('leaves no picture of a sequence that is cancelled', async () => {
      const before = filesIn(service).sort();
      const body = { frames: 600, width: 512, height: 512 };
      const job = await begin(service, { operation: 'renderSequence', body });
      await until(async () => (await look(service, job)).progress.frames_done > 2);
      assert.equal((await look(service, job)).progress.frames_expected, 600);
      assert.ok(filesIn(service).length > before.length);
      await client.delete(`${jobs}/${job.job_id}`);
      await until(() => filesIn(service).length === before.length);
      assert.deepEqual(filesIn(service).sort(), before);
    });

    it('lists jobs by cursor, each once, while others are begun', async () => {
      const mine = [];
      for (let i = 0; i < 7; ++i) mine.push((await begin(service, picture)).job_id);
      const seen = [];
      for (let next; next !== null;) {
        const page = (await client.get(`${jobs}?limit=2${next ? `&cursor=${next}` : ''}`)).json;
        assert.ok(page.jobs.length <= 2);
        seen.push(...page.jobs.map((one) => one.job_id));
        next = page.next;
        await begin(service, picture);
      }
      assert.equal(new Set(seen).size, seen.length);
      for (const id of mine) assert.ok(seen.includes(id));
      assert.deepEqual(seen.slice(0, 7), mine.reverse());
      for (const cursor of ['x', '-', `zz-${'0'.repeat(32)}`, `1-${'0'.repeat(31)}`]) {
        assert.equal((await client.get(`${jobs}?cursor=${cursor}`)).status, 400);
      }
      const failed = (await client.get(`${jobs}?state=failed`)).json.jobs;
      assert.ok(failed.length > 0 && failed.every((one) => one.state === 'failed'));
    });
  });
}

it('refuses more than MAX_JOBS', async (test) => {
  const service = await serve(test, { MAX_JOBS: '3' });
  for (let i = 0; i < 3; ++i) await begin(service, long);
  const refused = await send(service.port, 'POST', jobs, { json: long });
  assert.equal(refused.status, 503);
  assert.match(refused.json.detail, /MAX_JOBS/);
  assert.ok(refused.headers['retry-after']);
  assert.equal(await service.stop(), 0);
});

it('fails a job that makes no progress for MAX_RENDER_TIME', async (test) => {
  const service = await serve(test, { MAX_RENDER_TIME: '10' });
  const job = await begin(service, long);
  await isShot(service, job);
  process.kill(encoders(service)[0], 'SIGSTOP');
  const { error } = await comesTo(service, job, 'failed');
  assert.deepEqual([error.name, error.status], ['cancelled', 503]);
  assert.match(error.detail, /MAX_RENDER_TIME/);
  await until(() => encoders(service).length === 0);
  assert.deepEqual(filesIn(service), []);
});

it('fails a job whose encoder died', async (test) => {
  const service = await serve(test);
  const job = await begin(service, long);
  await isShot(service, job);
  process.kill(encoders(service)[0], 'SIGKILL');
  const { error } = await comesTo(service, job, 'failed');
  assert.deepEqual([error.name, error.status], ['encoder_failed', 500]);
  assert.deepEqual(filesIn(service), []);
  const tells = (line) => line.includes(job.job_id) && line.includes('ffmpeg');
  await until(() => service.log.some(tells));
});

it('fails a job where there is no Vulkan', async (test) => {
  const nowhere = { VK_ICD_FILENAMES: '/nowhere', VK_DRIVER_FILES: '/nowhere' };
  const service = await serve(test, nowhere);
  const { error } = await comesTo(service, await begin(service, short), 'failed');
  assert.deepEqual([error.name, error.status], ['renderer_unavailable', 503]);
});

it('does a job again that was at work when the service was told to end', async (test) => {
  const folder = emptyFolder(test);
  const first = await serve(test, {}, folder);
  const job = await begin(first, film);
  const waiting = await begin(first, short);
  await isShot(first, job);
  const children = childrenOf(first.pid);
  assert.equal(await first.stop(), 0);
  for (const pid of children) assert.ok(!existsSync(`/proc/${pid}`));
  assert.ok(filesIn(first).length <= 1);
  const second = await serve(test, {}, folder);
  const { urls, progress } = await comesTo(second, job, 'done');
  const file = await send(second.port, 'GET', urls[0]);
  assert.equal(framesOf(file.body), progress.frames_done);
  await comesTo(second, waiting, 'done');
  assert.equal(filesIn(second).length, 2);
});

it('does a job again whose process was killed, but not for ever', async (test) => {
  const folder = emptyFolder(test);
  let service = await serve(test, {}, folder);
  const unlucky = await begin(service, long);
  for (let kills = 0; kills < 3; ++kills) {
    await comesTo(service, unlucky, 'running');
    await service.stop('SIGKILL');
    service = await serve(test, {}, folder);
  }
  const { error } = await comesTo(service, unlucky, 'failed');
  assert.deepEqual([error.name, error.status], ['interrupted', 500]);
  const lucky = await begin(service, short);
  await service.stop('SIGKILL');
  service = await serve(test, {}, folder);
  const { urls } = await comesTo(service, lucky, 'done');
  assert.equal((await send(service.port, 'GET', urls[0])).status, 200);
});

it('remembers an Idempotency-Key after a restart', async (test) => {
  const folder = emptyFolder(test);
  const headers = { 'idempotency-key': 'once' };
  const first = await serve(test, {}, folder);
  const job = await begin(first, short, headers);
  await first.stop('SIGKILL');
  const second = await serve(test, {}, folder);
  assert.equal((await begin(second, short, headers)).job_id, job.job_id);
});

it('keeps the Idempotency-Keys of different API keys apart', async (test) => {
  const keys = ['a-key-0123456789abc', 'b-key-0123456789abc'];
  const service = await serve(test, { API_KEYS: keys.join(',') });
  const ids = [];
  for (const key of [...keys, ...keys]) {
    ids.push((await begin(service, short, { 'x-api-key': key, 'idempotency-key': 'k' })).job_id);
  }
  assert.equal(ids[0], ids[2]);
  assert.equal(ids[1], ids[3]);
  assert.notEqual(ids[0], ids[1]);
});

describe('two processes on PostgreSQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vivavox-jobs-'));
  let postgres, one, other;
  before(async () => {
    postgres = await startPostgres();
    const settings = { ...quiet, DATABASE_URL: await postgres.database() };
    one = await startService(settings, folder);
    other = await startService({ ...settings, ...foldersOf(one) });
  });
  after(async () => {
    await other.stop('SIGKILL');
    await one.stop('SIGKILL');
    await postgres.stop();
    rmSync(folder, { recursive: true });
  });

  it('do each job once', async () => {
    const begun = await Promise.all(
      Array.from({ length: 16 }, (_, i) =>
        begin(i % 2 ? one : other, { ...short, body: { ...short.body, seed: i } }),
      ),
    );
    const files = [];
    for (const job of begun) files.push(...(await comesTo(one, job, 'done')).urls);
    assert.equal(new Set(files).size, 16);
    const { renders } = (await send(other.port, 'GET', `${api}/renders?limit=1000`)).json;
    assert.deepEqual(renders.map((render) => render.frame_url).sort(), files.sort());
  });

  it('cancel each other’s jobs', async () => {
    const begun = [];
    for (let i = 0; i < 4; ++i) begun.push(await begin(one, long));
    await until(() => encoders(one).length + encoders(other).length === 4);
    for (const job of begun) await send(other.port, 'DELETE', `${jobs}/${job.job_id}`);
    await until(() => encoders(one).length + encoders(other).length === 0);
    for (const job of begun) assert.equal((await look(one, job)).state, 'cancelled');
  });

  it('take over what a process began that was killed', async () => {
    const begun = [];
    for (let i = 0; i < 4; ++i) begun.push(await begin(one, film));
    await until(() => encoders(one).length + encoders(other).length === 4);
    await one.stop('SIGKILL');
    for (const job of begun) {
      const { urls } = await comesTo(other, job, 'done');
      assert.equal(existsSync(join(one.folder, 'data', urls[0])), true);
    }
  });
});
