import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { build } from 'vite';
import { violationsIn } from './accessibility.js';
import { launchBrowser, openPage } from './browser.js';
import { frames, motion } from './picture.js';
import { isHeldToPolicy, until, watchPage } from './projects.js';
import { serveStrictly } from './static_server.js';

const site = path.resolve('build/web-examples');
const mouth = { left: 0.4, top: 0.5, width: 0.2, height: 0.2 };

describe('the example of a talking face speaks what is typed, and axe finds nothing in it', () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serveStrictly>>;

  before(async () => {
    await build({
      root: 'web/examples',
      configFile: 'web/examples/vite.config.js',
      logLevel: 'error',
      build: { outDir: site, emptyOutDir: true },
    });
    server = await serveStrictly(site);
    browser = await launchBrowser();
  });

  after(async () => {
    await browser.close();
    await server.stop();
  });

  for (const [name, folder] of Object.entries({
    'in a plain page': 'plain',
    'in React': 'react',
    'in Vue': 'vue',
    'in Svelte': 'svelte',
  })) {
    test(name, async (t) => {
      const { page, errors } = await openPage(t, browser, `${server.url}${folder}/`, {}, watchPage);
      page.setDefaultTimeout(60_000);
      await page.fill('input', 'Papa bought a map. Mama may buy a boat.');
      await page.click('button:enabled');
      await until(page, 'seen.peak > 0.03');
      const moved = motion(await frames(page, mouth, 5));
      await until(page, "document.querySelector('output').textContent !== ''");
      assert.equal(await page.innerText('output'), 'finished');
      assert.ok(moved > 0.5, `the mouth moves by ${moved}`);
      assert.deepEqual(await violationsIn(page), []);
      assert.deepEqual(errors, []);
      assert.deepEqual(server.missing, []);
      assert.ok(await isHeldToPolicy(page));
    });
  }
});
