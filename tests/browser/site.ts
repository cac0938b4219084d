import { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser, type Graphics } from './browser.js';
import { serve, type SiteServer } from './server.js';

/** The built web app on a server of its own, and a browser. */
export interface Site {
  readonly url: string;
  readonly browser: Browser;
}

/** What the tests of a file share: there before the first, and gone after the last. */
export function shareSite(graphics?: Graphics): Site {
  let server: SiteServer | undefined;
  let browser: Browser | undefined;
  before(async () => {
    server = await serve('build/web');
    browser = await launchBrowser(graphics);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });
  const there = <T>(one: T | undefined): T => {
    if (one === undefined) throw new Error('the site is there within tests alone');
    return one;
  };
  return {
    get url() {
      return there(server).url;
    },
    get browser() {
      return there(browser);
    },
  };
}
