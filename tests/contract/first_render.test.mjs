// The service is told to end while it draws its first picture: the graphics driver still
// compiles shaders, in threads of its own, and what it uses must outlast them.
import assert from 'node:assert/strict';
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
