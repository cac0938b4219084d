// The site without a network: it starts and speaks, wherever its installation or an update was cut.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser, launchWithProfile } from './browser.js';
import { FailingServer } from './failing_server.js';

const patience = { timeout: 60_000 };
/** How often the network is cut within an installation, and within an update. */
const rounds = Number(process.env.VIVAVOX_CUT_ROUNDS ?? '10');
const oldSite = 'build/web';
const newSite = 'build/web-newer';

/** A newer version of the site, in which page, scripts and workers say that they are of it. */
function makeNewSite(): void {
  rmSync(newSite, { recursive: true, force: true });
  cpSync(oldSite, newSite, { recursive: true });
  const change = (name: string, from: RegExp, to: string) => {
    const file = path.join(newSite, name);
    writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
  };
  change('kiosk/index.html', /<html/, '<html data-version="new"');
  change('kiosk/main.js', /^/, 'globalThis.siteVersion = "new";');
  change('vivavox/scene_worker.js', /^/, 'self.siteVersion = "new";');
  change('vivavox-speech/speech_worker.js', /^/, 'self.siteVersion = "new";');
  const script = `import('./web/service_worker.mjs').then(({ buildServiceWorker }) => buildServiceWorker('${newSite}'))`;
  execFileSync(process.execPath, ['--input-type=module', '-e', script]);
}

/** How many bytes a site's files have together; of those alone that another site has otherwise. */
function sizeOf(site: string, besides?: string): number {
  const isOther = (name: string) =>
    !besides || !readFileSync(path.join(site, name)).equals(readFileSync(path.join(besides, name)));
  return readdirSync(site, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/\.map$|_dict\.bin$|ort-wasm|\.built-from$/.test(name))
    .filter((name) => statSync(path.join(site, name)).isFile() && isOther(name))
    .reduce((sum, name) => sum + statSync(path.join(site, name)).size, 0);
}

/** The same numbers in every run, from 0 up to 1 (Park and Miller's generator). */
function randomNumbers(seed: number): () => number {
  const range = 2_147_483_647;
  let state = seed;
  return () => {
    state = (state * 48_271) % range;
    return state / range;
  };
}

/** Opens the kiosk as it waits for somebody. */
async function startKiosk(page: Page, url: string): Promise<void> {
  await page.goto(`${url}kiosk/`);
  await page.waitForSelector('vivavox-kiosk[data-scene=attract]', patience);
}

/** Opens the kiosk until it is kept, or the network was cut. */
async function startUntilCut(page: Page, server: FailingServer): Promise<void> {
  const over = new AbortController();
  const end = () => {
    over.abort();
  };
  startKiosk(page, server.url)
    .then(() => untilTried(page))
    .then(end, end);
  while (!over.signal.aborted && server.allowance_bytes > 0) await page.waitForTimeout(20);
}

/** Has the kiosk greet, and waits until it is heard and drawn. */
async function assertSpeaks(page: Page, language = 'English'): Promise<void> {
  await page.evaluate(() => {
    const face = document.querySelector('vivavox-avatar');
    face?.addEventListener('start', () => Object.assign(globalThis, { isHeard: true }));
  });
  await page.getByRole('button', { name: language }).click();
  await page.waitForFunction(() => 'isHeard' in globalThis, null, patience);
  const drawn = await page.evaluate(async () => {
    const avatar = await document.querySelector('vivavox-avatar')?.avatar;
    return (await avatar?.stats())?.framesDrawn ?? 0;
  });
  assert.ok(drawn > 0);
}

/** The versions of what a page is made of: of one alone, unless two are mixed. */
async function versionsOf(page: Page): Promise<string[]> {
  const html = await page.evaluate(() => document.documentElement.dataset.version ?? 'old');
  const script = await page.evaluate(`globalThis.siteVersion ?? 'old'`);
  const workers = page.workers().map((worker) => worker.evaluate(`self.siteVersion ?? 'old'`));
  assert.ok(workers.length >= 2, 'a scene and a voice');
  return [html, script, ...(await Promise.all(workers))].map(String);
}

async function assertVersion(page: Page, version: string): Promise<void> {
  const all = await versionsOf(page);
  assert.deepEqual(all, Array(all.length).fill(version));
}

