// A page that comes to draw, or no longer does: who draws changes between two utterances.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { openEmptyPage } from './empty_page.js';
import { frames, motion } from './picture.js';
import { shareSite } from './site.js';

const site = shareSite();
const whole = { left: 0, top: 0, width: 1, height: 1 };

/** Runs in a page, and in workers before their script: there is no WebGL. */
function withoutWebGL(): void {
  const canvases =
    'HTMLCanvasElement' in globalThis
      ? [HTMLCanvasElement.prototype, OffscreenCanvas.prototype]
      : [OffscreenCanvas.prototype];
  for (const canvas of canvases as { getContext(...args: unknown[]): unknown }[]) {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on its own canvas
    const { getContext } = canvas;
    canvas.getContext = function (this: HTMLCanvasElement, ...args: unknown[]) {
      const isRefused = args[0] === 'webgl2' && !('webglIsBack' in globalThis);
      return isRefused ? null : getContext.apply(this, args);
    };
  }
}

/** Runs in a scene's worker before its script: it takes long for each frame. */
function drawSlowly(): void {
  const { requestAnimationFrame } = globalThis;
  globalThis.requestAnimationFrame = (draw) =>
    requestAnimationFrame((now_ms) => {
      const end_ms = performance.now() + 90;
      while (performance.now() < end_ms);
      draw(now_ms);
    });
}

/** Scenes' workers that are opened while `isOn` holds begin with this. */
async function beginWorkers(page: Page, by: () => void, isOn: () => boolean): Promise<void> {
  await page.route('**/scene_worker.js', async (route) => {
    const response = await route.fetch();
    const prelude = isOn() ? `(${by.toString()})();` : '';
    await route.fulfill({ response, body: prelude + (await response.text()) });
  });
}

const order = (page: Page) =>
  page.evaluate(async () => {
    const avatar = await makeAvatar({ server: location.origin, quality: 'auto' });
    Object.assign(globalThis, { avatar, told: [avatar.renderer] });
    const tell = (what: string) => (globalThis as unknown as { told: string[] }).told.push(what);
    avatar.addEventListener('renderer', ({ detail }) => tell(detail.renderer));
    avatar.addEventListener('end', ({ detail }) => tell(detail.outcome));
    avatar.addEventListener('error', ({ detail }) => tell(detail.message));
  });

const told = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { told: string[] }).told);

describe('who draws', () => {
  test('is the page again once it can, at the next pause', async (t) => {
    const page = await openEmptyPage(t, site);
    let isAway = true;
    await beginWorkers(page, withoutWebGL, () => isAway);
    await page.evaluate(withoutWebGL);
    await order(page);
    isAway = false;
    await page.evaluate(async () => {
      const { avatar } = globalThis as unknown as {
        avatar: Awaited<ReturnType<typeof makeAvatar>>;
      };
      avatar.mood = 'happy';
      const speaking = avatar.speak('One two three four five. '.repeat(3));
      await new Promise((resolve) => avatar.addEventListener('word', resolve, { once: true }));
      Object.assign(globalThis, { webglIsBack: true });
      await speaking;
    });
    await page.waitForFunction(() =>
      (globalThis as unknown as { told: string[] }).told.includes('local'),
    );
    assert.deepEqual(await told(page), ['server', 'server', 'finished', 'local']);
    assert.ok(motion(await frames(page, whole, 6)) > 0.02, 'it lives');
  });

  test('is the server where the page is too slow', async (t) => {
    const page = await openEmptyPage(t, site);
    await beginWorkers(page, drawSlowly, () => true);
    await order(page);
    await page.waitForFunction(() =>
      (globalThis as unknown as { told: string[] }).told.includes('server'),
    );
    assert.deepEqual(await told(page), ['local', 'server']);
    const outcome = await page.evaluate(() =>
      (globalThis as unknown as { avatar: Awaited<ReturnType<typeof makeAvatar>> }).avatar.speak(
        'Hello.',
      ),
    );
    assert.equal(outcome, 'finished');
  });
});
