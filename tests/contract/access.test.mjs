// Tokens for pages, and URLs that open one file for a while.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { Client, Stream, api, foldersOf, send, startPostgres, startService } from './service.mjs';

const key = (name) => `${name}-key-0123456789`;
const keys = `${key('reader')}:read,shop=${key('writer')}:write,${key('keeper')}:admin`;

async function serve(test, settings = {}, folder = undefined) {
  const service = await startService({ API_KEYS: keys, ...settings }, folder);
  test.after(() => service.stop('SIGKILL'));
  const client = await new Client(service.port).open();
  const bearer = (secret) => ({ authorization: `Bearer ${secret}` });
  const made = async (wish, name = 'writer') => {
    const answer = await client.post('/api/v1/tokens', wish, bearer(key(name)));
    assert.equal(answer.status, 200, answer.body.toString());
    return answer.json;
  };
  const token = async (...wish) => (await made(...wish)).token;
  const ask = (method, path, secret, { headers, ...options } = {}) =>
    client.request(method, path, {
      ...options,
      headers: { ...(secret && bearer(secret)), ...headers },
    });
  const status = async (...request) => (await ask(...request)).status;
  const revoke = ({ token_id }, secret = key('writer')) =>
    status('DELETE', `/api/v1/tokens/${token_id}`, secret);
  return { service, client, bearer, made, token, revoke, ask, status };
}

const sign = async ({ ask }, secret, json) => {
  const answer = await ask('POST', '/api/v1/signed-urls', secret, { json });
  assert.equal(answer.status, 200, answer.body.toString());
  return answer.json.url;
};

const picture = async ({ ask }, secret = key('writer')) =>
  (await ask('POST', `${api}/render`, secret, { json: { width: 64, height: 64 } })).json.frame_url;

it('takes a token where it takes a key, up to the token’s scope and time', async (test) => {
  const { client, token, ask, status } = await serve(test);
  const state = `${api}/anna/state`;
  const reads = await token({ scope: 'read' });
  assert.equal(await status('GET', state, reads), 200);
  const byHeader = await client.get(state, { 'x-api-key': reads });
  assert.equal(byHeader.status, 200);
  const refused = await ask('PATCH', state, reads, { json: { state: {} } });
  assert.equal(refused.status, 403);
  assert.match(
    refused.headers['www-authenticate'],
    /^Bearer realm="vivavox", error="insufficient_scope".*scope="write"/,
  );
  const writes = await token({ scope: 'write' });
  assert.equal(await status('PATCH', state, writes, { json: { state: {} } }), 200);
  assert.equal(await status('GET', '/metrics', writes), 403);
  const brief = await token({ scope: 'read', ttl_seconds: 1 });
  await sleep(2100);
  const late = await ask('GET', state, brief);
  assert.equal(late.status, 401);
  assert.match(late.json.detail, /expired/);
  assert.match(late.headers['www-authenticate'], /error="invalid_token"/);
  const bare = await client.get(state);
  assert.equal(bare.headers['www-authenticate'], 'Bearer realm="vivavox"');
  assert.match((await ask('GET', state, `${reads}x`)).json.detail, /not made here/);
});

it('makes no token that is more than its key, lasts long, or makes tokens', async (test) => {
  const { token, status, ask } = await serve(test);
  const wish = (json, secret) => status('POST', '/api/v1/tokens', secret, { json });
  assert.equal(await wish({ scope: 'write' }, key('reader')), 403);
  assert.equal(await wish({ scope: 'admin' }, key('writer')), 403);
  assert.equal(await wish({ ttl_seconds: 3601 }, key('writer')), 422);
  assert.equal(await wish({ ttl_seconds: 0 }, key('writer')), 422);
  assert.equal(await wish({ scope: 'none' }, key('writer')), 422);
  assert.equal(await wish({ avatars: 'anna' }, key('writer')), 422);
  const names = Array.from({ length: 32 }, (_, i) => `${i}`.padEnd(200, 'x'));
  assert.equal(await wish({ avatars: names }, key('writer')), 422);
  assert.equal(await wish({}, await token({})), 403);
  assert.equal(await wish({}, undefined), 401);
  const answer = await ask('POST', '/api/v1/tokens', key('writer'), { json: {} });
  assert.equal(answer.headers['cache-control'], 'no-store');
});

