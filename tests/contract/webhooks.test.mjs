// Webhooks of jobs: signed, sent until they are taken, and never to where a client could
// not go itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';

import { send, startService, until } from './service.mjs';

const jobs = '/api/v1/jobs';
const key = Buffer.from('0123456789abcdef0123456789abcdef');
const secret = `whsec_${key.toString('base64')}`;
const small = { width: 64, height: 64 };

async function serve(test, settings, folder) {
  const service = await startService(
    { LOG_LEVEL: 'error', WEBHOOK_SECRET: secret, ...settings },
    folder,
  );
  test.after(() => service.stop('SIGKILL'));
  return service;
}

/** A server that is called, and answers with one status after another, then with 204. */
class Receiver {
  calls = [];

  constructor(test, { statuses = [], headers = {}, tls } = {}) {
    const answer = async (request, response) => {
      const parts = [];
      for await (const part of request) parts.push(part);
      const status = statuses[this.calls.length] ?? 204;
      const { method, url, headers: given } = request;
      this.calls.push({ method, url, headers: given, body: Buffer.concat(parts).toString() });
      response.writeHead(status, headers).end();
    };
    this.server = tls ? https.createServer(tls, answer) : http.createServer(answer);
    test.after(() => this.server.close());
    test.after(() => this.server.closeAllConnections());
  }

  async listen() {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = this.server.address().port;
    return this;
  }
}

async function begin(service, webhook_url, body = small) {
  const json = { operation: 'render', body, webhook_url };
  const answer = await send(service.port, 'POST', jobs, { json });
  assert.equal(answer.status, 202, answer.body.toString());
  return answer.json;
}

const look = async (service, { job_id }) =>
  (await send(service.port, 'GET', `${jobs}/${job_id}`)).json;

it('calls a webhook with the job once it has ended, signed', async (test) => {
  const receiver = await new Receiver(test).listen();
  const origin = `http://127.0.0.1:${receiver.port}`;
  const service = await serve(test, { ALLOWED_WEBHOOKS: origin });
  const done = await begin(service, `${origin}/hook?a=b`);
  const failed = await begin(service, origin, { ...small, audio_url: '/audios/none.wav' });
  const cancelled = await begin(service, origin, { ...small, format: 'mp4', duration: 60 });
  await send(service.port, 'DELETE', `${jobs}/${cancelled.job_id}`);
  await until(() => receiver.calls.length === 3);
  const states = { done, failed, cancelled };
  for (const { method, url, headers, body } of receiver.calls) {
    const told = JSON.parse(body);
    assert.equal(told.job_id, states[told.state].job_id);
    assert.deepEqual([method, url], ['POST', told.state === 'done' ? '/hook?a=b' : '/']);
    assert.equal(headers['content-type'], 'application/json');
    const id = headers['webhook-id'];
    const time = headers['webhook-timestamp'];
    assert.ok(Math.abs(Date.now() / 1000 - Number(time)) < 600);
    const mac = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest();
    const [version, signature] = headers['webhook-signature'].split(',');
    assert.equal(version, 'v1');
    assert.ok(timingSafeEqual(Buffer.from(signature, 'base64'), mac));
    await until(async () => (await look(service, told)).webhook.state === 'delivered');
    const { webhook, ...job } = await look(service, told);
    assert.deepEqual([webhook.attempts, webhook.error], [1, null]);
    delete told.webhook;
    assert.deepEqual(told, job);
  }
  assert.equal(new Set(receiver.calls.map((one) => one.headers['webhook-id'])).size, 3);
});

it('sends a webhook again that was not taken, under the same id', async (test) => {
  const receiver = await new Receiver(test, { statuses: [500, 429] }).listen();
  const origin = `http://127.0.0.1:${receiver.port}`;
  const service = await serve(test, { ALLOWED_WEBHOOKS: origin });
  const job = await begin(service, origin);
  await until(() => receiver.calls.length === 1);
  await until(async () => (await look(service, job)).webhook.error?.includes('500'));
  assert.equal((await look(service, job)).webhook.state, 'due');
  await until(() => receiver.calls.length === 3);
  assert.equal(new Set(receiver.calls.map((one) => one.headers['webhook-id'])).size, 1);
  await until(async () => (await look(service, job)).webhook.state === 'delivered');
  assert.equal((await look(service, job)).webhook.attempts, 3);
});