/** Asks for a newer version. Returns whether one is there, wholly, once it was tried. */
function update(page: Page): Promise<boolean> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    try {
      await registration.update();
    } catch {
      return false;
    }
    const { installing } = registration;
    if (!installing) return registration.waiting !== null;
    return new Promise<boolean>((resolve) => {
      const judge = () => {
        if (installing.state !== 'installing') resolve(installing.state === 'installed');
      };
      installing.addEventListener('statechange', judge);
      judge();
    });
  });
}

/** Lets the kiosk begin with the version that waits, as it does while nobody is there. */
async function takeUp(page: Page): Promise<void> {
  await Promise.all([
    page.waitForEvent('framenavigated', patience),
    page.evaluate(() => document.querySelector('vivavox-kiosk')?.dispatchEvent(new Event('rest'))),
  ]);
  await page.waitForSelector('vivavox-kiosk[data-scene=attract]', patience);
}

/** Waits until the site is kept, or its installation has failed. */
function untilTried(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration('/');
    const worker = registration?.installing;
    if (!worker) return;
    await new Promise<void>((resolve) => {
      const judge = () => {
        if (worker.state !== 'installing') resolve();
      };
      worker.addEventListener('statechange', judge);
      judge();
    });
  });
}

describe('without a network', () => {
  let browser: Browser;

  before(async () => {
    makeNewSite();
    browser = await launchBrowser();
  });

  after(async () => {
    await browser.close();
  });

  async function openContext(t: TestContext): Promise<BrowserContext> {
    const context = await newContext();
    t.after(() => context.close());
    return context;
  }

  async function newContext(): Promise<BrowserContext> {
    const context = await browser.newContext({ viewport: { width: 320, height: 240 } });
    // The tests themselves load their pages anew.
    await context.addInitScript(() => {
      sessionStorage.setItem('vivavox-reloaded', 'yes');
    });
    return context;
  }

  async function startServer(t: TestContext): Promise<FailingServer> {
    const server = await FailingServer.start(oldSite);
    t.after(() => server.stop());
    return server;
  }

  test('the kiosk starts in a cold browser, and speaks each of its languages', async (t) => {
    const profile = await mkdtemp(path.join(tmpdir(), 'vivavox-profile-'));
    t.after(() => rm(profile, { recursive: true, force: true, maxRetries: 5 }));
    const server = await startServer(t);
    const warm = await launchWithProfile(profile);
    const first = await warm.newPage();
    await startKiosk(first, server.url);
    await first.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const devTools = await warm.newCDPSession(first);
    const { installabilityErrors } = await devTools.send('Page.getInstallabilityErrors');
    assert.deepEqual(installabilityErrors, [], 'it can be installed');
    await warm.close();
    server.allowance_bytes = 0;
    const cold = await launchWithProfile(profile);
    t.after(() => cold.close());
    const page = await cold.newPage();
    await page.setViewportSize({ width: 320, height: 240 });
    for (const language of ['English', 'Deutsch', 'العربية', '中文']) {
      await startKiosk(page, server.url);
      await assertSpeaks(page, language);
    }
  });

  test('an installation that was cut goes on with what is missing', async (t) => {
    const server = await startServer(t);
    const page = await (await openContext(t)).newPage();
    await startKiosk(page, server.url);
    await untilTried(page);
    const whole = server.askedByWorkers.length;
    assert.ok(whole > 20, `a worker asked for ${whole} files`);
    // In another profile, after four megabytes more than the page takes by itself.
    const other = await (await openContext(t)).newPage();
    await other.addInitScript(() => {
      const register = navigator.serviceWorker.register.bind(navigator.serviceWorker);
      navigator.serviceWorker.register = async (...args) => {
        await new Promise((resolve) => addEventListener('install now', resolve, { once: true }));
        return register(...args);
      };
    });
    await startKiosk(other, server.url);
    server.askedByWorkers.length = 0;
    server.allowance_bytes = 4e6;
    await other.evaluate(() => dispatchEvent(new Event('install now')));
    while (server.allowance_bytes > 0) await other.waitForTimeout(50);
    await untilTried(other);
    const before = new Set(server.askedByWorkers);
    server.askedByWorkers.length = 0;
    server.allowance_bytes = Infinity;
    await other.evaluate(async () => {
      const registering = navigator.serviceWorker.register('/service_worker.js');
      dispatchEvent(new Event('install now'));
      await registering;
      await navigator.serviceWorker.ready;
    });
    const again = server.askedByWorkers.filter((name) => before.has(name));
    // Those that were under way when the network was cut, and the kiosk file, which may have changed.
    assert.ok(again.length <= 5, again.join());
    assert.ok(before.size + server.askedByWorkers.length - again.length >= whole);
  });

  test(`starts and speaks after ${rounds} installations that were cut anywhere`, async (t) => {
    const random = randomNumbers(20_261_123);
    const server = await startServer(t);
    // What the page loads by itself, and then the worker.
    const most_bytes = 2 * sizeOf(oldSite);
    for (let round = 0; round < rounds; round++) {
      const cut_bytes = Math.floor(random() * most_bytes);
      const context = await newContext();
      const page = await context.newPage();
      server.allowance_bytes = cut_bytes;
      await startUntilCut(page, server);
      server.allowance_bytes = Infinity;
      await startKiosk(page, server.url);
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
      server.allowance_bytes = 0;
      await startKiosk(page, server.url);
      await assertSpeaks(page);
      await assertVersion(page, 'old').catch((error: unknown) => {
        throw new Error(`round ${round}, cut after ${cut_bytes} bytes`, { cause: error });
      });
      await context.close();
    }
  });

  test(`never mixes two versions in ${rounds} updates that were cut anywhere`, async (t) => {
    const random = randomNumbers(13);
    const server = await startServer(t);
    const page = await (await openContext(t)).newPage();
    await startKiosk(page, server.url);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await startKiosk(page, server.url);
    let [now, coming] = ['old', 'new'];
    const sites: Record<string, string> = { old: oldSite, new: newSite };
    const most_bytes = sizeOf(newSite, oldSite);
    let taken = 0;
    for (let round = 0; round < rounds; round++) {
      server.root = sites[coming] ?? oldSite;
      const cut_bytes = Math.floor(random() * most_bytes);
      server.allowance_bytes = cut_bytes;
      const isThere = await update(page);
      server.allowance_bytes = 0;
      if (isThere) {
        taken++;
        await takeUp(page);
        [now, coming] = [coming, now];
      } else {
        await startKiosk(page, server.url);
      }
      await assertSpeaks(page);
      await assertVersion(page, now).catch((error: unknown) => {
        throw new Error(`round ${round}, cut after ${cut_bytes} bytes`, { cause: error });
      });
      await startKiosk(page, server.url);
    }
    t.diagnostic(`${taken} were whole in spite of it, ${rounds - taken} were not`);
  });

  test('a newer version begins while nobody is there, and with all that was kept', async (t) => {
    const server = await startServer(t);
    const page = await (await openContext(t)).newPage();
    await startKiosk(page, server.url);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await startKiosk(page, server.url);
    // A language that does not come with the site, as another kiosk file would have it.
    const fetched = () =>
      page.evaluate(async () => {
        const file = await fetch('/vivavox-speech/espeak-ng-data/fr_dict.bin');
        return (await file.arrayBuffer()).byteLength;
      });
    const french_bytes = await fetched();
    server.root = newSite;
    assert.equal(await update(page), true);
    await assertVersion(page, 'old');
    server.askedByWorkers.length = 0;
    await takeUp(page);
    server.allowance_bytes = 0;
    await startKiosk(page, server.url);
    await assertVersion(page, 'new');
    assert.equal(await fetched(), french_bytes);
  });

  test('another page keeps the version before until it is gone', async (t) => {
    const server = await startServer(t);
    const context = await openContext(t);
    const page = await context.newPage();
    await startKiosk(page, server.url);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await startKiosk(page, server.url);
    const other = await context.newPage();
    await startKiosk(other, server.url);
    server.root = newSite;
    assert.equal(await update(page), true);
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      registration.waiting?.postMessage('begin');
    });
    await startKiosk(other, server.url);
    await assertVersion(other, 'old');
    await other.close();
    await takeUp(page);
    await assertVersion(page, 'new');
  });

  test('a file that is not of the version is not answered', async (t) => {
    const server = await startServer(t);
    const page = await (await openContext(t)).newPage();
    await startKiosk(page, server.url);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await startKiosk(page, server.url);
    // The next version's files are put in place before its service worker is.
    rmSync(path.join(newSite, 'vivavox-speech/espeak-ng-data/it_dict.bin'));
    writeFileSync(path.join(newSite, 'vivavox-speech/espeak-ng-data/it_dict.bin'), 'newer');
    server.root = newSite;
    const answered = await page.evaluate(() =>
      fetch('/vivavox-speech/espeak-ng-data/it_dict.bin').then(
        () => 'answered',
        (error) => String(error),
      ),
    );
    assert.match(answered, /TypeError/);
  });
});
