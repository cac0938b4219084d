// The documentation of the packages: it is complete, its examples fit the types, its pages are accessible.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { violationsIn } from './accessibility.js';
import { launchBrowser, openPage } from './browser.js';
import { serve } from './server.js';

const site = path.resolve('build/web-docs');
const snippets = path.resolve('build/web-snippets');
const guides = 'docs/guides';

function run(program: string, ...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.resolve('node_modules', program), ...args],
    { encoding: 'utf8' },
  );
  return { status, output: stdout + stderr };
}

/** The TypeScript of a guide, each example a file. */
function writeSnippets(guide: string): void {
  const text = readFileSync(path.join(guides, guide), 'utf8');
  for (const [i, [, code = '']] of [...text.matchAll(/```ts\n(.*?)```/gs)].entries()) {
    writeFileSync(path.join(snippets, `${path.parse(guide).name}-${i}.ts`), code);
  }
}

describe('the documentation', () => {
  let browser: Browser;

  before(async () => {
    browser = await launchBrowser();
  });

  after(async () => {
    await browser.close();
  });

  test('has a comment for whatever the packages export', () => {
    const { status, output } = run('typedoc/bin/typedoc', '--out', site);
    assert.equal(status, 0, output);
  });

  test('has examples that fit the types', () => {
    rmSync(snippets, { recursive: true, force: true });
    mkdirSync(snippets, { recursive: true });
    for (const guide of readdirSync(guides)) writeSnippets(guide);
    assert.ok(readdirSync(snippets).length > 10);
    const config = {
      extends: '../../tsconfig.json',
      compilerOptions: { noUnusedLocals: false },
      include: ['.'],
    };
    writeFileSync(path.join(snippets, 'tsconfig.json'), JSON.stringify(config));
    const { status, output } = run('typescript/bin/tsc', '-p', snippets);
    assert.equal(status, 0, output);
  });

  test('has pages in which axe finds nothing', async (t) => {
    const served = await serve(site);
    t.after(() => served.stop());
    for (const name of ['index', 'documents/Policies_and_CDNs', 'classes/vivavox_src.Avatar']) {
      const { page, errors } = await openPage(t, browser, `${served.url}${name}.html`);
      assert.deepEqual(await violationsIn(page), [], name);
      assert.deepEqual(errors, [], name);
    }
  });
});
