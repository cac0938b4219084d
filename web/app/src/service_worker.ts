/// <reference lib="webworker" />
import { SiteVersion } from './site_version.js';

declare const self: ServiceWorkerGlobalScope;

/** Filled in by web/service_worker.mjs: each file of the site with the SHA-256 of its bytes … */
declare const DIGESTS: Record<string, string>;
/** … those that are fetched at once … */
declare const PRECACHE: string[];
/** … and a name for this state of the site. */
declare const VERSION: string;

/** What is changed where the site is used, not where it is built: kiosk files and their pictures. */
const ownFolder = 'kiosk/';
const ownFiles = ['kiosk/kiosk.yaml'];
const ownCache = 'vivavox-own';
/** How long a network may take for such a file before the one that is kept is taken. */
const patience_ms = 4000;

const version = new SiteVersion(self.registration.scope, VERSION, DIGESTS);

// A worker whose install fails is never used: the version before goes on, and the browser tries again.
self.addEventListener('install', (event) => {
  event.waitUntil(install());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(version.removeOthers());
});

// Pages keep the version that they began with: a newer one waits until a page says that it can
// begin, and is the only page there is.
self.addEventListener('message', (event) => {
  if (event.data === 'begin') event.waitUntil(beginIfAlone());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const path = pathOf(request.url);
  if (request.method !== 'GET' || path === null) return;
  if (version.has(path)) event.respondWith(version.response(path));
  else if (version.has(`${path}/index.html`)) event.respondWith(Response.redirect(`${path}/`));
  else if (path.startsWith(ownFolder)) event.respondWith(newest(request));
});

async function install(): Promise<void> {
  const kept = await caches.open(ownCache);
  for (const path of ownFiles) {
    const url = new URL(path, self.registration.scope);
    await newest(new Request(url)).catch(async (error: unknown) => {
      if (!(await kept.match(url))) throw error;
    });
  }
  await version.fill(PRECACHE);
}

async function beginIfAlone(): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (pages.length <= 1) await self.skipWaiting();
}

/** The file of the site that a URL means; null outside of it. The service's API is there, too. */
function pathOf(url: string): string | null {
  const { scope } = self.registration;
  if (!url.startsWith(scope)) return null;
  const path = url.slice(scope.length).replace(/[?#].*$/, '');
  return path === '' || path.endsWith('/') ? `${path}index.html` : path;
}

/** As the network has it, or else as it was seen last. */
async function newest(request: Request): Promise<Response> {
  const kept = await caches.open(ownCache);
  try {
    const signal = AbortSignal.timeout(patience_ms);
    const response = await fetch(request, { cache: 'no-cache', signal });
    const bytes = await response.clone().arrayBuffer();
    if (response.status === 200) await kept.put(request.url, new Response(bytes, response));
    return response;
  } catch (error) {
    const last = await kept.match(request.url);
    if (last) return last;
    throw error;
  }
}
