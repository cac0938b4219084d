import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface SiteServer {
  url: string;
  stop(): Promise<void>;
}

/** `vivavox serve` on a free port. */
export async function serve(root: string, port?: number): Promise<SiteServer> {
  port ??= await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'vivavox-'));
  const process = spawn(
    resolve('build/native/server/vivavox'),
    ['serve', '--root', resolve(root), '--port', String(port), '--log-level', 'error'],
    { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await Promise.race([
    once(process.stdout, 'data'),
    once(process, 'exit').then(() => ['']),
  ])) as [Buffer | string];
  if (!String(line).includes('http://')) throw new Error('vivavox serve did not start');
  return {
    url: `http://localhost:${port}/`,
    async stop() {
      const ended = once(process, 'exit');
      process.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
