import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { isHeldToPolicy, Projects, speaks, watchPage } from './projects.js';
import { serveStrictly } from './static_server.js';
import { launchFirefox, launchWebKit, type DrivenBrowser } from './webdriver.js';

const browsers: Record<string, () => Promise<DrivenBrowser>> = {
  Firefox: launchFirefox,
  WebKitGTK: launchWebKit,
};

describe('the packed packages in a plain page, served under a strict policy, speak with both kinds of voice', () => {
  let folder: string;

  before(() => {
    folder = new Projects('web-projects-elsewhere').makePlain();
    writeFileSync(path.join(folder, 'watch.js'), `(${watchPage.toString()})();\n`);
    const page = path.join(folder, 'index.html');
    const html = readFileSync(page, 'utf8');
    writeFileSync(page, html.replace('<body>', '<body>\n<script src="watch.js"></script>'));
  });

  for (const [name, launch] of Object.entries(browsers)) {
    test(`in ${name}`, async (t) => {
      const site = await serveStrictly(folder);
      t.after(() => site.stop());
      const browser = await launch();
      t.after(() => browser.quit());
      t.diagnostic(`${name} ${browser.version}`);
      await browser.goto(site.url);
      await speaks(browser);
      assert.deepEqual(site.missing, []);
      assert.ok(await isHeldToPolicy(browser));
      const row = new RegExp(`^\\| ${name} \\| [^|]+ \\| speak \\| speak \\|$`, 'm');
      assert.match(readFileSync('docs/browser-support.md', 'utf8'), row);
    });
  }
});
