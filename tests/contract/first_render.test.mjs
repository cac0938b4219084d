// The first pictures of a service, for which the graphics driver compiles shaders, in
// threads of its own.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { api, send, startService } from './service.mjs';

const signals_after_ms = [0, 300, 1200];

it('ends with 0 whenever a signal comes during the first render', async (test) => {
  for (const after_ms of signals_after_ms) {
    const service = await startService({ MESA_SHADER_CACHE_DISABLE: 'true' });
    test.after(() => service.stop('SIGKILL'));
    const json = { width: 64, height: 64 };
    const render = send(service.port, 'POST', `${api}/render`, { json }).then(
      ({ status }) => status,
      (error) => error.code,
    );
    await sleep(after_ms);
    assert.equal(await service.stop(), 0, `${after_ms} ms: ${service.log.join('\n')}`);
    assert.ok([200, 503, 'ECONNRESET', 'ECONNREFUSED'].includes(await render), `${await render}`);
  }
});

/** The processes that have this in their environment. */
function processesWith(words) {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/environ`, 'utf8').includes(words);
    } catch {
      return false; // it has ended
    }
  });
}

it('has shaders compiled by one process where several services start at once', async (test) => {
  const cache = mkdtempSync(join(tmpdir(), 'vivavox-cache-'));
  const services = [];
  test.after(async () => {
    await Promise.all(services.map((service) => service.stop('SIGKILL')));
    for (const id of processesWith(cache)) process.kill(Number(id), 'SIGKILL');
    rmSync(cache, { recursive: true, maxRetries: 20, retryDelay: 200 });
  });
  const count = 4;
  const starts = Array.from({ length: count }, () => startService({ XDG_CACHE_HOME: cache }));
  services.push(...(await Promise.all(starts)));
  await sleep(1000);
  const running = processesWith(cache).length;
  assert.ok(running >= count && running <= count + 1, `${running} processes`);
});
