import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { publint } from 'publint';
import { build as buildWithVite } from 'vite';
import webpack from 'webpack';
import { launchBrowser } from './browser.js';
import { frames, motion } from './picture.js';
import { serveStrictly } from './static_server.js';

const patience = { timeout: 120_000 };
const sources = path.resolve('tests/browser/projects');
/** Within the repository, where the bundlers and frameworks are installed. */
const projects = path.resolve('build/web-projects');
const mouth = { left: 0.4, top: 0.5, width: 0.2, height: 0.2 };

let packed: string[];
let browser: Browser;

before(async () => {
  rmSync(projects, { recursive: true, force: true });
  mkdirSync(projects, { recursive: true });
  const workspaces = ['-w', 'vivavox', '-w', 'vivavox-speech'];
  const listing = npm('pack', ...workspaces, '--pack-destination', projects, '--json');
  packed = (JSON.parse(listing) as { filename: string }[]).map(({ filename }) =>
    path.join(projects, filename),
  );
  browser = await launchBrowser();
});

after(async () => {
  await browser.close();
});

function npm(...args: string[]): string {
  return execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A fresh project with the packages installed from their tarballs. */
function makeProject(name: string): string {
  const folder = path.join(projects, name);
  cpSync(path.join(sources, name), folder, { recursive: true });
  cpSync(path.join(sources, 'page.js'), path.join(folder, 'page.js'));
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  npm('install', '--prefix', folder, '--offline', '--no-audit', '--no-fund', ...packed);
  return folder;
}

function writePage(folder: string, head: string, script: string): void {
  const body = readFileSync(path.join(sources, 'body.html'), 'utf8');
  writeFileSync(
    path.join(folder, 'index.html'),
    `<!doctype html>\n<html lang="en">\n  <body>\n${head}${body}    <script type="module" src="${script}"></script>\n  </body>\n</html>\n`,
  );
}

function addVoice(folder: string): void {
  for (const file of ['tone.onnx', 'tone.onnx.json']) {
    cpSync(path.resolve('tests/data', file), path.join(folder, file));
  }
}

/** Runs in the page before its scripts: how loud it was, and what its policy forbade. */
function watchPage(): void {
  const seen = { peak: 0, forbidden: [] as string[] };
  Object.assign(globalThis, { seen, recording: { onFrame: null } });
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    seen.forbidden.push(`${violatedDirective} ${blockedURI}`);
  });
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on its own node
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...args: unknown[]) => unknown;
  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    if (args[0] instanceof AudioDestinationNode) {
      const analyser = new AnalyserNode(this.context, { fftSize: 4096 });
      const samples = new Float32Array(4096);
      connect.call(this, analyser);
      setInterval(() => {
        analyser.getFloatTimeDomainData(samples);
        for (const sample of samples) seen.peak = Math.max(seen.peak, Math.abs(sample));
      }, 50);
    }
    return connect.apply(this, args);
  } as typeof AudioNode.prototype.connect;
  const shown = ImageBitmapRenderingContext.prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on its own context
  const show = shown.transferFromImageBitmap;
  shown.transferFromImageBitmap = function (bitmap: ImageBitmap | null) {
    show.call(this, bitmap);
    recording.onFrame?.();
  };
}

interface Seen {
  peak: number;
  forbidden: string[];
}

const seenIn = (page: Page) => page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen);

/** Opens a built project under a strict policy and lets both voices speak. */
async function speaks(t: TestContext, folder: string): Promise<void> {
  const site = await serveStrictly(folder);
  const context = await browser.newContext({ viewport: { width: 320, height: 320 } });
  t.after(async () => {
    await context.close();
    await site.stop();
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.addInitScript(watchPage);
  await page.goto(site.url);
  for (const voice of ['espeak:en-us', 'tone.onnx']) {
    await page.click(`button[value="${voice}"]:enabled`, patience);
    await page.waitForFunction(() => (globalThis as unknown as { seen: Seen }).seen.peak > 0.03);
    const moved = motion(await frames(page, mouth, 5));
    await page.waitForFunction(
      () => document.querySelector('output')?.textContent !== '',
      null,
      patience,
    );
    assert.equal(await page.innerText('output'), 'finished', voice);
    assert.ok(moved > 0.5, `the mouth moves by ${moved}, ${voice}`);
    await page.evaluate(() => ((globalThis as unknown as { seen: Seen }).seen.peak = 0));
  }
  assert.deepEqual((await seenIn(page)).forbidden, []);
  assert.deepEqual(site.missing, []);
  assert.deepEqual(errors, []);
}

describe('the packed packages, built for production and served under a strict policy, speak with both kinds of voice', () => {
  test('in a plain page with an import map', async (t) => {
    const folder = makeProject('plain');
    const runtime = 'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm';
    cpSync(path.resolve(runtime), path.join(folder, runtime));
    addVoice(folder);
    const imports = {
      vivavox: './node_modules/vivavox/dist/index.js',
      'vivavox-speech': './node_modules/vivavox-speech/dist/index.js',
    };
    const map = `<script type="importmap">${JSON.stringify({ imports })}</script>\n`;
    writePage(folder, map, './main.js');
    await speaks(t, folder);
  });

  test('by Vite', async (t) => {
    const folder = makeProject('vite');
    writePage(folder, '', './main.js');
    await buildWithVite({ root: folder, logLevel: 'error', build: { target: 'es2022' } });
    const dist = path.join(folder, 'dist');
    addVoice(dist);
    await speaks(t, dist);
  });

  test('by webpack', async (t) => {
    const folder = makeProject('webpack');
    const dist = path.join(folder, 'dist');
    const stats = await new Promise<webpack.Stats | undefined>((resolve, reject) => {
      webpack(
        { mode: 'production', context: folder, entry: './main.js', output: { path: dist } },
        (error, stats) => {
          if (error) reject(error);
          else resolve(stats);
        },
      );
    });
    assert.deepEqual(stats?.toJson({ all: false, errors: true, warnings: false }).errors, []);
    writePage(dist, '', './main.js');
    addVoice(dist);
    await speaks(t, dist);
  });

  test('by Next.js', async (t) => {
    const folder = makeProject('next');
    rmSync(path.join(folder, 'page.js'));
    execFileSync(process.execPath, [path.resolve('node_modules/next/dist/bin/next'), 'build'], {
      cwd: folder,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', CI: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const dist = path.join(folder, 'out');
    addVoice(dist);
    await speaks(t, dist);
  });
});

describe('the packed packages', () => {
  test('have types that TypeScript 5.2 and the newest take, libraries checked', () => {
    const folder = makeProject('types');
    for (const compiler of ['typescript-5.2', 'typescript']) {
      const tsc = path.resolve('node_modules', compiler, 'bin/tsc');
      execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    }
  });

  test('are found in order by publint and by Are the types wrong', async () => {
    const attw = path.resolve('node_modules/@arethetypeswrong/cli/dist/index.js');
    for (const [i, name] of ['vivavox', 'vivavox-speech'].entries()) {
      const { messages } = await publint({ pkgDir: path.resolve('web', name), strict: true });
      assert.deepEqual(messages, []);
      execFileSync(process.execPath, [attw, packed[i] ?? '', '--profile', 'esm-only'], {
        encoding: 'utf8',
      });
    }
  });

  test('can be imported where there is no window', () => {
    const folder = makeProject('types');
    const script =
      "await import('vivavox'); await import('vivavox/element'); await import('vivavox-speech');";
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder });
  });
});
