// What customize() changes of an avatar, live.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import type { Avatar, TraitChoices } from 'vivavox';
import { traitAvatar } from '../trait_avatar.mjs';
import { openPage } from './browser.js';
import { loseContexts } from './context_loss.js';
import { openEmptyPage } from './empty_page.js';
import { difference, frames, nearest, settled } from './picture.js';
import { shareSite } from './site.js';

declare global {
  var avatar: Avatar;
}

const site = shareSite();
const folder = mkdtempSync(path.join(tmpdir(), 'vivavox-traits-'));
const file = path.join(folder, 'traits.glb');
traitAvatar(path.resolve('shared/avatars/vivi.glb'), file);
after(() => {
  rmSync(folder, { recursive: true });
});

const whole = { left: 0, top: 0, width: 1, height: 1 };
/** The crown: hair, or the head's skin. */
const crown = { left: 0.35, top: 0.05, width: 0.3, height: 0.2 };
/** The shoulders: the top, or skin. */
const shoulders = { left: 0.2, top: 0.8, width: 0.6, height: 0.2 };
const patience = { timeout: 60_000 };

/** A page whose `traits.glb` is the avatar that can be changed. */
async function openTraitPage(t: TestContext): Promise<Page> {
  const page = await openEmptyPage(t, site);
  await page.route('**/traits.glb', (route) => route.fulfill({ body: readFileSync(file) }));
  return page;
}

async function make(page: Page, traits: TraitChoices = {}): Promise<void> {
  await page.evaluate(async (traits) => {
    globalThis.avatar = await makeAvatar({ avatar: 'traits.glb', traits });
  }, traits);
}

async function customized(page: Page, choices: TraitChoices): Promise<number[]> {
  await page.evaluate((choices) => avatar.customize(choices), choices);
  return seen(page);
}

async function seen(page: Page, region = whole): Promise<number[]> {
  return (await frames(page, region, 6)).at(-1) ?? [];
}

/** What is thrown, as `code: message`. */
async function thrown(page: Page, choices: TraitChoices): Promise<string> {
  return page.evaluate(
    (choices) =>
      avatar.customize(choices).then(
        () => 'nothing',
        (error: unknown) => {
          const { code, message } = error as { code: string; message: string };
          return `${code}: ${message}`;
        },
      ),
    choices,
  );
}

