// Whose things are: every route is asked for what belongs to another key (OWASP API1), on
// SQLite and on PostgreSQL. Also quotas and usage.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';

import {
  Client,
  Stream,
  api,
  silence,
  startOn,
  startPostgres,
  startService,
  until,
} from './service.mjs';

const key = (name) => `${name}-key-0123456789`;
const keys = `anna=${key('anna')},bob=${key('bob')}:write,keeper=${key('keeper')}:admin`;
const headersOf = (name) => ({ authorization: `Bearer ${key(name)}` });
const disposition = 'Content-Disposition: form-data';
const small = { width: 64, height: 64 };

/** Operations that name nothing which belongs to somebody. */
const withoutObjects = new Set([
  ...['getHealth', 'getLiveness', 'getStatus', 'getVersion', 'getApiVersion', 'getInfo'],
  ...['getApiInfo', 'getRoot', 'getDocs', 'getDocsFile', 'getOpenApi', 'getMetrics', 'getUsage'],
  ...['createToken', 'getConfig', 'putConfig', 'attachVoice', 'unattachVoice', 'detachVoice'],
  ...['detachVoiceByPost', 'getVoiceStatus', 'getPhonemes', 'timePhonemes', 'listVisemes'],
  ...['getPerformance', 'getSourceFile', 'uploadAsset', 'setPhonemes'],
]);

