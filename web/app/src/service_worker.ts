/// <reference lib="webworker" />
declare const self: ServiceWorkerGlobalScope;

/** The app's files, and a name for their state; web/build.mjs fills them in. */
declare const PRECACHE: string[];
declare const VERSION: string;

const prefix = 'vivavox-app-';
const cacheName = `${prefix}${VERSION}`;

self.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(cacheName);
      await cache.addAll(PRECACHE);
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((n) => n.startsWith(prefix) && n !== cacheName);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method === 'GET' && isOfApp(request.url)) event.respondWith(cacheFirst(request));
});

/** Whether it is one of the app's files: the same origin may serve an API as well. */
function isOfApp(url: string): boolean {
  const { scope } = self.registration;
  if (!url.startsWith(scope)) return false;
  const path = url.slice(scope.length).replace(/[?#].*$/, '');
  return PRECACHE.includes(path || './') || /^vivavox(-speech)?\//.test(path);
}

/** What a version is made of never changes; the next version has a cache of its own. */
async function cacheFirst(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  // The server varies its root by Accept; what is kept here is the page.
  const kept = await cache.match(request, { ignoreSearch: true, ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.status === 200) await cache.put(request, response.clone());
  return response;
}

export {};
