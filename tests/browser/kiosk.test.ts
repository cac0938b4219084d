// The kiosk's page, as people meet it: by touch, by keys, in every direction, and without a mouse.
import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { violationsIn } from './accessibility.js';
import { openPage, refuseServiceWorkers, type OpenedPage } from './browser.js';
import { shareSite } from './site.js';
import { audible_s, peak, soundOf } from './sound.js';

const patience = { timeout: 60_000 };
const site = shareSite();

/** A kiosk of few words. */
const desk = `
title: { en: The desk, ar: المكتب, zh: 服务台 }
languages:
  - { code: en, label: English }
  - { code: ar, label: العربية }
  - { code: zh, label: 中文 }
attract:
  lines:
    - { en: Hello there., ar: مرحبا., zh: 您好。 }
greeting: { en: Welcome., ar: أهلا., zh: 欢迎。 }
goodbye: { en: Bye., ar: وداعا., zh: 再见。 }
menu:
  - label: { en: Where is it?, ar: أين هو؟, zh: 在哪里？ }
    items:
      - label: { en: The lift, ar: المصعد, zh: 电梯在哪里请问一下谢谢您电梯在哪里请问一下谢谢您 }
        answer:
          text: { en: On the right., ar: على اليمين., zh: 在右边。 }
          page:
            picture: ../icon.svg
            picture_label: { en: A mouth, ar: فم, zh: 嘴 }
  - label: { en: Who are you?, ar: من أنت؟, zh: 你是谁？ }
    answer: { text: { en: 'I am Nia, and I live here.', ar: أنا نيا., zh: 我是妮娅。 }, mood: happy }
idle_s: 6
`;

/** The kiosk of that file, once it waits for somebody. */
async function openKiosk(
  t: TestContext,
  file: string = desk,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const opened = await openPage(t, site.browser, 'about:blank', {
    viewport: { width: 800, height: 480 },
    ...options,
  });
  await opened.page.addInitScript(refuseServiceWorkers);
  await opened.page.route('**/kiosk.yaml', (route) => route.fulfill({ body: file }));
  await opened.page.goto(`${site.url}kiosk/`);
  await opened.page.waitForSelector('vivavox-kiosk :is(h1, [role=alert])', patience);
  return opened;
}

async function untilScene(page: Page, scene: string): Promise<void> {
  await page.waitForSelector(`vivavox-kiosk[data-scene=${scene}]`, patience);
}

function press(page: Page, label: string): Promise<void> {
  return page.getByRole('button', { name: label }).click();
}

/** The texts of the buttons that are there. */
function buttons(page: Page): Promise<string[]> {
  return page.locator('vivavox-kiosk button').allInnerTexts();
}

/** What the captions show. */
function caption(page: Page): Promise<string> {
  return page.locator('vivavox-avatar').evaluate((face) => {
    const line = face.shadowRoot?.querySelector('.captions');
    return line?.querySelector('[aria-hidden]')?.textContent ?? '';
  });
}

