/// <reference lib="webworker" />

const prefix = 'vivavox-app-';
/** How many files are fetched at one time. */
const lanes = 4;

/**
 * One version of the site's files, in a cache of its own. Every file has the SHA-256 that the build
 * wrote down: what is kept, and what is answered, is of this version or nothing.
 */
export class SiteVersion {
  readonly #scope: string;
  readonly #cacheName: string;
  readonly #digests: ReadonlyMap<string, string>;

  /**
   * @param scope the site's address
   * @param digests SHA-256 in hexadecimal of each file, by its path
   */
  constructor(scope: string, name: string, digests: Record<string, string>) {
    this.#scope = scope;
    this.#cacheName = prefix + name;
    this.#digests = new Map(Object.entries(digests));
  }

  /** Whether it has a file of that path. */
  has(path: string): boolean {
    return this.#digests.has(path);
  }

  /**
   * Fetches these files, and those that the version before came to keep. Files that are there
   * already, in this version or another, are not fetched again: one that was cut goes on.
   * @throws TypeError where a file cannot be had, or is not of this version
   */
  async fill(paths: readonly string[]): Promise<void> {
    const wanted = [...new Set([...paths, ...(await this.#usedBefore())])];
    const waiting = wanted.values();
    const fetchInTurn = async () => {
      for (const path of waiting) await this.#keep(path);
    };
    await Promise.all(Array.from({ length: lanes }, fetchInTurn));
    // Another worker that became active meanwhile may have removed the cache.
    const cache = await caches.open(this.#cacheName);
    const kept = new Set((await cache.keys()).map(({ url }) => url));
    if (!wanted.every((path) => kept.has(this.#url(path)))) {
      throw new TypeError('the cache was removed while it was filled');
    }
  }

  /** A file, kept from then on. @throws TypeError where it cannot be had, or is not of this version */
  async response(path: string): Promise<Response> {
    const cache = await caches.open(this.#cacheName);
    return (await cache.match(this.#url(path))) ?? this.#keep(path);
  }

  /** Removes all versions but this one. */
  async removeOthers(): Promise<void> {
    for (const name of await versionNames()) {
      if (name !== this.#cacheName) await caches.delete(name);
    }
  }

  async #keep(path: string): Promise<Response> {
    const cache = await caches.open(this.#cacheName);
    const own = await this.#verified(path, await cache.match(this.#url(path)));
    if (own) return own;
    const response =
      (await this.#ofOthers(path)) ?? (await this.#verified(path, await this.#fetched(path)));
    if (!response) throw new TypeError(`${path} is of another version`);
    await cache.put(this.#url(path), response.clone());
    return response;
  }

  /** As the network has it, asked for even where the browser keeps an answer. */
  #fetched(path: string): Promise<Response> {
    const address = path.replace(/(^|\/)index\.html$/, '$1');
    return fetch(new URL(address, this.#scope), { cache: 'no-cache' });
  }

  async #ofOthers(path: string): Promise<Response | null> {
    for (const name of await versionNames()) {
      const cache = await caches.open(name);
      const found = await this.#verified(path, await cache.match(this.#url(path)));
      if (found) return found;
    }
    return null;
  }

  /** Null for what is not the file's bytes in this version. */
  async #verified(path: string, response: Response | undefined): Promise<Response | null> {
    if (response?.status !== 200) return null;
    const bytes = await response.arrayBuffer();
    if (hexadecimal(await crypto.subtle.digest('SHA-256', bytes)) !== this.#digests.get(path)) {
      return null;
    }
    const headers = new Headers(response.headers);
    // They tell of the bytes as they were sent.
    for (const name of ['Content-Encoding', 'Content-Length']) headers.delete(name);
    return new Response(bytes, { headers });
  }

  /** What any version keeps, as far as this one has it, too. */
  async #usedBefore(): Promise<string[]> {
    const paths: string[] = [];
    for (const name of await versionNames()) {
      const requests = await (await caches.open(name)).keys();
      paths.push(...requests.map(({ url }) => url.slice(this.#scope.length)));
    }
    return paths.filter((path) => this.has(path));
  }

  #url(path: string): string {
    return this.#scope + path;
  }
}

async function versionNames(): Promise<string[]> {
  return (await caches.keys()).filter((name) => name.startsWith(prefix));
}

function hexadecimal(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
