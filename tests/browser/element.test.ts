import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as esbuild from 'esbuild';
import { violationsIn } from './accessibility.js';
import { openPage } from './browser.js';
import { openEmptyPage, untilScenes } from './empty_page.js';
import { frames } from './picture.js';
import { shareSite } from './site.js';

const site = shareSite();

describe('<vivavox-avatar>', () => {
  test('speaks on when it is moved within the page', async (t) => {
    const page = await openEmptyPage(t, site, { canvas: '<main></main>' });
    const seen = await page.evaluate(async () => {
      await import('vivavox/element');
      const element = document.createElement('vivavox-avatar');
      element.style.width = '120px';
      element.speech = tones([{ text: 'one two', duration_s: 1 }]);
      document.querySelector('main')?.append(element);
      const avatar = await element.avatar;
      const speaking = element.speak('one two');
      await new Promise((resolve) => element.addEventListener('word', resolve, { once: true }));
      document.body.prepend(element);
      return { outcome: await speaking, same: avatar === (await element.avatar) };
    });
    assert.deepEqual(seen, { outcome: 'finished', same: true });
    await page.evaluate(() => {
      document.querySelector('vivavox-avatar')?.remove();
    });
    await untilScenes(page, 0);
  });

  test('reflects its attributes and properties, removal included', async (t) => {
    const page = await openEmptyPage(t, site, { canvas: '' });
    const seen = await page.evaluate(async () => {
      await import('vivavox/element');
      document.body.insertAdjacentHTML(
        'beforeend',
        `<vivavox-avatar mood="happy" background="#102030" muted view="head" lighting="soft"
          quality="low" clip="none" style="width: 80px"></vivavox-avatar>`,
      );
      const element = document.querySelector('vivavox-avatar');
      if (!element) throw new Error('there is no element');
      const avatar = await element.avatar;
      const states: unknown[][] = [[avatar.mood, avatar.background, avatar.muted]];
      states.push([avatar.view, avatar.lighting, avatar.quality]);
      for (const name of ['view', 'lighting', 'quality', 'clip']) element.removeAttribute(name);
      states.push([avatar.view, avatar.lighting, avatar.quality]);
      element.removeAttribute('mood');
      element.removeAttribute('background');
      element.muted = false;
      states.push([avatar.mood, avatar.background, avatar.muted]);
      element.mood = 'sad';
      element.label = 'Ada';
      const canvas = element.shadowRoot?.querySelector('canvas');
      states.push([
        avatar.mood,
        canvas?.getAttribute('aria-label') ?? '',
        element.hasAttribute('muted'),
      ]);
      const errors: string[] = [];
      element.addEventListener('error', (event) => {
        errors.push((event as unknown as CustomEvent<{ code: string }>).detail.code);
      });
      element.setAttribute('mood', 'hungry');
      return { states, errors };
    });
    assert.deepEqual(seen, {
      states: [
        ['happy', '#102030', true],
        ['head', 'soft', 'low'],
        ['bust', 'portrait', 'auto'],
        ['neutral', '#aeb9c8', false],
        ['sad', 'Ada', false],
      ],
      errors: ['invalid_argument'],
    });
  });

  test('shows captions that a screen reader hears once, and stops at Escape', async (t) => {
    const page = await openEmptyPage(t, site, { canvas: '' });
    const seen = await page.evaluate(async () => {
      await import('vivavox/element');
      const element = document.createElement('vivavox-avatar');
      element.captions = true;
      element.style.width = '120px';
      element.speech = tones([{ text: 'One two. Three four.', duration_s: 8 }]);
      document.body.append(element);
      await element.avatar;
      const announced: string[] = [];
      const status = element.shadowRoot?.querySelector('[role=status]');
      new MutationObserver(() => announced.push(status?.textContent ?? '')).observe(
        status ?? document.body,
        { childList: true },
      );
      const marked: string[] = [];
      element.addEventListener('word', () => {
        marked.push(element.shadowRoot?.querySelector('.now')?.textContent ?? '');
      });
      const speaking = element.speak('One two. Three four.');
      while (marked.length < 3) await new Promise((resolve) => setTimeout(resolve, 50));
      element.focus();
      element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
      const outcome = await speaking;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { outcome, marked, announced: announced.filter((text) => text !== '') };
    });
    assert.deepEqual(seen, {
      outcome: 'stopped',
      marked: ['One', 'two.', 'Three'],
      announced: ['One two.', 'Three four.'],
    });
  });

  test('and a canvas of another avatar speak on one page', async (t) => {
    const page = await openEmptyPage(t, site);
    const outcomes = await page.evaluate(async () => {
      await import('vivavox/element');
      const speech = tones([{ text: 'one', duration_s: 0.4 }]);
      const element = document.createElement('vivavox-avatar');
      element.style.width = '80px';
      element.speech = speech;
      document.body.append(element);
      const avatar = await makeAvatar({ speech });
      return Promise.all([avatar.speak('one'), element.speak('one')]);
    });
    assert.deepEqual(outcomes, ['finished', 'finished']);
  });
});

