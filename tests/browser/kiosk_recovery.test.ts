// What a kiosk gets over by itself: it goes on where it was, and says again what it was saying.
import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { openPage, refuseServiceWorkers } from './browser.js';
import { shareSite } from './site.js';

const patience = { timeout: 60_000 };
/** How often each is tried. */
const rounds = 2;
const site = shareSite();

const desk = `
title: Desk
languages: [{ code: en, label: English }]
greeting: ${'One two three four five six seven eight nine ten. '.repeat(6)}
menu: [{ label: Who?, answer: { text: Me. } }]
`;

/** A kiosk that is greeting somebody. */
async function openGreeting(t: TestContext): Promise<Page> {
  const { page } = await openPage(t, site.browser, 'about:blank');
  await page.addInitScript(refuseServiceWorkers);
  await page.route('**/kiosk.yaml', (route) => route.fulfill({ body: desk }));
  await page.goto(`${site.url}kiosk/`);
  await page.locator('.begin').click(patience);
  await untilHeard(page);
  return page;
}

/** Waits until a word is heard from now on, of whichever face is there. */
async function untilHeard(page: Page): Promise<void> {
  await page.evaluate(() => {
    Object.assign(globalThis, { isHeard: false });
    const follow = () => {
      document.querySelector('vivavox-avatar')?.addEventListener('word', () => {
        Object.assign(globalThis, { isHeard: true });
      });
    };
    follow();
    new MutationObserver(follow).observe(document.body, { subtree: true, childList: true });
  });
  await page.waitForFunction('isHeard', null, patience);
}

/** Ends the workers of that name, as a crash does. */
async function endWorkers(page: Page, name: string): Promise<void> {
  const all = await Promise.all(
    page.workers().map(async (worker) => {
      const own = await worker.evaluate(() => self.name).catch(() => '');
      return own === `vivavox ${name}` ? [worker] : [];
    }),
  );
  const found = all.flat();
  assert.ok(found.length > 0, `there is a worker "${name}"`);
  // It may be gone before it answers.
  for (const worker of found) await worker.evaluate(() => self.close()).catch(() => undefined);
}

/** Waits until the face is another one, which speaks. */
async function untilRecovered(page: Page, harm: () => Promise<void>): Promise<number> {
  const face = await page.$('vivavox-avatar');
  const begun_ms = performance.now();
  await harm();
  await page.waitForFunction((old) => old && !old.isConnected, face, patience);
  await untilHeard(page);
  return performance.now() - begun_ms;
}

function logOf(page: Page): Promise<string> {
  return page.evaluate(() => localStorage.getItem('vivavox-kiosk-log') ?? '');
}

describe('a kiosk gets over', () => {
  for (const [name, told] of [
    ['stage', 'the face does not answer'],
    ['speech', 'the voice does not answer'],
  ] as const) {
    test(`the end of its ${name} worker`, async (t) => {
      const page = await openGreeting(t);
      const taken_ms: number[] = [];
      for (let round = 0; round < rounds; round++) {
        taken_ms.push(await untilRecovered(page, () => endWorkers(page, name)));
      }
      t.diagnostic(`speaks again after ${taken_ms.map(Math.round).join(', ')} ms`);
      assert.equal(await page.locator('vivavox-kiosk').getAttribute('data-scene'), 'greeting');
      assert.ok((await logOf(page)).includes(told));
    });
  }

  test('a graphics context that does not come back', async (t) => {
    const page = await openGreeting(t);
    await untilRecovered(page, () =>
      page.locator('vivavox-avatar').dispatchEvent('contextlost', { detail: null }),
    );
    assert.ok((await logOf(page)).includes('the graphics context does not answer'));
  });

  test('what it cannot get over by beginning anew', async (t) => {
    const page = await openGreeting(t);
    await page.evaluate(() => Object.assign(globalThis, { isOld: true }));
    for (let round = 0; round < 3; round++) {
      await untilRecovered(page, () => endWorkers(page, 'stage'));
    }
    await endWorkers(page, 'stage');
    await page.waitForFunction(() => !('isOld' in globalThis), null, patience);
    await page.waitForSelector('vivavox-kiosk[data-scene=attract]', patience);
  });
});

describe('the log of a kiosk', () => {
  test('has what happened, shows it by a key, and has an end', async (t) => {
    const page = await openGreeting(t);
    await page.evaluate(() => {
      const many = Array.from({ length: 5000 }, (_, i) => ({
        time: 'long ago',
        what: `thing ${i}`,
      }));
      localStorage.setItem('vivavox-kiosk-log', JSON.stringify(many));
    });
    await untilRecovered(page, () => endWorkers(page, 'stage'));
    const entries = JSON.parse(await logOf(page)) as unknown[];
    assert.equal(entries.length, 200);
    await page.keyboard.press('F2');
    const dialog = page.getByRole('dialog');
    assert.match(await dialog.innerText(), /^Log\n[^]*the face does not answer: it begins anew\n/);
    await page.keyboard.press('F2');
    await dialog.waitFor({ ...patience, state: 'detached' });
    // What somebody else wrote there does no harm.
    await page.evaluate(() => localStorage.setItem('vivavox-kiosk-log', '{"no":'));
    await page.keyboard.press('F2');
    assert.equal((await dialog.innerText()).trim(), 'Log');
  });
});
