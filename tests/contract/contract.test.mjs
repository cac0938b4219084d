// The HTTP API against the built service, on SQLite and on PostgreSQL: each
// answer is also held against the OpenAPI document.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { traitAvatar } from '../trait_avatar.mjs';
import { api, startOn, until } from './service.mjs';

const vivi = readFileSync('shared/avatars/vivi.glb');

/** Every path of the API with a method that it does not have. */
const wrongMethods = [
  ['PUT', `${api}/x/state`],
  ['GET', `${api}/emotions`],
  ['DELETE', `${api}/x/emotions`],
  ['GET', `${api}/x/animations`],
  ['GET', `${api}/customize`],
  ['POST', `${api}/models`],
  ['GET', `${api}/models/select`],
  ['GET', `${api}/lipsync`],
  ['GET', `${api}/lipsync/preview`],
  ['GET', `${api}/phonemes`],
  ['GET', `${api}/x/phonemes`],
  ['GET', `${api}/phonemes/timing`],
  ['POST', `${api}/visemes`],
  ['GET', `${api}/voice/attach`],
  ['GET', `${api}/voice/detach`],
  ['POST', `${api}/voice/status`],
  ['GET', `${api}/x/voice/attach`],
  ['PUT', `${api}/audios`],
  ['GET', `${api}/render`],
  ['GET', `${api}/x/render`],
  ['GET', `${api}/render/sequence`],
  ['PUT', `${api}/x/snapshot`],
  ['POST', `${api}/x/loop`],
  ['POST', `${api}/renders`],
  ['POST', `${api}/performance`],
  ['GET', '/render/lipsync'],
  ['GET', '/generate'],
  ['GET', '/generate-from-audio'],
  ['GET', '/set-phonemes'],
  ['POST', '/phonemes'],
  ['PUT', `${api}/presets`],
  ['POST', `${api}/presets/default`],
  ['POST', `${api}/config`],
  ['POST', `${api}/assets`],
  ['POST', `${api}/assets/search`],
  ['GET', `${api}/assets/upload`],
  ['POST', `${api}/assets/download`],
  ['PUT', '/api/v1/jobs'],
  ['POST', '/api/v1/jobs/x'],
  ['GET', `${api}/session`],
  ['GET', `${api}/session/x`],
  ['PUT', `${api}/session/x/state`],
  ['POST', '/health'],
  ['POST', `${api}/status`],
  ['POST', '/version'],
  ['POST', '/info'],
  ['POST', '/docs'],
  ['POST', '/openapi.json'],
  ['POST', '/metrics'],
  ['GET', '/api/v1/tokens'],
  ['GET', '/api/v1/signed-urls'],
  ['POST', '/api/v1/usage'],
];

/** Bodies of the wrong type, out of bounds or without what is required: all 422. */
const invalid = [
  ['PATCH', `${api}/x/state`, { state: 'happy' }],
  ['PATCH', `${api}/x/state`, { state: [1] }],
  ['POST', `${api}/emotions`, { emotion: 'happy' }],
  ['POST', `${api}/emotions`, { avatar_id: 7 }],
  ['POST', `${api}/emotions`, { avatar_id: 'x', intensity: 1.5 }],
  ['POST', `${api}/emotions`, { avatar_id: 'x', intensity: -0.1 }],
  ['POST', `${api}/emotions`, { avatar_id: 'x', intensity: 'much' }],
  ['PATCH', `${api}/x/emotions`, { intensity: 2 }],
  ['POST', `${api}/x/animations`, { animation: 5 }],
  ['POST', `${api}/x/animations`, { animation: 'wave', loop: 'perhaps' }],
  ['POST', `${api}/x/animations`, { animation: 'wave', intensity: 7 }],
  ['POST', `${api}/customize`, { traits: 'blue' }],
  ['POST', `${api}/models/select`, { avatar_id: 'x' }],
  ['POST', `${api}/models/select`, { model_id: 'x' }],
  ['POST', `${api}/lipsync`, {}],
  ['POST', `${api}/lipsync`, { text: 5 }],
  ['POST', `${api}/lipsync`, { text: 'hi', sample_rate: 7999 }],
  ['POST', `${api}/lipsync`, { text: 'hi', sample_rate: 48001 }],
  ['POST', `${api}/lipsync`, { text: 'hi', sample_rate: 'high' }],
  ['POST', `${api}/lipsync/preview`, { text: ['hi'] }],
  ['POST', `${api}/phonemes`, {}],
  ['POST', `${api}/phonemes`, { text: 1 }],
  ['POST', `${api}/phonemes`, { text: 'hi', sample_rate: 1.5 }],
  ['POST', `${api}/phonemes`, { text: 'hi', language: 'no such language' }],
  ['POST', `${api}/x/phonemes`, { text: null }],
  ['POST', `${api}/phonemes/timing`, { phonemes: 'HH AH', audio_duration: 1 }],
  ['POST', `${api}/phonemes/timing`, { phonemes: [1], audio_duration: 1 }],
  ['POST', `${api}/phonemes/timing`, { phonemes: ['HH'] }],
  ['POST', `${api}/phonemes/timing`, { phonemes: ['HH'], audio_duration: -1 }],
  ['POST', `${api}/render`, { width: 63 }],
  ['POST', `${api}/render`, { height: 4097 }],
  ['POST', `${api}/render`, { width: 'wide' }],
  ['POST', `${api}/render`, { seed: -1 }],
  ['POST', `${api}/render`, { quality: 'best' }],
  ['POST', `${api}/render`, { shading: 'wood' }],
  ['POST', `${api}/render`, { lighting: 'candle' }],
  ['POST', `${api}/render`, { format: 7 }],
  ['POST', `${api}/x/render`, { width: 1.5 }],
  ['POST', `${api}/render/sequence`, { frames: 0 }],
  ['POST', `${api}/render/sequence`, { frames: 'three' }],
  ['POST', `${api}/x/snapshot`, { note: 5 }],
  ['POST', `${api}/x/snapshot`, { resolution: 10 }],
  ['POST', '/render/lipsync', { text: 5 }],
  ['POST', '/render/lipsync', { phonemes: 'HH' }],
  ['POST', '/render/lipsync', {}],
  ['POST', '/generate', {}],
  ['POST', '/generate', { text: 5 }],
  ['POST', '/generate', { text: 'Hi.', format: 'gif' }],
  ['POST', '/generate', { text: 'Hi.', loop_at_s: -1 }],
  ['GET', `${api}/x/loop?width=63`],
  ['GET', `${api}/x/loop?intensity=2`],
  ['POST', `${api}/presets`, {}],
  ['POST', `${api}/presets`, { name: 5 }],
  ['POST', `${api}/presets`, { name: 'x', values: 'y' }],
  ['PATCH', `${api}/presets/default`, { values: [] }],
  ['PUT', `${api}/config`, { quality: 'best' }],
  ['PUT', `${api}/config`, { fps: 'fast' }],
  ['PUT', `${api}/config`, { shading: 3 }],
  ['POST', `${api}/session`, { ttl_seconds: 59 }],
  ['POST', `${api}/session`, { ttl_seconds: 86401 }],
  ['POST', `${api}/session`, { metadata: 'x' }],
  ['PATCH', `${api}/session/x/state`, { state: 'slide' }],
  ['GET', `${api}/audios?limit=none`],
  ['GET', `${api}/audios?limit=0`],
  ['GET', `${api}/renders?limit=100000`],
  ['GET', `${api}/assets/download`],
  ['POST', `${api}/emotions`, 'not an object'],
];

