/** Marks a page that has loaded anew once, to be served by what is kept. */
const reloadedMark = 'vivavox-reloaded';

/** How often a page that runs for months asks for a newer version. */
const asking_ms = 3_600_000;

/** What keeps the site for use without a network, and newer versions of it. */
export class Updates {
  readonly #registration: ServiceWorkerRegistration;
  #asked_ms = performance.now();

  /**
   * Has the site kept by its service worker.
   * @param script the service worker's
   * @returns null where the browser keeps nothing
   */
  static async begin(script: string | URL): Promise<Updates | null> {
    if (!('serviceWorker' in navigator)) return null;
    // Disks that fill up take nothing of it away.
    void navigator.storage.persist();
    try {
      return new Updates(await navigator.serviceWorker.register(script));
    } catch {
      return null;
    }
  }

  private constructor(registration: ServiceWorkerRegistration) {
    this.#registration = registration;
  }

  /**
   * Loads the page anew where a newer version is wholly there, unless other pages use the older one.
   * Call it where nobody would notice, and with nothing still loading.
   */
  takeUp(): void {
    const { waiting } = this.#registration;
    if (waiting) {
      navigator.serviceWorker.addEventListener('controllerchange', reload, { once: true });
      waiting.postMessage('begin');
    } else if (performance.now() - this.#asked_ms > asking_ms) {
      this.#asked_ms = performance.now();
      // Without a network there is none.
      this.#registration.update().catch(() => undefined);
    }
  }

  /** Loads a page that came by the network anew, once, so that whatever it loads is kept. */
  becomeKept(): void {
    const isKept = navigator.serviceWorker.controller !== null;
    if (isKept || !this.#registration.active || sessionStorage.getItem(reloadedMark)) return;
    sessionStorage.setItem(reloadedMark, 'yes');
    location.reload();
  }
}

function reload(): void {
  location.reload();
}
