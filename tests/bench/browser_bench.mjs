// How long a visitor waits for the first frame and for the first sound, with an
// empty browser and coming back. Prints one line of JSON; times in seconds.
/* global document, OffscreenCanvas, requestAnimationFrame, performance, AudioBufferSourceNode, addEventListener */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';

const port = 18080;
const url = `http://localhost:${port}/`;

/** Runs in the page before its scripts: notes the first draw and the first sound. */
function watch() {
  const seen = { firstFrame_s: null, spoken_s: null, firstSound_s: null };
  globalThis.seen = seen;
  const look = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const untilShown = () => {
    const canvas = document.querySelector('canvas');
    if (canvas) look.drawImage(canvas, 0, 0, 1, 1);
    if (look.getImageData(0, 0, 1, 1).data[3] > 0) seen.firstFrame_s = performance.now() / 1000;
    else requestAnimationFrame(untilShown);
  };
  requestAnimationFrame(untilShown);
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (when = 0, ...rest) {
    const wait_s = Math.max(0, when - this.context.currentTime);
    seen.firstSound_s ??= performance.now() / 1000 + wait_s;
    return start.call(this, when, ...rest);
  };
  addEventListener('click', () => (seen.spoken_s = performance.now() / 1000), { capture: true });
}

async function visit(context) {
  const page = await context.newPage();
  await page.addInitScript(watch);
  await page.goto(url);
  await page.waitForFunction(() => Number.isFinite(globalThis.seen.firstFrame_s), null, {
    timeout: 60_000,
  });
  await page.waitForSelector('#speak:not([disabled])');
  await page.fill('textarea', 'Hello there.');
  await page.click('#speak');
  await page.waitForFunction(() => globalThis.seen.firstSound_s, null, { timeout: 60_000 });
  const seen = await page.evaluate(() => globalThis.seen);
  await page.close();
  return {
    first_frame_s: Number(seen.firstFrame_s.toFixed(2)),
    click_to_sound_s: Number((seen.firstSound_s - seen.spoken_s).toFixed(2)),
  };
}

const folder = await mkdtemp(join(tmpdir(), 'vivavox-'));
const server = spawn(
  resolve('build/native/server/vivavox'),
  ['serve', '--root', resolve('build/web'), '--port', `${port}`],
  { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] },
);
await once(server.stdout, 'data');
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    ...['--no-sandbox', '--headless=new', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
    ...['--ignore-gpu-blocklist', '--disable-background-networking', '--disable-sync'],
  ],
});
const context = await browser.newContext({ viewport: { width: 1000, height: 640 } });
const cold = await visit(context);
const warm = await visit(context);
await browser.close();
server.kill();
await rm(folder, { recursive: true });
console.log(JSON.stringify({ bench: 'browser', cold, warm }));
