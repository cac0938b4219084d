// Clips of an avatar's file, in a page.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import type { Avatar, LoadOptions } from 'vivavox';
import { idleAvatar } from '../idle_avatar.mjs';
import { openEmptyPage } from './empty_page.js';
import { difference, frames } from './picture.js';
import { shareSite } from './site.js';

declare global {
  var avatar: Avatar;
}

const site = shareSite();
const folder = mkdtempSync(path.join(tmpdir(), 'vivavox-clips-'));
const file = path.join(folder, 'idle.glb');
const whole = { left: 0, top: 0, width: 1, height: 1 };
/** What breath and glances alone change between two pictures, at most. */
const still = 6;

before(() => idleAvatar(path.resolve('shared/avatars/vivi.glb'), file));
after(() => {
  rmSync(folder, { recursive: true });
});

async function openPage(t: TestContext, reducedMotion: 'reduce' | 'no-preference'): Promise<Page> {
  const page = await openEmptyPage(t, site, { reducedMotion });
  await page.route('**/idle.glb', (route) => route.fulfill({ body: readFileSync(file) }));
  return page;
}

/** How far pictures in a row are from the first of them, until one is farther than `still`. */
async function farthest(page: Page): Promise<number> {
  let first: number[] | undefined;
  let most = 0;
  for (let round = 0; round < 6 && most <= still; round++) {
    for (const picture of await frames(page, whole, 5)) {
      first ??= picture;
      most = Math.max(most, difference(first, picture));
    }
  }
  return most;
}

describe('a clip of the avatar', () => {
  test('plays by its name', async (t) => {
    const page = await openPage(t, 'no-preference');
    await page.evaluate(async () => {
      globalThis.avatar = await makeAvatar({ avatar: 'idle.glb', clip: 'Dance' });
    });
    assert.ok((await farthest(page)) > still, 'it dances');
  });

  test('stands still for who wants less motion', async (t) => {
    const page = await openPage(t, 'reduce');
    await page.evaluate(async () => {
      globalThis.avatar = await makeAvatar({ avatar: 'idle.glb', clip: 'Dance' });
    });
    const moved = await farthest(page);
    assert.ok(moved <= still, `it stands still: ${moved}`);
  });

  test('that there is not is refused, and the avatar before stays', async (t) => {
    const page = await openPage(t, 'reduce');
    const code = await page.evaluate(async () => {
      globalThis.avatar = await makeAvatar();
      const options: LoadOptions = { clip: 'Jump' };
      return avatar.load('idle.glb', options).then(
        () => 'shown',
        (error: { code: string }) => error.code,
      );
    });
    assert.equal(code, 'invalid_argument');
    assert.ok((await farthest(page)) <= still);
  });
});
