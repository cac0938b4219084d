import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { SiteServer } from './server.js';

/** What browsers need to be told of files, by their names' endings. */
export const types: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/** Nothing but what is the page's own; inline scripts by their hashes. */
function strictPolicy(html: string): string {
  const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>(.*?)<\/script>/gs)];
  const hashes = inline.map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...new Set(hashes)].join(' '),
    "worker-src 'self'",
    "connect-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
  ].join('; ');
}

/** Serves a folder as any web server would: no special header but a strict security policy. */
export async function serveStrictly(root: string): Promise<SiteServer & { missing: string[] }> {
  const missing: string[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/favicon.ico') {
      response.writeHead(204).end();
      return;
    }
    const url = new URL(request.url ?? '/', 'http://localhost');
    const name = decodeURIComponent(url.pathname).replace(/\/$/, '/index.html');
    const file = path.join(root, name);
    readFile(file).then(
      (bytes) => {
        const type = types[path.extname(file)] ?? 'application/octet-stream';
        response.setHeader('Content-Type', type);
        const html = type === 'text/html' ? bytes.toString() : '';
        response.setHeader('Content-Security-Policy', strictPolicy(html));
        response.end(bytes);
      },
      () => {
        missing.push(name);
        response.writeHead(404).end();
      },
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    missing,
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