for (const database of ['sqlite', 'postgresql']) {
  describe(`the API on ${database}`, () => {
    let client, end;
    before(async () => {
      ({ client, end } = await startOn(database));
    });
    after(async () => {
      assert.equal(await end(), 0);
    });

    it('answers a wrong method with 405 and those it has', async () => {
      for (const [method, path] of wrongMethods) {
        const answer = await client.request(method, path, {
          json: method === 'GET' ? undefined : {},
        });
        assert.equal(answer.status, 405, `${method} ${path}`);
        assert.ok(answer.headers.allow && !answer.headers.allow.split(', ').includes(method), path);
      }
    });

    it('answers what is invalid with 422 and the place', async () => {
      for (const [method, path, json] of invalid) {
        const answer = await client.request(method, path, { json });
        assert.equal(answer.status, 422, `${method} ${path} ${JSON.stringify(json)}`);
        for (const one of answer.json.detail) {
          assert.ok(Array.isArray(one.loc) && one.msg && one.type, answer.body.toString());
        }
      }
      const broken = await client.request('POST', `${api}/emotions`, { body: '{"avatar_id":' });
      assert.equal(broken.status, 422);
    });

    it('answers what is not there with 404', async () => {
      for (const path of [
        '/nothing',
        `${api}/presets/nothing`,
        `${api}/assets/download?name=nothing`,
        '/audios/nothing.wav',
        '/renders/nothing.png',
      ]) {
        assert.equal((await client.get(path)).status, 404, path);
      }
      const away = await client.post(`${api}/lipsync`, { text: 'x', audio_url: '/audios/no.wav' });
      assert.equal(away.status, 404);
      assert.equal((await client.post(`${api}/customize`, { preset_id: 'nothing' })).status, 404);
      assert.equal((await client.delete(`${api}/nobody`)).status, 404);
    });

    it('keeps an avatar’s state', async () => {
      const { json: fresh } = await client.get(`${api}/anna/state`);
      assert.equal(fresh.avatar_id, 'anna');
      assert.equal(fresh.state.emotion, 'neutral');
      assert.equal(fresh.state.pose, 'idle');
      assert.equal(fresh.state.voice_attached, false);
      await client.patch(`${api}/anna/state`, {
        state: { pose: 'nod', nested: { a: [1, null] } },
      });
      const { json: patched } = await client.patch(`${api}/anna/state`, { state: { hat: 'red' } });
      assert.deepEqual(
        [patched.state.pose, patched.state.hat, patched.state.nested],
        ['nod', 'red', { a: [1, null] }],
      );
      const { json: read } = await client.get(`${api}/anna/state`);
      assert.deepEqual(read, patched);
      assert.equal((await client.patch(`${api}/anna/state`, {})).status, 200);
      const odd = await client.patch(`${api}/J%C3%BCrgen%20%F0%9F%98%80/state`, {
        state: { ok: 1 },
      });
      assert.equal(odd.json.avatar_id, 'Jürgen 😀');
    });

    it('sets emotions and animations', async () => {
      const { json } = await client.post(`${api}/emotions`, { avatar_id: 'bob' });
      assert.deepEqual(json, { avatar_id: 'bob', emotion: 'neutral', intensity: 0.5 });
      await client.post(`${api}/emotions`, { avatar_id: 'bob', emotion: 'happy', intensity: 1 });
      assert.equal((await client.get(`${api}/bob/emotions`)).json.emotion, 'happy');
      const { json: patched } = await client.patch(`${api}/bob/emotions`, { emotion: 'sad' });
      assert.equal(patched.emotion, 'sad');
      assert.equal((await client.get(`${api}/bob/state`)).json.state.emotion, 'sad');
      const { json: moved } = await client.post(`${api}/bob/animations`, {
        animation: 'nod',
        loop: true,
        duration: 2.5,
        intensity: 0.8,
      });
      assert.deepEqual(moved.applied, { animation: 'nod', loop: true, duration: 2.5 });
    });

    it('customizes: the preset’s values first, then the traits given', async () => {
      await client.post(`${api}/presets`, {
        name: 'Red Room',
        values: { background: 'red', shading: 'flat' },
      });
      const { json } = await client.post(`${api}/customize`, {
        avatar_id: 'carl',
        preset_id: 'red-room',
        traits: { shading: 'toon', emotion: 'happy' },
        persist: true,
      });
      assert.deepEqual(json, {
        avatar_id: 'carl',
        traits: { background: 'red', shading: 'toon', emotion: 'happy' },
      });
      assert.equal((await client.get(`${api}/carl/state`)).json.state.emotion, 'happy');
      assert.equal((await client.post(`${api}/customize`, { traits: {} })).status, 200);
    });

    it('refuses looks that nobody would see', async () => {
      const refused = async (method, path, json) => {
        const answer = await client.request(method, path, { json });
        assert.equal(answer.status, 422, `${path} ${JSON.stringify(json)}`);
        return answer.json.detail[0].msg;
      };
      assert.match(
        await refused('POST', `${api}/customize`, { traits: { hat: 'red' } }),
        /hat would change nothing: known are emotion/,
      );
      await refused('POST', `${api}/customize`, { traits: { shading: 'crayon' } });
      await refused('POST', `${api}/customize`, { traits: { lighting: 'candle' } });
      await refused('POST', `${api}/presets`, { name: 'Hat', values: { hat: 'red' } });
      const wave = await refused('POST', `${api}/bob/animations`, { animation: 'wave' });
      assert.match(wave, /wave.*nod/);
      await refused('PATCH', `${api}/bob/state`, { state: { pose: 'handstand' } });
    });

    it('shows traits, poses and animations in pictures', async () => {
      const seen = new Map();
      const look = async (name) => {
        const { json } = await client.post(`${api}/nora/render`, { width: 64, height: 64 });
        const picture = (await client.get(json.frame_url)).body.toString('base64');
        for (const [other, bytes] of seen) assert.notEqual(picture, bytes, `${name} as ${other}`);
        seen.set(name, picture);
      };
      const customize = (traits) =>
        client.post(`${api}/customize`, { avatar_id: 'nora', traits, persist: true });
      await look('nothing');
      for (const traits of [
        { background: '#204060' },
        { shading: 'toon' },
        { camera: 'profile' },
        { emotion: 'angry', intensity: 1 },
      ]) {
        await customize(traits);
        await look(JSON.stringify(traits));
      }
      await client.post(`${api}/nora/animations`, { animation: 'wink', loop: true, intensity: 1 });
      await look('wink');
      await client.post(`${api}/nora/animations`, { animation: 'idle' });
      await client.patch(`${api}/nora/state`, { state: { pose: 'tilt' } });
      await look('tilt');
    });

    it('shows the traits of a model’s file, and its looks as presets', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'vivavox-traits-'));
      const file = join(folder, 'traits.glb');
      traitAvatar('shared/avatars/vivi.glb', file);
      const upload = form({}, { file: ['traits.glb', readFileSync(file)] });
      rmSync(folder, { recursive: true });
      const { json } = await client.request('POST', `${api}/assets/upload`, upload);
      const worn = { avatar_id: 'tara', model_id: json.asset_id };
      await client.post(`${api}/models/select`, worn);
      const look = async () => {
        const render = await client.post(`${api}/tara/render`, { width: 64, height: 64 });
        return (await client.get(render.json.frame_url)).body.toString('base64');
      };
      const customize = async (wish) =>
        client.post(`${api}/customize`, { avatar_id: 'tara', ...wish });
      const plain = await look();
      const seen = new Set([plain]);
      for (const traits of [{ hair: 'none' }, { topColor: '#ffdd22' }, { cheeks: 'full' }]) {
        assert.equal((await customize({ traits })).status, 200);
        seen.add(await look());
      }
      assert.equal(seen.size, 4);
      const bald = await customize({ preset_id: 'bald', traits: { cheeks: 'usual' } });
      assert.deepEqual(bald.json.traits, { look: 'bald', cheeks: 'usual' });
      assert.ok(!seen.has(await look()));
      const refused = await customize({ traits: { hair: 'long' } });
      assert.equal(refused.status, 422);
      assert.match(refused.json.detail[0].msg, /it can be bob, none/);
      assert.match(
        (await customize({ traits: { glasses: 'round' } })).json.detail[0].msg,
        /glasses would change nothing: known are .*hair, top, cheeks, topColor, look/,
      );
      // Another model may not have them.
      await client.post(`${api}/models/select`, { avatar_id: 'tara', model_id: 'vivi' });
      const other = await look();
      const tinted = await customize({ traits: { skin: '#5a3825' } });
      assert.equal(tinted.status, 200);
      assert.notEqual(await look(), other);
      const back = await customize({ traits: { model: json.asset_id, look: 'vivi' } });
      assert.deepEqual(back.json.traits, { look: 'vivi' });
      assert.equal(await look(), plain);
      assert.equal((await customize({ traits: { model: 'nobody' } })).status, 404);
    });

    it('has each look of a built-in model among its presets', async () => {
      const { presets } = (await client.get(`${api}/presets`)).json;
      const { models } = (await client.get(`${api}/models`)).json;
      for (const { preset_id, values } of presets.filter((one) => one.category === 'look')) {
        assert.ok(models.some(({ model_id }) => model_id === values.model));
        assert.deepEqual((await client.get(`${api}/presets/${preset_id}`)).json.values, values);
        const worn = await client.post(`${api}/customize`, { avatar_id: 'lola', preset_id });
        assert.deepEqual(worn.json.traits, { look: values.look });
      }
      assert.equal((await client.get(`${api}/presets/of-nobody`)).status, 404);
    });

    it('lists models, and selects those that there are', async () => {
      const { json } = await client.get(`${api}/models`);
      assert.ok(json.models.some((one) => one.model_id === 'vivi' && one.quality));
      const chosen = { avatar_id: 'dora', model_id: 'vivi' };
      assert.deepEqual((await client.post(`${api}/models/select`, chosen)).json, chosen);
      const nobody = { avatar_id: 'dora', model_id: 'not-here-yet' };
      assert.equal((await client.post(`${api}/models/select`, nobody)).status, 404);
      const film = await client.post('/render/lipsync', { text: 'Hi.', model: 'wav2lip' });
      assert.equal(film.status, 404);
    });

    it('keeps an avatar’s model when its file gets a new version', async () => {
      const upload = async () =>
        (
          await client.request(
            'POST',
            `${api}/assets/upload`,
            form({}, { file: ['worn.glb', vivi] }),
          )
        ).json.asset_id;
      const model_id = await upload();
      await client.post(`${api}/models/select`, { avatar_id: 'worn', model_id });
      const used = async () => {
        const film = { text: 'Hi.', avatar_id: 'worn', width: 64, height: 64 };
        return (await client.post('/render/lipsync', film)).json.model_used;
      };
      assert.equal(await used(), model_id);
      await upload();
      assert.equal(await used(), model_id);
      await client.delete(`${api}/assets/${model_id}`);
      const gone = await client.post(`${api}/worn/render`, { width: 64, height: 64 });
      assert.equal(gone.status, 404);
    });

    it('speaks with the voice that is attached to the service', async () => {
      const ich = async () =>
        (await client.post(`${api}/phonemes`, { text: 'ich' })).json.phonemes.map((one) => one.ipa);
      assert.ok(!(await ich()).includes('ç'));
      await client.post(`${api}/voice/attach`, { voice: 'espeak:de' });
      assert.ok((await ich()).includes('ç'));
      const { json } = await client.post(`${api}/lipsync`, { avatar_id: 'newcomer', text: 'ich' });
      assert.equal(json.voice, 'espeak:de');
      await client.delete(`${api}/voice/attach`);
      assert.ok(!(await ich()).includes('ç'));
    });

    it('takes recordings, and lets avatars say them', async () => {
      const spoken = (await client.post(`${api}/lipsync`, { text: 'Hello again.' })).json;
      const wav = (await client.get(spoken.audio_url)).body;
      const flac = execFileSync('ffmpeg', ['-loglevel', 'error', '-i', '-', '-f', 'flac', '-'], {
        input: wav,
      });
      const add = async (options, query = '') => {
        const path = `${api}/audios${query}`;
        const answer = await client.request('POST', path, options);
        assert.equal(answer.status, 200, answer.body.toString());
        return answer.json;
      };
      const aligned = await add(
        form({ text: 'Hello again.', avatar_id: 'olga' }, { audio_file: ['a.flac', flac] }),
      );
      assert.deepEqual(
        aligned.words.map((one) => one.text),
        ['Hello', 'again'],
      );
      assert.ok(Math.abs(aligned.duration - spoken.duration) < 0.1);
      const mistaken = await client.request(
        'POST',
        `${api}/audios`,
        form(
          { text: 'Seven wizards watch the lazy dog.', avatar_id: 'olga' },
          { audio_file: ['a.flac', flac] },
        ),
      );
      assert.equal(mistaken.status, 422);
      assert.equal(mistaken.json.detail[0].type, 'text_mismatch');
      assert.match(mistaken.json.detail[0].msg, /from 0\.\d to \d\.\d s \("Seven wizards/);
      const loudness = await add({ body: wav }, '?avatar_id=olga');
      assert.ok(loudness.visemes.length > 1);
      const { audios } = (await client.get(`${api}/audios?avatar_id=olga`)).json;
      assert.equal(audios.length, 2);
      const small = { width: 64, height: 64, audio_url: aligned.audio_url };
      const again = await client.post(`${api}/lipsync`, {
        audio_url: aligned.audio_url,
        text: 'Hello again.',
      });
      assert.equal(again.json.words.length, 2);
      const film = await client.post('/render/lipsync', small);
      checkVideo((await client.get(film.json.video_url)).body, aligned.duration);
      const clip = await client.post(`${api}/render`, { format: 'mp4', ...small });
      checkVideo((await client.get(clip.json.frame_url)).body, aligned.duration);
      const streamed = await client.post('/generate', small);
      checkVideo(streamed.body);
      const refused = async (options, status = 422) =>
        assert.equal((await client.request('POST', `${api}/audios`, options)).status, status);
      await refused({ body: 'no sound at all' });
      await refused({ body: '' });
      await refused(form({ text: 'x' }, {}));
      const nothing = { audio_url: '/audios/none.wav', width: 64, height: 64 };
      assert.equal((await client.post('/generate', nothing)).status, 404);
      assert.equal((await client.post('/generate', {})).status, 422);
    });

    it('attaches and detaches voices', async () => {
      for (const path of [api, `${api}/erik`]) {
        const status = () => client.get(`${path}/voice/status`).then((answer) => answer.json);
        assert.equal((await status()).voice_attached, false);
        assert.equal((await client.post(`${path}/voice/attach`, {})).json.voice_attached, true);
        assert.equal((await status()).voice_attached, true);
        assert.equal((await client.delete(`${path}/voice/attach`)).json.voice_attached, false);
        await client.post(`${path}/voice/attach`, { voice: 'espeak:de' });
        assert.equal((await status()).voice, 'espeak:de');
        assert.equal((await client.delete(`${path}/voice/detach`)).json.voice_attached, false);
        assert.equal((await client.post(`${path}/voice/detach`)).json.voice_attached, false);
      }
      const { json } = await client.post(`${api}/erik/phonemes`, { text: 'ich' });
      assert.ok(
        json.phonemes.some((one) => one.ipa === 'ç'),
        'the avatar speaks German',
      );
    });

    it('speaks: audio, phonemes, visemes and words belong together', async () => {
      const text = 'Hello brave new world.';
      const { json } = await client.post(`${api}/lipsync`, {
        avatar_id: 'fay',
        text,
        sample_rate: 22050,
      });
      const wav = (await client.get(json.audio_url)).body;
      assert.equal(wav.toString('latin1', 0, 4), 'RIFF');
      assert.equal(wav.readUInt32LE(24), 22050);
      assert.ok(Math.abs((wav.length - 44) / 2 / 22050 - json.duration) < 0.001);
      assert.ok(Math.abs(json.duration_ms - json.duration * 1000) <= 1);
      let at = 0;
      for (const phone of json.phonemes) {
        assert.ok(Math.abs(phone.start - at) < 2e-4 && phone.end >= phone.start);
        assert.equal(phone.start_ms, Math.round(phone.start * 1000));
        assert.equal(phone.t, phone.start);
        assert.equal(phone.confidence, 1);
        at = phone.end;
      }
      assert.ok(Math.abs(at - json.duration) < 1e-3);
      assert.deepEqual(
        json.words.map((word) => word.text),
        ['Hello', 'brave', 'new', 'world'],
      );
      assert.ok(
        json.visemes.every((one, i) => i === 0 || one.viseme !== json.visemes[i - 1].viseme),
      );
      const { json: preview } = await client.post(`${api}/lipsync/preview`, { text });
      assert.deepEqual(preview.visemes, json.visemes);
      const { json: list } = await client.get(`${api}/audios?avatar_id=fay&limit=5`);
      assert.deepEqual([list.audios.length, list.audios[0].audio_id], [1, json.audio_id]);

      const { json: aligned } = await client.post(`${api}/lipsync`, {
        text,
        audio_url: json.audio_url,
      });
      assert.ok(aligned.phonemes[0].confidence < 1 && aligned.phonemes[0].confidence > 0.7);
      aligned.words.forEach((word, i) => {
        assert.ok(Math.abs(word.start - json.words[i].start) < 0.03, word.text);
      });
      // Without a text, its own is known.
      const { json: own } = await client.post(`${api}/lipsync`, { audio_url: json.audio_url });
      assert.deepEqual(own.words, aligned.words);
      const { json: stored } = await client.get(`${api}/audios/${json.audio_id}`);
      assert.equal(stored.audio.text, text);
      assert.deepEqual(
        stored.phonemes.map((one) => [one.phoneme, one.start_ms, one.end_ms, one.viseme]),
        json.phonemes.map((one) => [one.phoneme, one.start_ms, one.end_ms, one.viseme]),
      );
      assert.equal((await client.get(`${api}/audios/none`)).status, 404);
    });

    it('gives phonemes of a text by its language, none of one without words', async () => {
      const { json } = await client.post(`${api}/phonemes`, { text: 'cat', sample_rate: 24000 });
      assert.deepEqual(
        json.phonemes.map((one) => one.p).filter((name) => name !== 'SIL'),
        ['K', 'AE', 'T'],
      );
      assert.equal(json.sample_rate, 24000);
      const { json: german } = await client.post(`${api}/phonemes`, {
        text: 'ich',
        language: 'de',
      });
      assert.ok(german.phonemes.some((one) => one.ipa === 'ç'));
      for (const text of ['', '...', '`']) {
        assert.deepEqual((await client.post(`${api}/phonemes`, { text })).json.phonemes, []);
      }
    });

    it('refuses what has no sound', async () => {
      for (const path of [`${api}/lipsync`, `${api}/lipsync/preview`, '/generate']) {
        const { status, json } = await client.post(path, { text: '...' });
        assert.deepEqual([status, json.detail[0].type], [422, 'synthesis_failed'], path);
      }
    });

    it('spreads phonemes over a duration', async () => {
      const phonemes = ['HH', 'AH0', 'L', 'OW1', 'no arpabet'];
      const { json } = await client.post(`${api}/phonemes/timing`, { phonemes, audio_duration: 2 });
      assert.deepEqual(
        json.alignment.map((one) => one.phoneme),
        phonemes,
      );
      assert.equal(json.alignment.at(-1).end, 2);
      assert.ok(json.alignment.every((one) => one.end > one.start));
      const { json: visemes } = await client.get(`${api}/visemes`);
      assert.ok(Object.keys(visemes.visemes).length >= 40);
      assert.equal(visemes.visemes.P, 'PP');
      assert.equal(visemes.visemes.CH, 'CH');
    });

    it('renders pictures of each format, and equal requests from its cache', async () => {
      const begins = { png: '89504e47', jpeg: 'ffd8ff', webp: '52494646' };
      const pictures = new Map();
      for (const [format, begin] of Object.entries(begins)) {
        const { json } = await client.post(`${api}/render`, { width: 96, height: 64, format });
        assert.deepEqual([json.width, json.height, json.format], [96, 64, format]);
        const file = await client.get(json.frame_url);
        assert.equal(file.headers['content-type'], `image/${format}`);
        assert.ok(file.body.toString('hex').startsWith(begin));
        pictures.set(format, file.body);
      }
      assert.deepEqual(
        [pictures.get('png').readUInt32BE(16), pictures.get('png').readUInt32BE(20)],
        [96, 64],
      );
      const wanted = { width: 96, height: 96, prompt: 'very happy', seed: 3 };
      const first = (await client.post(`${api}/render`, wanted)).json;
      const again = (await client.post(`${api}/render`, wanted)).json;
      assert.deepEqual([first.cached, again.cached], [false, true]);
      assert.notEqual(first.frame_id, again.frame_id);
      const bytes = async (one) => (await client.get(one.frame_url)).body;
      assert.deepEqual(await bytes(first), await bytes(again));
      const sad = (await client.post(`${api}/render`, { ...wanted, prompt: 'very sad' })).json;
      assert.notDeepEqual(await bytes(first), await bytes(sad));
      const large = await client.post(`${api}/render`, {
        width: 64,
        height: 64,
        seed: 2 ** 53,
        format: 'x'.repeat(300),
      });
      assert.equal(large.json.format, 'png');
      const other = (await client.post(`${api}/render`, { width: 64, height: 64, format: 'gif' }))
        .json;
      assert.deepEqual([other.format, other.requested_format], ['png', 'gif']);
      const { json: list } = await client.get(`${api}/renders?limit=2`);
      assert.equal(list.renders.length, 2);
      assert.equal(list.renders[0].frame_id, other.frame_id);
    });

    it('renders by mood, shading, lighting, quality and camera', async () => {
      await client.post(`${api}/emotions`, { avatar_id: 'gina', emotion: 'angry', intensity: 1 });
      const seen = new Set();
      for (const wish of [
        {},
        { shading: 'toon' },
        { shading: 'flat' },
        { quality: 'fast' },
        { quality: 'ultra' },
        { camera: 'profile' },
        { camera: { view: 'three-quarter' } },
        { camera: 'head' },
        { camera: 'full' },
        { lighting: 'dramatic' },
        { background: 'transparent' },
        { background: '#ff0000' },
        { prompt: 'wink' },
      ]) {
        const { json } = await client.post(`${api}/gina/render`, {
          width: 64,
          height: 64,
          ...wish,
        });
        assert.equal(json.mood, 'angry');
        seen.add((await client.get(json.frame_url)).body.toString('base64'));
      }
      assert.equal(seen.size, 13);
    });

    it('renders sequences and snapshots', async () => {
      const { json } = await client.post(`${api}/render/sequence`, {
        width: 64,
        height: 64,
        frames: 4,
        fps: 10,
        text: 'Hello there',
      });
      assert.deepEqual(
        json.frames.map((one) => one.t),
        [0, 0.1, 0.2, 0.3],
      );
      const bytes = [];
      for (const one of json.frames)
        bytes.push((await client.get(one.frame_url)).body.toString('hex'));
      assert.equal(new Set(bytes).size, 4);
      assert.equal(
        (await client.post(`${api}/render/sequence`, { width: 64, height: 64 })).json.frames.length,
        3,
      );
      const { json: seen } = await client.get(`${api}/hugo/snapshot`);
      assert.equal((await client.get(seen.snapshot_url)).status, 200);
      const { json: taken } = await client.post(`${api}/hugo/snapshot`, {
        note: 'at noon',
        resolution: '128x64',
      });
      assert.equal(taken.note, 'at noon');
      const picture = (await client.get(taken.snapshot_url)).body;
      assert.deepEqual([picture.readUInt32BE(16), picture.readUInt32BE(20)], [128, 64]);
      const { json: figures } = await client.get(`${api}/performance`);
      assert.ok(figures.frames > 0 && figures.frame_time_ms > 0 && figures.queue_depth === 0);
    });

    it('makes videos with sound', async () => {
      const small = { width: 64, height: 64 };
      const { json } = await client.post('/render/lipsync', { text: 'Hi.', ...small });
      const file = await client.get(json.video_url);
      assert.equal(file.headers['content-type'], 'video/mp4');
      checkVideo(file.body, json.duration);
      const { json: silent } = await client.post('/render/lipsync', {
        phonemes: [{ phoneme: 'AA', start: 0.1, end: 0.4 }],
        duration: 0.5,
        format: 'webm',
        ...small,
      });
      checkVideo((await client.get(silent.video_url)).body, 0.5);
      const streamed = await client.post('/generate', { text: 'Hello.', ...small });
      assert.equal(streamed.status, 200);
      assert.equal(streamed.headers['content-type'], 'video/webm');
      checkVideo(streamed.body);
      const loop = await client.get(`${api}/default/loop?width=64&height=64&fps=10`);
      checkVideo(loop.body);
      const { json: clip } = await client.post(`${api}/render`, {
        format: 'mp4',
        duration: 0.5,
        ...small,
      });
      checkVideo((await client.get(clip.frame_url)).body, 0.5);
    });

    it('makes a video from a recording', async () => {
      const { json } = await client.post(`${api}/lipsync`, { text: 'Hello again.' });
      const wav = (await client.get(json.audio_url)).body;
      const phonemes = JSON.stringify(json.phonemes);
      for (const fields of [{ text: 'Hello again.' }, { phonemes }, {}]) {
        const answer = await client.request('POST', '/generate-from-audio', {
          ...form({ ...fields, width: '64', height: '64' }, { audio_file: ['a.wav', wav] }),
        });
        assert.equal(answer.status, 200, answer.body.toString().slice(0, 200));
        assert.equal(answer.headers['content-type'], 'video/mp4');
        checkVideo(answer.body, json.duration);
      }
      const missing = await client.request('POST', '/generate-from-audio', form({ text: 'x' }, {}));
      assert.equal(missing.status, 422);
      const wrong = await client.request('POST', '/generate-from-audio', {
        ...form({}, { audio_file: ['a.wav', Buffer.from('no sound at all')] }),
      });
      assert.equal(wrong.status, 422);
    });

    it('keeps phonemes that are set', async () => {
      assert.equal((await client.post('/set-phonemes', { phonemes: [] })).status, 400);
      assert.equal((await client.post('/set-phonemes', { audio_url: 'x' })).status, 400);
      const kept = { audio_url: '/audios/x.wav', phonemes: [{ phoneme: 'AA' }, { phoneme: 'B' }] };
      const { json } = await client.post('/set-phonemes', kept);
      assert.equal(json.phoneme_count, 2);
      const { json: read } = await client.get('/phonemes');
      assert.deepEqual([read.audio_url, read.phonemes], [kept.audio_url, kept.phonemes]);
    });

    it('keeps presets', async () => {
      const names = async () =>
        (await client.get(`${api}/presets`)).json.presets.map((one) => one.preset_id);
      assert.ok((await names()).includes('default') && (await names()).includes('casual'));
      const { json } = await client.post(`${api}/presets`, {
        name: 'My Look',
        settings: { camera: 'profile' },
      });
      assert.deepEqual([json.preset_id, json.values], ['my-look', { camera: 'profile' }]);
      assert.equal((await client.post(`${api}/presets`, { name: 'My Look' })).status, 200);
      await client.patch(`${api}/presets/my-look`, {
        description: 'mine',
        values: { shading: 'flat' },
      });
      const { json: read } = await client.get(`${api}/presets/my-look`);
      assert.deepEqual([read.description, read.values.shading], ['mine', 'flat']);
      assert.deepEqual((await client.delete(`${api}/presets/my-look`)).json, {
        deleted: 'my-look',
      });
      assert.deepEqual((await client.delete(`${api}/presets/my-look`)).json, {
        deleted: 'my-look',
      });
      assert.equal((await client.get(`${api}/presets/my-look`)).status, 404);
    });

    it('has a configuration that steers rendering', async () => {
      const before = (await client.get(`${api}/config`)).json;
      const { json } = await client.put(`${api}/config`, { fps: 500, resolution: '80x64' });
      assert.equal(json.fps, 120);
      assert.equal((await client.put(`${api}/config`, { fps: -3 })).json.fps, 1);
      const render = (await client.post(`${api}/render`, { format: 'png' })).json;
      assert.deepEqual([render.width, render.height], [80, 64]);
      const { fps, resolution } = before;
      assert.deepEqual((await client.put(`${api}/config`, { fps, resolution })).json, before);
    });

    it('takes assets, finds them and gives them back', async () => {
      const upload = (name, bytes) =>
        client.request('POST', `${api}/assets/upload`, form({}, { file: [name, bytes] }));
      const { json: model } = await upload('face.glb', vivi);
      assert.deepEqual([model.type, model.mime_type], ['model', 'model/gltf-binary']);
      assert.equal(model.metadata.showable, true);
      assert.equal(model.size, vivi.length);
      const types = {
        'walk.anim': 'application/octet-stream',
        'body.fbx': 'application/octet-stream',
        'page.html': 'application/octet-stream',
        'dot.png': 'image/png',
        'face.glb': 'model/gltf-binary',
      };
      const png = Buffer.from('89504e470d0a1a0a0000000d', 'hex');
      await upload('walk.anim', Buffer.from('frames'));
      await upload('body.fbx', Buffer.from('Kaydara FBX Binary  \0'));
      await upload('page.html', Buffer.from('<script>alert(1)</script>'));
      await upload('dot.png', png);
      for (const [name, type] of Object.entries(types)) {
        const answer = await client.get(`${api}/assets/download?name=${name}`);
        assert.equal(answer.status, 200, name);
        assert.equal(answer.headers['content-type'], type, name);
      }
      const raw = await client.request('POST', `${api}/assets/upload?name=dot.png`, {
        body: Buffer.concat([png, png]),
        headers: { 'content-type': 'application/octet-stream' },
      });
      assert.equal(raw.json.version, 2);
      const search = async (words) =>
        (await client.get(`${api}/assets/search?q=${words}`)).json.assets.map((one) => one.name);
      assert.deepEqual(await search('DOT'), ['dot.png']);
      assert.deepEqual(await search('50%25'), []);
      const versions = (await client.get(`${api}/assets?name=dot.png`)).json.assets;
      assert.deepEqual(
        versions.map((one) => one.version),
        [2, 1],
      );
      const old = await client.get(`${api}/assets/download?name=dot.png&version=1`);
      assert.deepEqual(old.body, png);
      const models = (await client.get(`${api}/models`)).json.models;
      assert.ok(models.some((one) => one.model_id === model.asset_id));
      await client.post(`${api}/models/select`, { avatar_id: 'ivy', model_id: model.asset_id });
      assert.equal((await client.post(`${api}/ivy/render`, { width: 64, height: 64 })).status, 200);
      assert.equal((await client.delete(`${api}/assets/${model.asset_id}`)).json.deleted, true);
      assert.equal((await client.delete(`${api}/assets/${model.asset_id}`)).json.deleted, false);
      assert.equal((await client.get(model.url)).status, 404);
      const builtIn = models.find((one) => one.model_id === 'vivi');
      assert.deepEqual((await client.get(builtIn.url)).body, vivi);
    });

    it('refuses assets that are not what they claim', async () => {
      const answer = await client.request('POST', `${api}/assets/upload`, {
        ...form({}, { file: ['bad.glb', Buffer.from('glTF but no more')] }),
      });
      assert.equal(answer.status, 422);
      for (const name of ['../up', '.hidden', 'a/b', 'x'.repeat(201)]) {
        const path = `${api}/assets/upload?name=${encodeURIComponent(name)}`;
        assert.equal((await client.request('POST', path, { body: 'x' })).status, 422, name);
      }
    });

    it('takes a file in pieces', async () => {
      const { json: reserved } = await client.request('POST', `${api}/assets/upload?name=big.bin`);
      const bytes = Buffer.alloc(300_000, 'abc');
      const put = (from, to, size = bytes.length) =>
        client.request('PUT', reserved.upload_url, {
          body: bytes.subarray(from, to),
          headers: { 'content-range': `bytes ${from}-${to - 1}/${size}` },
        });
      assert.equal((await put(0, 100_000)).json.received, 100_000);
      assert.equal((await put(200_000, 300_000)).status, 409);
      const asked = await client.request('PUT', reserved.upload_url, {
        body: '',
        headers: { 'content-range': `bytes */${bytes.length}` },
      });
      assert.equal(asked.json.received, 100_000);
      const { json: stored } = await put(100_000, 300_000);
      assert.deepEqual([stored.name, stored.size], ['big.bin', 300_000]);
      assert.deepEqual((await client.get(stored.url)).body, bytes);
      assert.equal((await client.request('PUT', reserved.upload_url, { body: 'x' })).status, 404);
      const bare = await client.request('POST', `${api}/assets/upload`);
      assert.equal(bare.status, 200);
      const whole = await client.request('PUT', bare.json.upload_url, { body: 'content' });
      assert.equal(whole.json.asset_id, bare.json.asset_id);
    });

    it('never leaves its folders', async () => {
      const up = '../../../../../../etc/passwd';
      for (const path of [
        `/assets/${up}`,
        `/assets/${up.replaceAll('/', '%2f')}`,
        `/assets/${up.replaceAll('../', '%2e%2e/')}`,
        `/assets/${up.replaceAll('../', '%252e%252e%252f')}`,
        '/assets//etc/passwd',
        '/assets/..\\..\\etc\\passwd',
        `/src/${up}`,
        '/src/..%5c..%5cetc%5cpasswd',
        '/src/./index.html',
        `/audios/${up}`,
        `/renders/%2e%2e%2favatar.db`,
        `/docs/${up}`,
        `/${up}`,
      ]) {
        const { status } = await client.get(path);
        assert.ok([404, 422].includes(status), `${path}: ${status}`);
      }
      assert.equal((await client.get('/assets//etc/passwd')).status, 404);
      assert.ok([400, 404].includes((await client.get('/assets/file%00.txt')).status));
      for (const name of [up, '/etc/passwd', '..%5cx', '%00', '%252e%252e%252fx', 'a%00b']) {
        const { status } = await client.get(`${api}/assets/download?name=${name}`);
        assert.ok([400, 403, 404].includes(status), `${name}: ${status}`);
      }
    });

    it('serves files with validators and ranges', async () => {
      const { json } = await client.post(`${api}/lipsync`, { text: 'Ranges.' });
      const whole = await client.get(json.audio_url);
      const { etag } = whole.headers;
      assert.match(etag, /^"[0-9a-f]{64}"$/);
      assert.match(whole.headers['cache-control'], /immutable/);
      const part = await client.get(json.audio_url, { range: 'bytes=4-11' });
      assert.equal(part.status, 206);
      assert.equal(part.headers['content-range'], `bytes 4-11/${whole.body.length}`);
      assert.deepEqual(part.body, whole.body.subarray(4, 12));
      const tail = await client.get(json.audio_url, { range: 'bytes=-5' });
      assert.deepEqual(tail.body, whole.body.subarray(-5));
      const beyond = await client.get(json.audio_url, { range: 'bytes=99999999-' });
      assert.equal(beyond.status, 416);
      assert.equal((await client.get(json.audio_url, { 'if-none-match': etag })).status, 304);
      assert.equal((await client.get(json.audio_url, { 'if-none-match': '"x"' })).status, 200);
      const changed = await client.get(json.audio_url, { range: 'bytes=0-1', 'if-range': '"x"' });
      assert.equal(changed.status, 200);
      const head = await client.request('HEAD', json.audio_url);
      assert.equal(head.headers['content-length'], `${whole.body.length}`);
      assert.equal(head.body.length, 0);
    });

    it('has sessions', async () => {
      const { json } = await client.post(`${api}/session`, {
        avatar_id: 'jane',
        metadata: { screen: 2 },
        ttl_seconds: 60,
      });
      assert.deepEqual([json.avatar_id, json.metadata], ['jane', { screen: 2 }]);
      assert.equal(Date.parse(json.expires_at) - Date.parse(json.created_at), 60_000);
      assert.equal((await client.request('POST', `${api}/session`)).status, 200);
      const shared = `${api}/session/${json.session_id}/state`;
      await client.patch(shared, { state: { slide: 1 } });
      assert.deepEqual((await client.get(shared)).json.state, { slide: 1 });
      await client.patch(`${api}/jane/state`, { state: { kept: true } });
      const path = `${api}/session/${json.session_id}`;
      const { session_id } = json;
      assert.deepEqual((await client.delete(path)).json, { deleted: true, session_id });
      assert.deepEqual((await client.delete(path)).json, { deleted: false, session_id });
      assert.equal((await client.get(`${api}/jane/state`)).json.state.kept, true);
    });

    it('deletes an avatar with all that is its own', async () => {
      const { json: audio } = await client.post(`${api}/lipsync`, {
        avatar_id: 'kim',
        text: 'Bye',
      });
      const { json: render } = await client.post(`${api}/kim/render`, { width: 64, height: 64 });
      await client.post(`${api}/session`, { avatar_id: 'kim' });
      assert.equal((await client.delete(`${api}/kim`)).status, 200);
      assert.equal((await client.get(audio.audio_url)).status, 404);
      assert.equal((await client.get(render.frame_url)).status, 404);
      assert.deepEqual((await client.get(`${api}/audios?avatar_id=kim`)).json.audios, []);
      assert.deepEqual((await client.get(`${api}/renders?avatar_id=kim`)).json.renders, []);
    });

    it('tells about itself', async () => {
      const { json: health } = await client.get('/health');
      assert.equal(health.status, 'healthy');
      assert.equal(health.components.database, 'healthy');
      assert.equal(health.components.renderer, 'healthy');
      assert.equal((await client.get('/health/live')).status, 200);
      const { json: status } = await client.get(`${api}/status`);
      assert.ok(status.avatars > 5 && status.renders > 5);
      const { usage, limits } = (await client.get('/api/v1/usage')).json;
      assert.deepEqual(
        usage.map(({ key, objects }) => [key, objects.renders]),
        [[null, status.renders]],
      );
      assert.equal(limits.objects_per_key, null);
      assert.equal((await client.get('/version')).json.version, health.version);
      assert.equal((await client.get(`${api}/version`)).status, 200);
      assert.ok((await client.get('/info')).json.endpoints.length > 60);
      assert.ok((await client.get(`${api}/info`)).json.endpoints.length > 60);
      const root = await client.get('/', { accept: 'application/json' });
      assert.equal(root.json.service, 'vivavox');
      assert.match((await client.get('/docs')).body.toString(), /swagger-ui/i);
      assert.equal((await client.get('/docs/swagger-ui-bundle.js')).status, 200);
      assert.match((await client.get('/openapi.json')).json.openapi, /^3\.1/);
      const metrics = (await client.get('/metrics')).body.toString();
      assert.match(metrics, /^vivavox_requests_total\{operation="render",status="2xx"\} \d+$/m);
      for (const line of metrics.trim().split('\n')) {
        assert.match(line, /^(#.*|[a-z_]+(\{[^}]*\})? -?[0-9.e+-]+)$/);
      }
    });

    it('does a render as a job', async () => {
      const jobs = '/api/v1/jobs';
      const job = { operation: 'render', body: { width: 64, height: 64 } };
      const { json, headers, status } = await client.post(jobs, job);
      assert.equal(status, 202);
      const done = async () => (await client.get(headers.location)).json.state === 'done';
      await until(done);
      assert.equal((await client.get(jobs)).json.jobs[0].job_id, json.job_id);
      assert.equal((await client.delete(headers.location)).json.state, 'done');
      assert.equal((await client.post(jobs, { operation: 'render' })).status, 422);
    });

    it('sends security headers', async () => {
      const { headers } = await client.get('/health');
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
      assert.match(headers['x-request-id'], /./);
      assert.match(headers['permissions-policy'], /camera=\(\).*microphone=\(self\)/);
      assert.match(headers['content-security-policy'], /^default-src 'none'; .*sandbox$/);
      const path = `${api}/assets/upload?name=page.svg`;
      const { url } = (await client.request('POST', path, { body: '<svg/>' })).json;
      assert.match((await client.get(url)).headers['content-security-policy'], /sandbox$/);
      const docs = await client.get('/docs');
      const [, script] = /<script>(.*?)<\/script>/s.exec(docs.body.toString());
      const hash = createHash('sha256').update(script).digest('base64');
      const policy = docs.headers['content-security-policy'];
      assert.ok(policy.includes(`script-src 'self' 'wasm-unsafe-eval' 'sha256-${hash}';`), policy);
      assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|sandbox/);
    });

    it('answers very long bodies', async () => {
      const prompt = await client.post(`${api}/render`, { prompt: 'x '.repeat(125_000) });
      assert.ok([200, 413, 422].includes(prompt.status));
      const text = await client.post(`${api}/lipsync`, { text: 'long '.repeat(24_000) });
      assert.ok([200, 413, 422].includes(text.status));
      const huge = await client.request('POST', `${api}/lipsync`, { body: 'x'.repeat(6 << 20) });
      assert.ok([413, 422].includes(huge.status));
    });

    it('has met every operation of its document', () => {
      const elsewhere = new Set(['streamAvatar', 'streamSession', 'getSourceFile', 'getAssetFile']);
      // Answered where there are keys: access.test.mjs.
      for (const id of ['createToken', 'createSignedUrl', 'revokeToken']) elsewhere.add(id);
      for (const operations of Object.values(client.document.paths)) {
        for (const { operationId, requestBody } of Object.values(operations)) {
          if (elsewhere.has(operationId)) continue;
          const isAnswered = [200, 202].some((one) => client.answered.has(`${operationId} ${one}`));
          assert.ok(isAnswered, `${operationId} was never answered`);
          const schema = requestBody?.content['application/json']?.schema;
          const optional = ['attachVoice', 'attachAvatarVoice', 'detachVoiceByPost', 'setPhonemes'];
          if (
            !schema ||
            optional.some((id) => operationId.includes(id)) ||
            operationId.includes('detach')
          )
            continue;
          assert.ok(client.answered.has(`${operationId} 422`), `${operationId} never refused`);
        }
      }
    });
  });
}

function form(fields, files) {
  const boundary = 'vivavoxformboundary';
  const parts = Object.entries(fields).map(([name, value]) =>
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    ),
  );
  for (const [name, [filename, bytes]] of Object.entries(files)) {
    parts.push(
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${filename}"\r\n` +
          'Content-Type: application/octet-stream\r\n\r\n',
      ),
      bytes,
      Buffer.from('\r\n'),
    );
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  return {
    body: Buffer.concat(parts),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}

/** A video with picture and sound, of about the length. */
function checkVideo(bytes, duration_s) {
  const asked = [
    '-v',
    'error',
    '-show_entries',
    'stream=codec_type:format=duration',
    '-of',
    'json',
  ];
  const { streams, format } = JSON.parse(
    execFileSync('ffprobe', [...asked, '-i', 'pipe:0'], { input: bytes }).toString(),
  );
  assert.deepEqual(streams.map((one) => one.codec_type).sort(), ['audio', 'video']);
  if (duration_s !== undefined) {
    assert.ok(Math.abs(Number(format.duration) - duration_s) < 0.1, `${format.duration} s`);
  }
}