test("React's StrictMode leaves one avatar, which is seen and speaks", async (t) => {
  const page = await openEmptyPage(t, site, { canvas: '<main></main>' });
  const component = `
    import { StrictMode, useEffect, useRef } from 'react';
    import { createRoot } from 'react-dom/client';
    import { Avatar } from 'vivavox';
    function Face() {
      const canvas = useRef(null);
      useEffect(() => {
        const creating = Avatar.create(canvas.current, {
          quality: 'low',
          speech: tones([{ text: 'one', duration_s: 0.3 }]),
        });
        globalThis.created = [...(globalThis.created ?? []), creating];
        return () => void creating.then((avatar) => avatar.dispose());
      }, []);
      return <canvas ref={canvas} style={{ width: 160, height: 160 }} />;
    }
    createRoot(document.querySelector('main')).render(<StrictMode><Face /></StrictMode>);
  `;
  const { outputFiles } = await esbuild.build({
    stdin: { contents: component, loader: 'jsx', resolveDir: process.cwd() },
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    external: ['vivavox'],
    define: { 'process.env.NODE_ENV': '"development"' },
  });
  await page.route('**/component.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: outputFiles[0]?.text ?? '' }),
  );
  await page.addScriptTag({ type: 'module', url: 'component.js' });
  await page.waitForFunction(() => (globalThis as { created?: unknown[] }).created?.length === 2);
  const outcome = await page.evaluate(async () => {
    const { created } = globalThis as unknown as {
      created: Promise<{ speak(t: string): Promise<string> }>[];
    };
    const avatars = await Promise.all(created);
    return avatars[1]?.speak('one');
  });
  assert.equal(outcome, 'finished');
  const [picture] = await frames(page, { left: 0.3, top: 0.2, width: 0.4, height: 0.5 }, 1);
  assert.ok(Math.max(...(picture ?? [])) - Math.min(...(picture ?? [])) > 60);
  await untilScenes(page, 1);
});

test('axe finds nothing in the app and in a page with the element', async (t) => {
  const { page } = await openPage(t, site.browser, site.url);
  await page.waitForSelector('#speak:enabled', { timeout: 60_000 });
  assert.deepEqual(await violationsIn(page), []);
  const own = await openEmptyPage(t, site, { canvas: '<main><h1>Ada</h1></main>' });
  await own.evaluate(async () => {
    await import('vivavox/element');
    const element = document.createElement('vivavox-avatar');
    element.captions = true;
    element.style.width = '120px';
    element.speech = tones([{ text: 'One two.', duration_s: 20 }]);
    document.querySelector('main')?.append(element, document.querySelector('button') ?? '');
    await element.avatar;
    void element.speak('One two.');
    await new Promise((resolve) => element.addEventListener('word', resolve, { once: true }));
  });
  assert.deepEqual(await violationsIn(own), []);
});