for (const database of ['sqlite', 'postgresql']) {
  describe(`owners on ${database}`, () => {
    let service, client, end;
    before(async () => {
      ({ service, client, end } = await startOn(database, { API_KEYS: keys }));
    });
    after(() => end());

    const as = async (name, method, path, options = {}) =>
      client.request(method, path, {
        ...options,
        headers: { ...headersOf(name), ...options.headers },
      });
    const made = async (name, method, path, json) => {
      const answer = await as(name, method, path, { json });
      assert.equal(answer.status, 200, `${path} ${answer.body}`);
      return answer.json;
    };

    /** One of each that `name` makes; `id` is part of all names. */
    async function belongings(name, id) {
      const avatar = { avatar_id: id };
      await made(name, 'PATCH', `${api}/${id}/state`, { state: { hat: 'red' } });
      const audio = await made(name, 'POST', `${api}/lipsync`, { ...avatar, text: 'Mine.' });
      const render = await made(name, 'POST', `${api}/render`, { ...avatar, ...small });
      const preset = await made(name, 'POST', `${api}/presets`, {
        name: id,
        values: { shading: 'flat' },
      });
      const session = await made(name, 'POST', `${api}/session`, avatar);
      const reserved = await as(name, 'POST', `${api}/assets/upload?name=${id}.bin`);
      const model = await as(name, 'POST', `${api}/assets/upload?name=${id}.glb`, {
        body: readFileSync('shared/avatars/vivi.glb'),
      });
      const job = await as(name, 'POST', '/api/v1/jobs', {
        json: { operation: 'render', body: { ...avatar, ...small } },
      });
      assert.equal(job.status, 202);
      const token = await made(name, 'POST', '/api/v1/tokens', {});
      await made(name, 'POST', '/set-phonemes', { audio_url: 'x', phonemes: [{ phoneme: id }] });
      return {
        avatar_id: id,
        audio_id: audio.audio_id,
        audio_url: audio.audio_url,
        frame_url: render.frame_url,
        preset_id: preset.preset_id,
        session_id: session.session_id,
        upload_url: reserved.json.upload_url,
        job_id: job.json.job_id,
        token_id: token.token_id,
        asset_id: model.json.asset_id,
        asset_url: model.json.url,
        asset_name: model.json.name,
      };
    }

    /** For each operation the requests that name somebody's things: [path, options?]. */
    const asking = (own) => {
      const avatar = `${api}/${own.avatar_id}`;
      const { avatar_id, audio_url } = own;
      const json = (body) => ({ json: body });
      const form = {
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
        body: Buffer.concat([
          Buffer.from(`--x\r\n${disposition}; name="avatar_id"\r\n\r\n${avatar_id}\r\n`),
          Buffer.from(`--x\r\n${disposition}; name="audio_file"; filename="a"\r\n\r\n`),
          silence,
          Buffer.from('\r\n--x--\r\n'),
        ]),
      };
      return {
        getState: [[`${avatar}/state`]],
        patchState: [[`${avatar}/state`, json({ state: { hat: 'stolen' } })]],
        deleteAvatar: [[avatar]],
        setEmotion: [[`${api}/emotions`, json({ avatar_id, emotion: 'sad' })]],
        getAvatarEmotion: [[`${avatar}/emotions`]],
        patchAvatarEmotion: [[`${avatar}/emotions`, json({ emotion: 'sad' })]],
        applyAnimation: [[`${avatar}/animations`, json({ animation: 'nod' })]],
        customize: [
          [`${api}/customize`, json({ avatar_id, traits: { emotion: 'sad' }, persist: true })],
          [`${api}/customize`, json({ preset_id: own.preset_id })],
        ],
        selectModel: [
          [`${api}/models/select`, json({ avatar_id, model_id: 'vivi' })],
          [`${api}/models/select`, json({ avatar_id: 'default', model_id: own.asset_id })],
        ],
        attachAvatarVoice: [[`${avatar}/voice/attach`, json({})]],
        unattachAvatarVoice: [[`${avatar}/voice/attach`]],
        detachAvatarVoice: [[`${avatar}/voice/detach`]],
        detachAvatarVoiceByPost: [[`${avatar}/voice/detach`]],
        getAvatarVoiceStatus: [[`${avatar}/voice/status`]],
        addRecording: [
          [`${api}/audios?avatar_id=${avatar_id}`, { body: silence }],
          [`${api}/audios`, form],
        ],
        getAudio: [[`${api}/audios/${own.audio_id}`]],
        getAudioFile: [[audio_url]],
        lipsync: [
          [`${api}/lipsync`, json({ avatar_id, text: 'Hi.' })],
          [`${api}/lipsync`, json({ audio_url })],
        ],
        previewLipsync: [
          [`${api}/lipsync/preview`, json({ avatar_id, text: 'Hi.' })],
          [`${api}/lipsync/preview`, json({ audio_url })],
        ],
        getAvatarPhonemes: [[`${avatar}/phonemes`, json({ text: 'Hi.' })]],
        getRenderFile: [[own.frame_url]],
        render: [
          [`${api}/render`, json({ avatar_id, ...small })],
          [`${api}/render`, json({ audio_url, ...small })],
        ],
        renderAvatar: [
          [`${avatar}/render`, json(small)],
          [`${api}/default/render`, json({ audio_url, ...small })],
        ],
        renderSequence: [
          [`${api}/render/sequence`, json({ avatar_id, ...small })],
          [`${api}/render/sequence`, json({ audio_url, ...small })],
        ],
        getSnapshot: [[`${avatar}/snapshot`]],
        takeSnapshot: [[`${avatar}/snapshot`, json({})]],
        renderLipsync: [
          ['/render/lipsync', json({ avatar_id, text: 'Hi.', ...small })],
          ['/render/lipsync', json({ audio_url, ...small })],
          ['/render/lipsync', json({ text: 'Hi.', model: own.asset_id, ...small })],
        ],
        generate: [
          ['/generate', json({ avatar_id, text: 'Hi.', ...small })],
          ['/generate', json({ audio_url, ...small })],
        ],
        getLoop: [[`${avatar}/loop`]],
        generateFromAudio: [['/generate-from-audio', form]],
        getPreset: [[`${api}/presets/${own.preset_id}`]],
        patchPreset: [[`${api}/presets/${own.preset_id}`, json({ description: 'stolen' })]],
        deletePreset: [[`${api}/presets/${own.preset_id}`]],
        putAssetContent: [[own.upload_url, { body: 'stolen' }]],
        downloadAsset: [[`${api}/assets/download?name=${own.asset_name}`]],
        deleteAsset: [[`${api}/assets/${own.asset_id}`]],
        getAssetFile: [[own.asset_url]],
        getJob: [[`/api/v1/jobs/${own.job_id}`]],
        cancelJob: [[`/api/v1/jobs/${own.job_id}`]],
        revokeToken: [[`/api/v1/tokens/${own.token_id}`]],
        createSession: [[`${api}/session`, json({ avatar_id })]],
        deleteSession: [[`${api}/session/${own.session_id}`]],
        getSessionState: [[`${api}/session/${own.session_id}/state`]],
        patchSessionState: [
          [`${api}/session/${own.session_id}/state`, json({ state: { stolen: true } })],
        ],
        createSignedUrl: [
          ['/api/v1/signed-urls', json({ path: own.frame_url })],
          ['/api/v1/signed-urls', json({ path: audio_url })],
          ['/api/v1/signed-urls', json({ path: own.asset_url })],
        ],
      };
    };
    /** Operations whose answers leave out what is not the caller's. */
    const lists = {
      listAudios: (own) => [`${api}/audios?avatar_id=${own.avatar_id}`, `${api}/audios`],
      listRenders: (own) => [`${api}/renders?avatar_id=${own.avatar_id}`, `${api}/renders`],
      listAssets: (own) => [`${api}/assets?name=${own.asset_name}`, `${api}/assets`],
      searchAssets: (own) => [`${api}/assets/search?q=${own.asset_name}`],
      listJobs: () => ['/api/v1/jobs'],
      listModels: () => [`${api}/models`],
      listPresets: () => [`${api}/presets`],
      getSetPhonemes: () => ['/phonemes'],
    };
    const streams = ['streamAvatar', 'streamSession'];
    const conflicts = ['createPreset'];
    const later = ['createJob'];

    const verbOf = (id) => {
      for (const operations of Object.values(client.document.paths)) {
        for (const [verb, one] of Object.entries(operations)) {
          if (one.operationId === id) return verb.toUpperCase();
        }
      }
      throw new Error(`no operation ${id}`);
    };

    it('knows of every route what it names', () => {
      const known = new Set([
        ...withoutObjects,
        ...Object.keys(asking({})),
        ...Object.keys(lists),
        ...streams,
        ...conflicts,
        ...later,
      ]);
      for (const operations of Object.values(client.document.paths)) {
        for (const { operationId } of Object.values(operations)) {
          assert.ok(known.has(operationId), `${operationId} is asked for nobody's things`);
        }
      }
    });

    it('answers 404 for what is another key’s, at every route, and leaves it as it is', async () => {
      const own = await belongings('anna', 'annas');
      const before = await Promise.all([
        as('anna', 'GET', `${api}/annas/state`),
        as('anna', 'GET', `${api}/presets/annas`),
        as('anna', 'GET', `${api}/session/${own.session_id}/state`),
      ]);
      for (const [id, requests] of Object.entries(asking(own))) {
        for (const [path, options] of requests) {
          const answer = await as('bob', verbOf(id), path, options);
          assert.equal(answer.status, 404, `${id} ${path} ${answer.body}`);
        }
      }
      for (const [id, paths] of Object.entries(lists)) {
        for (const path of paths(own)) {
          const answer = await as('bob', verbOf(id), path);
          assert.equal(answer.status, 200, path);
          const text = answer.body.toString();
          for (const mine of [own.audio_id, own.frame_url, own.asset_id, own.job_id, 'annas']) {
            assert.ok(!text.includes(mine), `${path} shows ${mine}`);
          }
        }
      }
      for (const path of [`${api}/annas/stream`, `${api}/session/${own.session_id}/stream`]) {
        const stream = new Stream(service.port, path, headersOf('bob'));
        assert.match(String(await stream.failed), /404/);
      }
      for (const [operation, body] of [
        ['renderSequence', { avatar_id: 'annas', ...small }],
        ['generate', { audio_url: own.audio_url, ...small }],
      ]) {
        const { json } = await as('bob', 'POST', '/api/v1/jobs', { json: { operation, body } });
        let job;
        await until(async () => {
          job = (await as('bob', 'GET', `/api/v1/jobs/${json.job_id}`)).json;
          return job.state === 'failed';
        });
        assert.equal(job.error.status, 404);
      }
      const taken = await as('bob', 'POST', `${api}/presets`, { json: { name: 'annas' } });
      assert.equal(taken.status, 409);
      const after = await Promise.all([
        as('anna', 'GET', `${api}/annas/state`),
        as('anna', 'GET', `${api}/presets/annas`),
        as('anna', 'GET', `${api}/session/${own.session_id}/state`),
      ]);
      before.forEach(({ headers, json }, i) => {
        assert.deepEqual([after[i].headers.etag, after[i].json], [headers.etag, json]);
      });
      for (const path of [own.audio_url, own.frame_url, own.asset_url]) {
        assert.equal((await as('anna', 'GET', path)).status, 200, path);
      }
      assert.equal((await as('anna', 'PUT', own.upload_url, { body: 'mine' })).status, 200);
      const { json } = await as('anna', 'GET', '/phonemes');
      assert.deepEqual(json.phonemes, [{ phoneme: 'annas' }]);
    });

    it('shows a key’s own things to it, its tokens and admins', async () => {
      const own = await belongings('anna', 'shown');
      const token = await made('anna', 'POST', '/api/v1/tokens', { scope: 'read' });
      const bearers = [key('anna'), key('keeper'), token.token];
      for (const bearer of bearers) {
        const headers = { authorization: `Bearer ${bearer}` };
        for (const path of [
          `${api}/shown/state`,
          `${api}/session/${own.session_id}/state`,
          `${api}/presets/shown`,
          `${api}/audios/${own.audio_id}`,
          own.audio_url,
          own.frame_url,
          own.asset_url,
          `${api}/assets/download?name=${own.asset_name}`,
        ]) {
          assert.equal((await client.get(path, headers)).status, 200, path);
        }
        const { audios } = (await client.get(`${api}/audios?avatar_id=shown`, headers)).json;
        assert.equal(audios.length, 1);
      }
      const signed = await made('anna', 'POST', '/api/v1/signed-urls', { path: own.frame_url });
      assert.equal((await client.get(signed.url)).status, 200);
      const bobs = { authorization: headersOf('bob').authorization };
      assert.equal((await client.get(own.frame_url, bobs)).status, 404);
    });

    it('lets all change what an admin made, and an admin alone delete it', async () => {
      const own = await belongings('keeper', 'common');
      const patched = await as('bob', 'PATCH', `${api}/common/state`, {
        json: { state: { a: 1 } },
      });
      assert.equal(patched.status, 200);
      await made('bob', 'PATCH', `${api}/presets/common`, { description: 'ours' });
      await made('bob', 'POST', `${api}/models/select`, {
        avatar_id: 'bobs',
        model_id: own.asset_id,
      });
      assert.equal((await as('anna', 'GET', own.asset_url)).status, 200);
      for (const path of [
        `${api}/common`,
        `${api}/presets/common`,
        `${api}/assets/${own.asset_id}`,
      ]) {
        const refused = await as('bob', 'DELETE', path);
        assert.equal(refused.status, 403, path);
        assert.match(refused.json.detail, /everybody/);
        assert.equal((await as('keeper', 'DELETE', path)).status, 200, path);
      }
      // What an admin has spoken and drawn is not everybody's.
      assert.equal((await as('bob', 'GET', own.audio_url)).status, 404);
    });

    it('tells watchers of an avatar nothing of one that is another key’s by now', async () => {
      await made('anna', 'PATCH', `${api}/fleeting/state`, { state: {} });
      const stream = new Stream(service.port, `${api}/fleeting/stream`, headersOf('anna'));
      await stream.next((one) => one.event === 'heartbeat');
      await as('anna', 'DELETE', `${api}/fleeting`);
      await stream.next((one) => one.event === 'deleted');
      await made('bob', 'PATCH', `${api}/fleeting/state`, { state: { secret: 1 } });
      await made('anna', 'PATCH', `${api}/other/state`, { state: {} });
      await as('bob', 'DELETE', `${api}/fleeting`);
      await made('anna', 'PATCH', `${api}/fleeting/state`, { state: { mine: 1 } });
      await stream.next((one) => one.changes?.mine === 1);
      assert.ok(!JSON.stringify(stream.messages).includes('secret'));
      await stream.close();
    });

    it('tells each key what it uses, and an admin what all do', async () => {
      const own = (json) => json.usage.map((one) => one.key);
      const bobs = (await as('bob', 'GET', '/api/v1/usage')).json;
      assert.deepEqual(own(bobs), ['bob']);
      const all = (await as('keeper', 'GET', '/api/v1/usage')).json;
      for (const name of ['anna', null]) assert.ok(own(all).includes(name), `${name}`);
      const [first] = (await as('anna', 'GET', '/api/v1/usage')).json.usage;
      const { audios } = (await as('anna', 'GET', `${api}/audios`)).json;
      const mine = [];
      for (const one of audios) {
        if ((await as('bob', 'GET', one.audio_url)).status === 404) mine.push(one);
      }
      assert.equal(first.objects.audios, mine.length);
      assert.equal(
        first.bytes.audios,
        mine.reduce((sum, one) => sum + one.file_size, 0),
      );
    });
  });

  describe(`quotas on ${database}`, () => {
    it('keep a key to its objects and bytes, and lose nothing', async (test) => {
      const postgres = database === 'postgresql' ? await startPostgres() : undefined;
      test.after(() => postgres?.stop());
      const service = await startService({
        API_KEYS: keys,
        MAX_OBJECTS_PER_KEY: '6',
        MAX_STORAGE_PER_KEY: '100000',
        ...(postgres && { DATABASE_URL: await postgres.database() }),
      });
      test.after(() => service.stop());
      const client = await new Client(service.port).open();
      const upload = (name, bytes, who = 'bob') =>
        client.request('POST', `${api}/assets/upload?name=${name}`, {
          body: Buffer.alloc(bytes, name),
          headers: headersOf(who),
        });
      assert.equal((await upload('a', 60_000)).status, 200);
      const large = await upload('b', 60_000);
      assert.equal(large.status, 507);
      assert.match(large.json.detail, /MAX_STORAGE_PER_KEY/);
      assert.equal((await upload('b', 60_000, 'anna')).status, 200);
      assert.equal((await upload('c', 40_000)).status, 200);
      const speech = await client.post(`${api}/lipsync`, { text: 'Hi.' }, headersOf('bob'));
      assert.equal(speech.status, 507);
      const usage = async () => (await client.get('/api/v1/usage', headersOf('bob'))).json.usage[0];
      assert.deepEqual((await usage()).bytes, { renders: 0, audios: 0, assets: 100_000 });
      const answers = [];
      for (let i = 0; i < 6; ++i) {
        const path = `${api}/many${i}/state`;
        answers.push((await client.get(path, headersOf('bob'))).status);
      }
      assert.deepEqual(answers, [200, 200, 200, 200, 507, 507]);
      for (const [path, json] of [
        [`${api}/presets`, { name: 'one more' }],
        [`${api}/session`, {}],
        [`${api}/assets/upload`, undefined],
      ]) {
        const refused = await client.post(path, json, headersOf('bob'));
        assert.equal(refused.status, 507, path);
        assert.match(refused.json.detail, /MAX_OBJECTS_PER_KEY/);
      }
      const stream = new Stream(service.port, `${api}/session/more/stream`, headersOf('bob'));
      const told = await stream.next((one) => one.event === 'error');
      assert.match(told.detail, /MAX_OBJECTS_PER_KEY/);
      await client.delete(`${api}/many0`, headersOf('bob'));
      const room = await client.post(`${api}/presets`, { name: 'one more' }, headersOf('bob'));
      assert.equal(room.status, 200);
    });
  });
}
