// Others who use a service, in a process of their own, so that whoever measures is not
// slowed down by them. `node bad_company.mjs NAME PORT` says "here" once they have come, and ends with its input.
import { once } from 'node:events';
import net from 'node:net';
import { constants, setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { api, send } from '../contract/service.mjs';
import { generation, sentence } from './film_request.mjs';

/** What company there may be. */
export const companies = {
  'idle connections': async (port) => {
    const join = () => {
      const socket = net.connect(port, '127.0.0.1');
      socket.on('error', () => {});
      // The service closes what says nothing: others come.
      socket.on('close', join);
    };
    // Not all at once: so they also go and come again a few at a time.
    for (let i = 0; i < 2000; ++i) {
      join();
      if (i % 10 === 0) await sleep(50);
    }
  },
  'slow readers': async (port) => {
    const film = { text: sentence.repeat(100), width: 256, height: 256 };
    for (let i = 0; i < 16; ++i) {
      // They get an answer, and read none of it.
      generation(port, film).on('response', () => {});
    }
    await sleep(2000);
  },
  'stalled uploads': async (port) => {
    for (let i = 0; i < 64; ++i) {
      const socket = net.connect(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(
        `POST ${api}/assets/upload?name=a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999\r\n\r\nx`,
      );
    }
    await sleep(500);
  },
  'a full render queue': async (port) => {
    const render = async (seed) => {
      for (; ; seed += 100) {
        const json = { width: 512, height: 512, seed };
        const answer = await send(port, 'POST', `${api}/render`, { json });
        if (answer.status === 503) await sleep(Number(answer.headers['retry-after']) * 1000);
      }
    };
    for (let i = 0; i < 100; ++i) render(i).catch(() => {});
    await sleep(1000);
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setPriority(constants.priority.PRIORITY_NORMAL);
  const [name, port] = process.argv.slice(2);
  await companies[name](Number(port));
  console.log('here');
  process.stdin.resume();
  await once(process.stdin, 'end');
  process.exit();
}