it('does not follow a webhook’s redirects', async (test) => {
  const inner = await new Receiver(test).listen();
  const location = `http://127.0.0.1:${inner.port}/`;
  const statuses = [302, 307];
  const outer = await new Receiver(test, { statuses, headers: { location } }).listen();
  const origin = `http://127.0.0.1:${outer.port}`;
  const service = await serve(test, { ALLOWED_WEBHOOKS: `${origin},${location}` });
  const job = await begin(service, origin);
  await until(async () => (await look(service, job)).webhook.state === 'delivered');
  assert.equal(outer.calls.length, 3);
  assert.equal(inner.calls.length, 0);
});

it('refuses webhooks that lead inwards', async (test) => {
  const inner = await new Receiver(test).listen();
  const service = await serve(test, { ALLOWED_WEBHOOKS: 'http://127.0.0.1:1' });
  for (const url of [
    `http://127.0.0.1:${inner.port}/`,
    `https://127.0.0.1:${inner.port}/`,
    `https://localhost:${inner.port}/`,
    'https://127.0.0.1:1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0.0.0.0/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://192.168.0.1/',
    'http://1.1.1.1/',
    'ftp://1.1.1.1/',
    'https://user@1.1.1.1/',
    'not a url',
  ]) {
    const json = { operation: 'render', body: small, webhook_url: url };
    const answer = await send(service.port, 'POST', jobs, { json });
    assert.equal(answer.status, 422, url);
    assert.match(answer.json.detail[0].msg, /webhook/, url);
  }
  assert.equal(inner.calls.length, 0);
  assert.deepEqual((await send(service.port, 'GET', jobs)).json.jobs, []);
});

it('refuses webhooks that it could not sign, and starts with no wrong secret', async (test) => {
  const service = await serve(test, { WEBHOOK_SECRET: '' });
  const json = { operation: 'render', body: small, webhook_url: 'https://1.1.1.1/' };
  const answer = await send(service.port, 'POST', jobs, { json });
  assert.equal(answer.status, 422);
  assert.match(answer.json.detail[0].msg, /WEBHOOK_SECRET/);
  await assert.rejects(startService({ WEBHOOK_SECRET: 'guess' }), /WEBHOOK_SECRET/);
  await assert.rejects(startService({ ALLOWED_WEBHOOKS: 'localhost' }), /ALLOWED_WEBHOOKS/);
});

it('calls over TLS only who shows a certificate that is trusted', async (test) => {
  const folder = mkdtempSync(join(tmpdir(), 'vivavox-webhooks-'));
  test.after(() => rmSync(folder, { recursive: true }));
  const [keyFile, certFile] = ['key.pem', 'cert.pem'].map((name) => join(folder, name));
  const options = '-x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost';
  const extension = ['-addext', 'subjectAltName=DNS:localhost'];
  execFileSync(
    'openssl',
    ['req', ...options.split(' '), ...extension, '-keyout', keyFile, '-out', certFile],
    { stdio: 'ignore' },
  );
  const tls = { key: readFileSync(keyFile), cert: readFileSync(certFile) };
  const receiver = await new Receiver(test, { tls }).listen();
  const origin = `https://localhost:${receiver.port}`;
  const trusting = await serve(test, { ALLOWED_WEBHOOKS: origin, SSL_CERT_FILE: certFile });
  const trusted = await begin(trusting, origin);
  await until(async () => (await look(trusting, trusted)).webhook.state === 'delivered');
  const careful = await serve(test, { ALLOWED_WEBHOOKS: origin });
  const job = await begin(careful, origin);
  await until(async () => (await look(careful, job)).webhook.error);
  assert.equal(receiver.calls.length, 1);
});

it('calls after a restart what was due when the process was killed', async (test) => {
  const folder = mkdtempSync(join(tmpdir(), 'vivavox-webhooks-'));
  test.after(() => rmSync(folder, { recursive: true }));
  const statuses = new Array(100).fill(503);
  const receiver = await new Receiver(test, { statuses }).listen();
  const origin = `http://127.0.0.1:${receiver.port}`;
  const settings = { ALLOWED_WEBHOOKS: origin };
  const first = await serve(test, settings, folder);
  const job = await begin(first, origin);
  await until(async () => (await look(first, job)).webhook.error);
  await first.stop('SIGKILL');
  statuses.length = 0;
  const second = await serve(test, settings, folder);
  await until(async () => (await look(second, job)).webhook.state === 'delivered');
  assert.equal(JSON.parse(receiver.calls.at(-1).body).job_id, job.job_id);
});
