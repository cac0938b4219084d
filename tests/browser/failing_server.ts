import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { types } from './static_server.js';

/** Serves a folder over a network that can be cut, within a file too. */
export class FailingServer {
  readonly url: string;
  /** The folder that is served. */
  root: string;
  /** So many bytes of files still come through; then nothing does. */
  allowance_bytes = Infinity;
  /** The paths that service workers asked for. */
  readonly askedByWorkers: string[] = [];
  readonly #server: Server;

  static async start(root: string): Promise<FailingServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FailingServer(server, root);
  }

  private constructor(server: Server, root: string) {
    this.root = root;
    this.#server = server;
    this.url = `http://localhost:${(server.address() as AddressInfo).port}/`;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void this.#answer(request, response);
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.allowance_bytes <= 0) {
      request.socket.destroy();
      return;
    }
    const { pathname } = new URL(request.url ?? '/', this.url);
    const name = pathname.replace(/\/$/, '/index.html');
    // A service worker's own requests pass by what the browser keeps.
    if (request.headers['cache-control'] === 'max-age=0') this.askedByWorkers.push(name);
    const bytes = await readFile(path.join(this.root, name)).catch(() => null);
    if (!bytes) {
      response.writeHead(404).end();
      return;
    }
    const type = types[path.extname(name)] ?? 'application/octet-stream';
    response.writeHead(200, { 'Content-Type': type, 'Content-Length': bytes.length });
    const whole = bytes.length <= this.allowance_bytes;
    const sent = whole ? bytes : bytes.subarray(0, this.allowance_bytes);
    this.allowance_bytes -= bytes.length;
    if (whole) response.end(sent);
    else response.write(sent, () => request.socket.destroy());
  }
}