it('keeps a token to the avatars, sessions and paths that it names', async (test) => {
  const { token, status } = await serve(test);
  const small = { width: 64, height: 64 };
  const form = (avatar_id) => ({
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    body: `--x\r\nContent-Disposition: form-data; name="avatar_id"\r\n\r\n${avatar_id}\r\n--x\r\nContent-Disposition: form-data; name="audio_file"; filename="a"\r\n\r\nno sound\r\n--x--\r\n`,
  });
  const anna = await token({ scope: 'write', avatars: ['anna'] });
  const expected = [
    ['GET', `${api}/anna/state`, 200],
    ['GET', `${api}/bob/state`, 403],
    ['POST', `${api}/emotions`, 200, { json: { avatar_id: 'anna' } }],
    ['POST', `${api}/emotions`, 403, { json: { avatar_id: 'bob' } }],
    ['POST', `${api}/render`, 200, { json: { avatar_id: 'anna', ...small } }],
    ['POST', `${api}/render`, 403, { json: small }],
    ['POST', `${api}/session`, 403],
    ['GET', `${api}/audios?avatar_id=anna`, 200],
    ['GET', `${api}/audios`, 403],
    ['GET', `${api}/presets`, 403],
    ['POST', `${api}/audios`, 422, form('anna')],
    ['POST', `${api}/audios`, 403, form('bob')],
    ['POST', '/generate-from-audio', 422, form('anna')],
    ['POST', '/generate-from-audio', 403, form('bob')],
    ['DELETE', `${api}/session/any`, 403],
  ];
  for (const [method, path, wanted, options] of expected) {
    const given = JSON.stringify(options?.json ?? '');
    assert.equal(await status(method, path, anna, options), wanted, `${method} ${path} ${given}`);
  }
  const presets = await token({ paths: [`${api}/presets`] });
  assert.equal(await status('GET', `${api}/presets`, presets), 200);
  assert.equal(await status('GET', `${api}/presets/default`, presets), 403);
  const hall = await token({ scope: 'write', sessions: ['hall'] });
  assert.equal(await status('DELETE', `${api}/session/hall`, hall), 200);
  assert.equal(await status('DELETE', `${api}/session/other`, hall), 403);
});

it('takes a token that is bound to an origin from its pages alone', async (test) => {
  const origin = 'https://page.example';
  const { service, token, status } = await serve(test, { ALLOWED_ORIGINS: '*' });
  const state = `${api}/anna/state`;
  const from = (secret, given) => status('GET', state, secret, { headers: { origin: given } });
  const bound = await token({ origin });
  assert.equal(await from(bound, origin), 200);
  assert.equal(await from(bound, 'https://evil.example'), 403);
  assert.equal(await status('GET', state, bound), 403);
  // Browsers say no origin where a page reads from its own server.
  const own = await token({ origin: `http://127.0.0.1:${service.port}` });
  assert.equal(await status('GET', state, own), 200);
  assert.equal(await from(own, 'https://evil.example'), 403);
});

it('takes tokens in the URL of a WebSocket, keys never, and logs neither', async (test) => {
  const { service, token } = await serve(test);
  const path = `${api}/session/hall/stream`;
  const hall = await token({ scope: 'write', sessions: ['hall'] });
  const stream = new Stream(service.port, `${path}?access_token=${hall}`);
  await stream.next((one) => one.event === 'heartbeat');
  await stream.close();
  const elsewhere = `${api}/session/other/stream?access_token=${hall}`;
  assert.match(String(await new Stream(service.port, elsewhere).failed), /403/);
  for (const name of ['access_token', 'api_key']) {
    const shown = new Stream(service.port, `${path}?${name}=${key('writer')}`);
    assert.match(String(await shown.failed), /401/);
  }
  const file = await send(service.port, 'GET', `${api}/presets?access_token=${hall}`);
  assert.equal(file.status, 401);
  await service.stop();
  const log = service.log.join('\n');
  assert.ok(log.includes('/session/hall/stream'));
  assert.doesNotMatch(log, /eyJ|-key-0123/);
});

it('ends a stream when the token that opened it expires', async (test) => {
  const { service, token } = await serve(test);
  for (const path of [`${api}/session/hall/stream`, `${api}/anna/stream`]) {
    const brief = await token({ scope: 'write', ttl_seconds: 3 });
    const stream = new Stream(service.port, `${path}?access_token=${brief}`);
    await stream.next((one) => one.event === 'heartbeat');
    await stream.closed;
  }
});

it('takes a token back with its streams, and no other', async (test) => {
  const { service, made, revoke, ask, status } = await serve(test);
  const state = `${api}/anna/state`;
  const [lost, kept] = [await made({ scope: 'write' }), await made({ scope: 'write' })];
  const paths = [`${api}/session/hall/stream`, `${api}/anna/stream`];
  const open = ({ token }) =>
    paths.map((path) => new Stream(service.port, `${path}?access_token=${token}`));
  const [ending, staying] = [open(lost), open(kept)];
  for (const stream of [...ending, ...staying]) {
    await stream.next((one) => one.event === 'heartbeat');
  }
  assert.equal(await revoke(lost), 200);
  for (const stream of ending) await stream.closed;
  const refused = await ask('GET', state, lost.token);
  assert.equal(refused.status, 401);
  assert.match(refused.json.detail, /taken back/);
  assert.match(refused.headers['www-authenticate'], /error="invalid_token"/);
  for (const stream of open(lost)) assert.match(String(await stream.failed), /401/);
  assert.equal(await status('GET', state, kept.token), 200);
  assert.equal(await revoke(lost), 200);
  for (const stream of staying) {
    assert.equal(stream.socket.readyState, stream.socket.OPEN);
    await stream.close();
  }
});

