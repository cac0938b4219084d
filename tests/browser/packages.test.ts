import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import type { Browser } from 'playwright-core';
import { publint } from 'publint';
import { build as buildWithVite } from 'vite';
import { build as buildWithVite7 } from 'vite-7';
import webpack from 'webpack';
import { launchBrowser, openPage } from './browser.js';
import { addVoice, isHeldToPolicy, Projects, speaks, watchPage, writePage } from './projects.js';
import { serveStrictly } from './static_server.js';

let projects: Projects;
let browser: Browser;

before(async () => {
  projects = new Projects('web-projects');
  browser = await launchBrowser();
});

after(async () => {
  await browser.close();
});

/** Opens a built project under a strict policy and lets both voices speak. */
async function speaksIn(t: TestContext, folder: string): Promise<void> {
  const site = await serveStrictly(folder);
  t.after(() => site.stop());
  const viewport = { width: 320, height: 320 };
  const { page, errors } = await openPage(t, browser, 'about:blank', { viewport }, watchPage);
  await page.goto(site.url);
  await speaks(page);
  assert.deepEqual(site.missing, []);
  assert.deepEqual(errors, []);
  assert.ok(await isHeldToPolicy(page));
}

describe('the packed packages, built for production and served under a strict policy, speak with both kinds of voice', () => {
  test('in a plain page with an import map', async (t) => {
    await speaksIn(t, projects.makePlain());
  });

  for (const [name, build] of Object.entries({
    'Vite 8': buildWithVite,
    'Vite 7': buildWithVite7,
  })) {
    test(`by ${name}`, async (t) => {
      const folder = projects.make('vite', name.toLowerCase().replace(' ', '-'));
      writePage(folder, '', './main.js');
      await build({ root: folder, logLevel: 'error', build: { target: 'es2022' } });
      const dist = path.join(folder, 'dist');
      addVoice(dist);
      await speaksIn(t, dist);
    });
  }

  test('by webpack', async (t) => {
    const folder = projects.make('webpack');
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
    await speaksIn(t, dist);
  });

  test('by Next.js', async (t) => {
    const folder = projects.make('next');
    rmSync(path.join(folder, 'page.js'));
    execFileSync(process.execPath, [path.resolve('node_modules/next/dist/bin/next'), 'build'], {
      cwd: folder,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', CI: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const dist = path.join(folder, 'out');
    addVoice(dist);
    await speaksIn(t, dist);
  });
});

describe('the packed packages', () => {
  test('have types that TypeScript 5.2 and the newest take, libraries checked', () => {
    const folder = projects.make('types');
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
      execFileSync(process.execPath, [attw, projects.tarballs[i] ?? '', '--profile', 'esm-only'], {
        encoding: 'utf8',
      });
    }
  });

  test('can be imported where there is no window', () => {
    const folder = projects.make('types', 'no-window');
    const script =
      "await import('vivavox'); await import('vivavox/element'); await import('vivavox-speech');";
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder });
  });
});
