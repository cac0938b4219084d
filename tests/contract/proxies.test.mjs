// The examples of docs/operations.md, started: nginx and HAProxy before the service.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import WebSocket from 'ws';

import { api, send, startService, until } from './service.mjs';

const key = 'a-key-of-more-than-16-characters';
const documentation = readFileSync('docs/operations.md', 'utf8');

/** The example, with other ports and without a certificate. */
function example(language, listening, changes) {
  const [, text] = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(documentation);
  let config = text;
  for (const [from, to] of [...changes, listening]) {
    assert.ok(config.includes(from), `the ${language} example has ${from}`);
    config = config.replaceAll(from, to);
  }
  return config;
}

const proxies = {
  nginx: (folder, port, upstream) => [
    '/usr/sbin/nginx',
    `pid ${folder}/pid; daemon off; error_log stderr;
     events {}
     http {
       access_log off;
       client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
       fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
       ${example(
         'nginx',
         ['listen 443 ssl;', `listen 127.0.0.1:${port};`],
         [
           ['127.0.0.1:8081', `127.0.0.1:${upstream}`],
           ['server 127.0.0.1:8082; ', ''],
         ],
       )}
     }`,
    (config) => ['-p', folder, '-c', config, '-e', 'stderr'],
  ],
  haproxy: (folder, port, upstream) => [
    '/usr/sbin/haproxy',
    example(
      'haproxy',
      ['bind :443 ssl crt /etc/ssl/private/site.pem', `bind 127.0.0.1:${port}`],
      [
        ['127.0.0.1:8081', `127.0.0.1:${upstream}`],
        ['  server two 127.0.0.1:8082 check\n', ''],
      ],
    ),
    (config) => ['-f', config, '-db'],
  ],
};

async function freePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

async function startProxy(test, name, upstream) {
  const folder = mkdtempSync(join(tmpdir(), `vivavox-${name}-`));
  const port = await freePort();
  const [program, config, args] = proxies[name](folder, port, upstream);
  const path = join(folder, 'config');
  writeFileSync(path, config);
  const child = spawn(program, args(path), { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said += part));
  const ended = once(child, 'exit');
  test.after(async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  await until(async () => {
    if (child.exitCode !== null) throw new Error(said);
    const answer = await send(port, 'GET', '/health').catch(() => undefined);
    return answer !== undefined && ![502, 503].includes(answer.status);
  });
  return port;
}

/** From another address than the proxy's own. */
function ask(port, headers) {
  return new Promise((settle, fail) => {
    const outgoing = request(
      {
        port,
        host: '127.0.0.1',
        localAddress: '127.0.0.2',
        path: `${api}/presets`,
        agent: false,
        headers,
      },
      (response) => {
        response.resume();
        settle(response.statusCode);
      },
    );
    outgoing.on('error', fail).end();
  });
}

for (const name of Object.keys(proxies)) {
  describe(`behind ${name}`, () => {
    it('lets nobody in without a key, and a page’s stream with a token', async (test) => {
      const service = await startService({ API_KEYS: key, TRUSTED_PROXIES: '127.0.0.1' });
      test.after(() => service.stop());
      const port = await startProxy(test, name, service.port);
      assert.equal(await ask(port, {}), 401);
      assert.equal(await ask(port, { 'x-api-key': key }), 200);
      const json = { scope: 'write', sessions: ['hall'] };
      const headers = { 'x-api-key': key };
      const { token } = (await send(port, 'POST', '/api/v1/tokens', { json, headers })).json;
      const path = `${api}/session/hall/stream?access_token=${token}`;
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
      const [first] = await once(socket, 'message');
      assert.equal(JSON.parse(first).event, 'connected');
      socket.close();
      await once(socket, 'close');
    });

    it('counts and logs the client’s own address, whatever it claims', async (test) => {
      const service = await startService({
        API_KEYS: key,
        TRUSTED_PROXIES: '127.0.0.1',
        MAX_REQUESTS: '5',
        LOG_LEVEL: 'info',
      });
      test.after(() => service.stop());
      const port = await startProxy(test, name, service.port);
      const answers = [];
      for (let i = 0; i < 7; ++i) {
        const headers = { 'x-api-key': key, 'x-forwarded-for': `6.6.6.${i}` };
        answers.push(await ask(port, headers));
      }
      assert.deepEqual(answers, [200, 200, 200, 200, 200, 429, 429]);
      const lines = () => service.log.filter((line) => line.includes('/presets'));
      await until(() => lines().length === 7);
      assert.ok(lines().every((line) => JSON.parse(line).client === '127.0.0.2'));
      assert.ok(service.log.every((line) => !line.includes('6.6.6')));
    });

    it('serves nobody where the service has no keys', async (test) => {
      const service = await startService();
      test.after(() => service.stop());
      const port = await startProxy(test, name, service.port);
      assert.equal(await ask(port, { 'x-api-key': key }), 403);
    });
  });
}