describe('customize()', () => {
  test('shows each trait, and takes it back', async (t) => {
    const page = await openTraitPage(t);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await make(page);
    for (const [choices, region] of [
      [{ hair: 'none' }, crown],
      [{ top: 'none' }, shoulders],
      [{ topColor: '#ffdd22' }, shoulders],
      [{ look: 'bald' }, crown],
    ] as const) {
      const plain = await frames(page, region, 6);
      const change = async () => nearest(plain, await frames(page, region, 6));
      await page.evaluate((choices) => avatar.customize(choices), choices);
      const chosen = await settled(change, (change) => change > 8);
      const none = Object.fromEntries(Object.keys(choices).map((name) => [name, null]));
      await page.evaluate((choices) => avatar.customize(choices), none);
      const left = await settled(change, (change) => change < 3);
      assert.ok(chosen > 8 && left < 3, `${JSON.stringify(choices)}: ${chosen}, left ${left}`);
    }
  });

  test('shapes the face under its poses', async (t) => {
    const page = await openTraitPage(t);
    await make(page);
    await page.evaluate(() => (avatar.view = 'head'));
    const cheeks = { left: 0.25, top: 0.5, width: 0.5, height: 0.25 };
    const nearest = async (to: number[]) =>
      Math.min(...(await frames(page, cheeks, 12)).map((picture) => difference(to, picture)));
    const plain = await seen(page, cheeks);
    const still = await nearest(plain);
    await page.evaluate(() => avatar.customize({ cheeks: 'full' }));
    const full = await nearest(plain);
    assert.ok(full > 1.5 * still + 0.3, `${full} after ${still}`);
  });

  test('adds to what was chosen before, and begins anew with a look', async (t) => {
    const page = await openTraitPage(t);
    await make(page, { topColor: 'red' });
    const chosen = async () => {
      const { traits } = await page.evaluate(() => avatar.traits());
      return Object.entries(traits).map(([name, { chosen }]) => `${name} ${chosen}`);
    };
    assert.deepEqual(await chosen(), ['hair bob', 'top shirt', 'cheeks usual', 'topColor red']);
    await customized(page, { cheeks: 'full' });
    assert.deepEqual(await chosen(), ['hair bob', 'top shirt', 'cheeks full', 'topColor red']);
    await customized(page, { look: 'bald', topColor: '#102030' });
    assert.deepEqual(await chosen(), [
      'hair none',
      'top shirt',
      'cheeks usual',
      'topColor #102030',
    ]);
    await customized(page, { topColor: null });
    assert.deepEqual(await chosen(), ['hair none', 'top shirt', 'cheeks usual', 'topColor red']);
  });

  test('tells what the avatar can change', async (t) => {
    const page = await openTraitPage(t);
    await make(page);
    const { traits, looks } = await page.evaluate(() => avatar.traits());
    assert.deepEqual(traits.hair, {
      values: ['bob', 'none'],
      takesColor: false,
      chosen: 'bob',
      color: null,
    });
    assert.match(traits.topColor?.color ?? '', /^#[0-9a-f]{6}$/);
    assert.deepEqual(looks, { vivi: {}, bald: { hair: 'none', topColor: 'red' } });
  });

  test('refuses what the avatar cannot be, and changes nothing', async (t) => {
    const page = await openTraitPage(t);
    await make(page);
    const plain = await seen(page);
    const refused = await thrown(page, { topColor: 'red', glasses: 'round' });
    assert.equal(
      refused,
      'invalid_argument: this avatar has no trait "glasses": it can change hair, top, cheeks, topColor',
    );
    assert.match(await thrown(page, { hair: 'long' }), /it can be bob, none/);
    assert.ok(difference(plain, await seen(page)) < 2);
    const { traits } = await page.evaluate(() => avatar.traits());
    assert.equal(traits.topColor?.chosen, 'teal');
    const made = await page.evaluate(() =>
      makeAvatar({ traits: { glasses: 'round' } }).then(
        () => 'nothing',
        (error: unknown) => String(error),
      ),
    );
    assert.match(made, /no trait "glasses": it can change skin, hairColor/);
  });

  test('outlives a lost graphics context and another quality, not another avatar', async (t) => {
    const page = await openTraitPage(t);
    await make(page, { hair: 'none' });
    const bald = await frames(page, crown, 6);
    const change = async () => nearest(bald, await frames(page, crown, 6));
    const isBald = async () => assert.ok((await settled(change, (change) => change < 4)) < 4);
    await page.evaluate(() => {
      globalThis.restored = new Promise((resolve) => {
        avatar.addEventListener('contextrestored', resolve);
      });
    });
    await loseContexts(page);
    await page.evaluate(() => globalThis.restored);
    await isBald();
    await page.evaluate(() => (avatar.quality = 'minimal'));
    assert.ok((await settled(change, (change) => change < 12)) < 12);
    await page.evaluate(() => (avatar.quality = 'low'));
    await page.evaluate(() => avatar.load('traits.glb'));
    assert.ok((await settled(change, (change) => change > 20)) > 20);
    await page.evaluate(() => avatar.load('traits.glb', { traits: { hair: 'none' } }));
    await isBald();
  });

  test('returns where nobody sees a frame', async (t) => {
    const page = await openTraitPage(t);
    await make(page);
    await page.evaluate(() => {
      avatar.canvas.style.display = 'none';
    });
    await page.waitForTimeout(500);
    await page.evaluate(() => avatar.customize({ hair: 'none' }));
    const { traits } = await page.evaluate(() => avatar.traits());
    assert.equal(traits.hair?.chosen, 'none');
  });
});

declare global {
  /** Of the avatar's graphics context. */
  var restored: Promise<unknown>;
}

test('an element has the look that its attribute says', async (t) => {
  const page = await openTraitPage(t);
  const chosen = await page.evaluate(async () => {
    await import('vivavox/element');
    const element = document.createElement('vivavox-avatar');
    element.src = 'traits.glb';
    element.look = 'bald';
    document.body.append(element);
    const hair = async () => (await (await element.avatar).traits()).traits.hair?.chosen;
    const first = await hair();
    element.removeAttribute('look');
    const second = await hair();
    const failed = new Promise<string>((resolve) => {
      element.addEventListener('error', (event) => {
        resolve((event as unknown as CustomEvent<Error>).detail.message);
      });
    });
    element.setAttribute('look', 'tom');
    return [first, second, await failed];
  });
  assert.deepEqual(chosen, ['none', 'bob', 'this avatar has no look "tom": it has vivi, bald']);
});

describe('the app’s panel', () => {
  test('shows Vivi of six looks, and changes them and colours', async (t) => {
    const { page, errors } = await openPage(t, site.browser, site.url);
    await page.waitForSelector('#look:not([hidden])', patience);
    const look = page.locator('#look select[name="look"]');
    assert.equal(await look.inputValue(), 'vivi');
    assert.equal(await look.locator('option').count(), 6);
    let before = await seen(page);
    await look.selectOption('nia');
    for (let change = 0; change < 3;) change = difference(before, await seen(page));
    before = await seen(page);
    await page.fill('#look input[name="topColor"]', '#2040e0');
    for (let change = 0; change < 3;) change = difference(before, await seen(page));
    assert.deepEqual(errors, []);
  });

  test('offers values and looks where the avatar has them', async (t) => {
    const { page } = await openPage(t, site.browser, 'about:blank');
    await page.route('**/family.glb', (route) => route.fulfill({ body: readFileSync(file) }));
    await page.goto(site.url);
    await page.waitForSelector('#look:not([hidden])', patience);
    const labels = ['Look', 'Hair', 'Top', 'Cheeks', 'Top color'];
    assert.deepEqual(await page.locator('#look label').allInnerTexts(), labels);
    await page.selectOption('#look select[name="look"]', 'bald');
    await page.waitForFunction(
      () => document.querySelector<HTMLSelectElement>('#look [name="hair"]')?.value === 'none',
      null,
      patience,
    );
  });
});
