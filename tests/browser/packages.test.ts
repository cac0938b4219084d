import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser, openPage } from './browser.js';
import { serve, type SiteServer } from './server.js';
import { peak, soundOf } from './sound.js';

const page = `<!doctype html>
<script type="importmap">
  { "imports": {
    "vivavox": "./node_modules/vivavox/dist/index.js",
    "vivavox-speech": "./node_modules/vivavox-speech/dist/index.js"
  } }
</script>
<link rel="icon" href="data:," />
<canvas id="face" style="width: 320px; height: 320px"></canvas>
<button id="speak" disabled>Speak</button>
<output id="outcome"></output>
<script type="module">
  import { Avatar } from 'vivavox';
  import { createSpeech } from 'vivavox-speech';
  const avatar = await Avatar.create(face, { speech: createSpeech() });
  speak.onclick = async () => { outcome.value = await avatar.speak('Hello'); };
  speak.disabled = false;
</script>
`;

let project: string;
let site: SiteServer;
let browser: Browser;

before(async () => {
  project = mkdtempSync(path.join(tmpdir(), 'vivavox-project-'));
  const npm = (...args: string[]) => execFileSync('npm', args, { encoding: 'utf8' });
  const packed = npm(
    'pack',
    '-w',
    'vivavox',
    '-w',
    'vivavox-speech',
    '--pack-destination',
    project,
    '--json',
  );
  const files = (JSON.parse(packed) as { filename: string }[]).map(({ filename }) =>
    path.join(project, filename),
  );
  writeFileSync(path.join(project, 'package.json'), '{ "private": true }');
  writeFileSync(path.join(project, 'index.html'), page);
  npm('install', '--prefix', project, '--offline', '--no-audit', '--no-fund', ...files);
  site = await serve(project);
  browser = await launchBrowser();
});

after(async () => {
  await browser.close();
  await site.stop();
  rmSync(project, { recursive: true });
});

test('both packages, installed into an empty page project, speak there', async (t) => {
  const { page, errors } = await openPage(t, browser, site.url);
  await page.click('#speak:enabled', { timeout: 60_000 });
  await page.waitForFunction(() => document.querySelector('output')?.value === 'finished', null, {
    timeout: 60_000,
  });
  assert.ok(peak((await soundOf(page)).samples) > 0.05);
  assert.deepEqual(errors, []);
});