describe('the kiosk', () => {
  test('is found at its folder, with and without the slash', async (t) => {
    const { page } = await openPage(t, site.browser, `${site.url}kiosk`);
    assert.equal(page.url(), `${site.url}kiosk/`);
    await untilScene(page, 'attract');
    assert.equal(await page.title(), 'Welcome');
  });

  test('greets who touches it, answers aloud with captions, and shows the menu again', async (t) => {
    const { page, errors } = await openKiosk(t);
    await page.mouse.click(100, 100); // the face: anywhere will do
    await untilScene(page, 'greeting');
    await untilScene(page, 'menu');
    await press(page, 'Who are you?');
    await untilScene(page, 'answer');
    await page.waitForFunction(
      () => {
        const line = document.querySelector('vivavox-avatar')?.shadowRoot?.querySelector('.now');
        return line?.textContent === 'Nia';
      },
      null,
      patience,
    );
    assert.equal(await caption(page), 'I am Nia, and I live here.');
    await untilScene(page, 'menu');
    const sound = await soundOf(page);
    assert.ok(peak(sound.samples) > 0.05 && audible_s(sound) > 1);
    assert.deepEqual(errors, []);
  });

  test('leaves a page of an answer there until somebody goes back, or nobody is there', async (t) => {
    const { page } = await openKiosk(t);
    await press(page, 'Touch to begin');
    await press(page, 'Where is it?');
    await press(page, 'The lift');
    const picture = page.getByRole('img', { name: 'A mouth' });
    await picture.waitFor(patience);
    assert.ok(await picture.evaluate((image: HTMLImageElement) => image.decode().then(() => true)));
    await press(page, 'Back');
    assert.deepEqual(await buttons(page), ['English', 'العربية', '中文', '1\nThe lift', 'Back']);
    await press(page, 'العربية');
    await untilScene(page, 'goodbye');
    await untilScene(page, 'attract');
    assert.equal(await page.locator('vivavox-kiosk').getAttribute('lang'), 'en');
  });

  test('is led by keys alone', async (t) => {
    const { page } = await openKiosk(t);
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    assert.equal(await focused(), 'Touch to begin');
    await page.keyboard.press('Enter');
    await untilScene(page, 'greeting');
    assert.equal(await focused(), '1Where is it?');
    const outline = await page.evaluate(() => {
      return document.activeElement && getComputedStyle(document.activeElement).outlineWidth;
    });
    assert.equal(outline, '5px');
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(), '2Who are you?');
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(), 'English');
    await page.keyboard.press('ArrowLeft');
    assert.equal(await focused(), '2Who are you?');
    await page.keyboard.press('1');
    await page.keyboard.press('1');
    await untilScene(page, 'answer');
    await page.keyboard.press('0');
    assert.equal(await page.locator('vivavox-kiosk').getAttribute('dir'), 'rtl');
    await page.keyboard.press('Escape');
    await untilScene(page, 'menu');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await untilScene(page, 'attract');
  });

  test('turns its layout round for Arabic, and wraps Chinese', async (t) => {
    const { page } = await openKiosk(t, desk, { viewport: { width: 640, height: 400 } });
    const faceIsLeft = async () => {
      const [face, panel] = await Promise.all(
        ['vivavox-avatar', '.panel'].map((name) => page.locator(name).boundingBox()),
      );
      return (face?.x ?? NaN) < (panel?.x ?? NaN);
    };
    assert.equal(await faceIsLeft(), true);
    await press(page, 'العربية');
    await untilScene(page, 'greeting');
    assert.equal(await faceIsLeft(), false);
    await press(page, '中文');
    await page.keyboard.press('1');
    const item = page.locator('button.item');
    const { lines, isWhole } = await item.evaluate((button) => {
      const text = button.querySelector('span');
      const range = document.createRange();
      if (text) range.selectNodeContents(text);
      const { scrollWidth, clientWidth } = document.documentElement;
      return { lines: range.getClientRects().length, isWhole: scrollWidth <= clientWidth };
    });
    assert.ok(lines > 1 && isWhole, `${lines} lines, whole: ${isWhole}`);
  });

  test('has buttons that fingers meet, in large type, on every screen', async (t) => {
    for (const viewport of [
      { width: 320, height: 568 },
      { width: 1080, height: 1920 },
    ]) {
      const { page } = await openKiosk(t, desk, { viewport });
      for (const step of ['Touch to begin', 'Where is it?', 'The lift', '']) {
        const sizes = await page.locator('vivavox-kiosk button').evaluateAll((all) =>
          all.map((one) => {
            const { width, height } = one.getBoundingClientRect();
            return {
              least: Math.min(width, height),
              font: parseFloat(getComputedStyle(one).fontSize),
            };
          }),
        );
        assert.ok(sizes.length > 0);
        for (const { least, font } of sizes) {
          assert.ok(least >= 48 && font >= 19, `${least} px, type of ${font} px before "${step}"`);
        }
        if (step !== '') await press(page, step);
      }
    }
  });

  test('has nothing that axe finds, in attract, menu and answer', async (t) => {
    for (const options of [{}, { colorScheme: 'dark' }, { contrast: 'more' }] as const) {
      const { page } = await openKiosk(t, desk, options);
      const name = JSON.stringify(options);
      assert.deepEqual(await violationsIn(page), [], `attract, ${name}`);
      await press(page, 'Touch to begin');
      await untilScene(page, 'menu');
      assert.deepEqual(await violationsIn(page), [], `menu, ${name}`);
      await page.keyboard.press('1');
      await page.keyboard.press('1');
      await untilScene(page, 'answer');
      assert.deepEqual(await violationsIn(page), [], `answer, ${name}`);
    }
  });

  test('is of black and white where its file or the system wants contrast', async (t) => {
    const colours = (page: Page) =>
      page.locator('vivavox-kiosk').evaluate((kiosk) => {
        const { color, backgroundColor } = getComputedStyle(kiosk);
        return [color, backgroundColor];
      });
    const white = 'rgb(255, 255, 255)';
    const black = 'rgb(0, 0, 0)';
    const asked = await openKiosk(t, `${desk}contrast: high\n`);
    assert.deepEqual(await colours(asked.page), [white, black]);
    const wanted = await openKiosk(t, desk, { contrast: 'more' });
    assert.deepEqual(await colours(wanted.page), [white, black]);
    const usual = await openKiosk(t);
    assert.notDeepEqual(await colours(usual.page), [white, black]);
  });

  test('says that it is closed, when it is', async (t) => {
    const hours = `hours: { closed: { en: We are closed today., ar: مغلق., zh: 关门。 } }\n`;
    const { page } = await openKiosk(t, desk + hours);
    await press(page, 'Touch to begin');
    assert.equal(await page.locator('.line').innerText(), 'We are closed today.');
    assert.ok((await buttons(page)).includes('1\nWhere is it?'));
  });

  test('keeps the screen on, and fills it once it is touched', async (t) => {
    const { page } = await openKiosk(t);
    await page.evaluate(() => {
      const asked: string[] = [];
      Object.assign(globalThis, { asked });
      document.documentElement.requestFullscreen = () => {
        asked.push('full screen');
        return Promise.resolve();
      };
      navigator.wakeLock.request = (type) => {
        asked.push(type ?? '');
        return Promise.reject(new Error('on battery'));
      };
      // As after the system has shown something else.
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await press(page, 'Touch to begin');
    await untilScene(page, 'greeting');
    const asked = await page.evaluate('asked');
    assert.deepEqual(asked, ['screen', 'full screen']);
  });

  test('shows what is wrong with its file, large enough to read', async (t) => {
    const { page } = await openKiosk(t, desk.replace('mood: happy', 'mood: jolly'));
    const alert = page.getByRole('alert');
    assert.match(
      await alert.innerText(),
      /kiosk\.yaml, line 22, menu\[1\]\.answer\.mood: must be one of neutral, professional, /,
    );
    const size = await alert.evaluate((box) => parseFloat(getComputedStyle(box).fontSize));
    assert.ok(size >= 24, `${size} px`);
    assert.deepEqual(await violationsIn(page), []);
  });

  test('runs under the policy that it is served with', async (t) => {
    const context = await site.browser.newContext({ viewport: { width: 480, height: 320 } });
    t.after(() => context.close());
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    const response = await page.goto(`${site.url}kiosk/`);
    const policy = response?.headers()['content-security-policy'] ?? '';
    assert.match(policy, /script-src 'self' 'wasm-unsafe-eval' 'sha256-/);
    await page.locator('.begin').click(patience);
    await untilScene(page, 'menu');
    assert.deepEqual(complaints, []);
  });
});