it('lets a token be taken back by its own key’s name and by admins alone', async (test) => {
  const { made, revoke, status } = await serve(test);
  const mine = await made({ scope: 'read' });
  assert.equal(await revoke(mine, key('reader')), 404);
  assert.equal(await revoke(mine, mine.token), 403);
  assert.equal(await revoke(mine, null), 401);
  assert.equal(await revoke({ token_id: `${mine.token_id}x` }), 404);
  assert.equal(await status('GET', `${api}/anna/state`, mine.token), 200);
  assert.equal(await revoke(mine, key('keeper')), 200);
  assert.equal(await status('GET', `${api}/anna/state`, mine.token), 401);
});

it('knows that a token was taken back after a restart', async (test) => {
  const folder = mkdtempSync(join(tmpdir(), 'vivavox-access-'));
  test.after(() => rmSync(folder, { recursive: true }));
  const first = await serve(test, {}, folder);
  const [lost, kept] = [await first.made({}), await first.made({})];
  assert.equal(await first.revoke(lost), 200);
  await first.service.stop('SIGKILL');
  const second = await serve(test, {}, folder);
  assert.equal(await second.status('GET', `${api}/presets`, lost.token), 401);
  assert.equal(await second.status('GET', `${api}/presets`, kept.token), 200);
});

it('takes a token back at every process on PostgreSQL', async (test) => {
  const postgres = await startPostgres();
  test.after(() => postgres.stop());
  const settings = { DATABASE_URL: await postgres.database() };
  const one = await serve(test, settings);
  const other = await serve(test, { ...settings, ...foldersOf(one.service) });
  const lost = await one.made({ scope: 'write' });
  const path = `${api}/session/hall/stream?access_token=${lost.token}`;
  const stream = new Stream(other.service.port, path);
  await stream.next((message) => message.event === 'heartbeat');
  assert.equal(await one.revoke(lost), 200);
  await stream.closed;
  assert.equal(await other.status('GET', `${api}/presets`, lost.token), 401);
});

it('knows a token at every process with its key, and at none without', async (test) => {
  const { token } = await serve(test);
  const secret = await token({});
  const other = await serve(test);
  assert.equal(await other.status('GET', `${api}/presets`, secret), 200);
  const without = await serve(test, { API_KEYS: key('reader') });
  assert.equal(await without.status('GET', `${api}/presets`, secret), 401);
});

it('signs URLs that open their file without a key, for a while', async (test) => {
  const served = await serve(test);
  const { client, token, status } = served;
  const path = await picture(served);
  assert.equal(await status('GET', path), 401);
  const url = await sign(served, key('writer'), { path });
  assert.ok(url.startsWith(`${path}?`));
  const opened = await client.get(url);
  assert.equal(opened.status, 200);
  assert.equal(opened.headers['content-type'], 'image/png');
  assert.equal(opened.headers['cross-origin-resource-policy'], 'cross-origin');
  const [, age] = /^private, max-age=(\d+)$/.exec(opened.headers['cache-control']);
  assert.ok(Number(age) > 3500 && Number(age) <= 3600);
  assert.equal((await client.get(url, { range: 'bytes=0-3' })).status, 206);
  assert.equal((await client.request('HEAD', url)).status, 200);
  assert.equal((await client.delete(url)).status, 405);
  const other = await picture(served);
  assert.equal((await client.get(url.replace(path, other))).status, 403);
  assert.equal((await client.get(url.replace(/expires=\d/, 'expires=9'))).status, 403);
  assert.equal((await client.get(`${api}/presets${url.slice(path.length)}`)).status, 401);
  const brief = await sign(served, key('writer'), { path, ttl_seconds: 1 });
  await sleep(2100);
  const late = await client.get(brief);
  assert.equal(late.status, 403);
  assert.match(late.json.detail, /expired/);
  const narrow = await token({ paths: ['/api/v1/signed-urls', '/renders/'], ttl_seconds: 60 });
  const fromToken = await sign(served, narrow, { path, ttl_seconds: 3600 });
  const { headers } = await client.get(fromToken);
  assert.ok(Number(/max-age=(\d+)/.exec(headers['cache-control'])[1]) <= 60);
});

it('signs nothing but files that are there and the caller’s to open', async (test) => {
  const { ask, token } = await serve(test);
  const refused = async (path, secret = key('writer')) =>
    (await ask('POST', '/api/v1/signed-urls', secret, { json: { path } })).status;
  assert.equal(await refused('/renders/nothing.png'), 404);
  assert.equal(await refused('/audios/../renders/x'), 422);
  assert.equal(await refused(`${api}/presets`), 422);
  assert.equal(await refused('https://elsewhere.example/renders/x.png'), 422);
  assert.equal(
    await refused('/renders/x.png', await token({ paths: ['/api/v1/signed-urls'] })),
    403,
  );
  assert.equal(await refused('/renders/x.png', await token({ avatars: ['anna'] })), 403);
});

it('says that without keys nothing needs a token', async (test) => {
  const { client } = await serve(test, { API_KEYS: '' });
  assert.equal((await client.post('/api/v1/tokens', {})).status, 409);
  assert.equal((await client.post('/api/v1/signed-urls', { path: '/renders/x.png' })).status, 409);
});
