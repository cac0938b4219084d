import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { openEmptyPage, untilScenes } from './empty_page.js';
import { frames, mean } from './picture.js';
import { serve } from './server.js';
import { shareSite } from './site.js';

const face = { left: 0.3, top: 0.2, width: 0.4, height: 0.5 };

const site = shareSite();

function contrast(picture: number[] | undefined): number {
  return Math.max(...(picture ?? [0])) - Math.min(...(picture ?? [0]));
}

describe('the canvas of an avatar', () => {
  test('without a style keeps its size on a screen of two pixels for one', async (t) => {
    const page = await openEmptyPage(t, site, {
      deviceScaleFactor: 2,
      canvas: '<canvas width="100" height="80"></canvas>',
    });
    await page.evaluate(() => makeAvatar({ quality: 'high' }));
    await frames(page, face, 4);
    const size = await page.evaluate(() => {
      const { clientWidth, clientHeight, width, height } =
        document.querySelector('canvas') ?? new HTMLCanvasElement();
      return { clientWidth, clientHeight, width, height };
    });
    assert.deepEqual(size, { clientWidth: 100, clientHeight: 80, width: 200, height: 160 });
  });

  test('beyond the largest picture is drawn with fewer pixels', async (t) => {
    const page = await openEmptyPage(t, site, {
      deviceScaleFactor: 2,
      canvas: '<canvas style="width: 5120px; height: 20px"></canvas>',
    });
    await page.evaluate(() => makeAvatar({ quality: 'high' }));
    await frames(page, face, 1);
    const size = await page.evaluate(() => {
      const { width, height } = document.querySelector('canvas') ?? new HTMLCanvasElement();
      return { width, height };
    });
    assert.deepEqual(size, { width: 4096, height: 16 });
  });

  test('shows the later of two avatars, and the other once one is disposed of', async (t) => {
    for (const leaving of ['earlier', 'later'] as const) {
      const page = await openEmptyPage(t, site);
      await page.evaluate(async (leaving) => {
        await import('vivavox'); // so that they ask for the canvas in this order
        const [earlier, later] = await Promise.all([
          makeAvatar({ background: '#000000' }),
          makeAvatar({ background: '#ffffff' }),
        ]);
        ({ earlier, later })[leaving].dispose();
      }, leaving);
      const corner = { left: 0, top: 0, width: 0.05, height: 0.05 };
      const picture = (await frames(page, corner, 5)).at(-1);
      assert.equal(mean(picture ?? []) > 128, leaving === 'earlier');
    }
  });

  test('does not matter to snapshots: each avatar on it gives its own', async (t) => {
    const page = await openEmptyPage(t, site);
    const corners = await page.evaluate(async () => {
      await import('vivavox');
      const avatars = await Promise.all([
        makeAvatar({ background: '#000000' }),
        makeAvatar({ background: '#ffffff' }),
      ]);
      const copy = new OffscreenCanvas(1, 1).getContext('2d');
      const greens: number[] = [];
      for (const avatar of avatars) {
        copy?.drawImage(await createImageBitmap(await avatar.snapshot()), 0, 0);
        greens.push(copy?.getImageData(0, 0, 1, 1).data[1] ?? -1);
      }
      return greens;
    });
    assert.ok((corners[0] ?? 255) < 64 && (corners[1] ?? 0) > 128, String(corners));
  });

  test('moves on while the page is busy', async (t) => {
    const page = await openEmptyPage(t, site);
    const drawn = await page.evaluate(async () => {
      const avatar = await makeAvatar();
      let drawn = 0;
      for (let i = 0; i < 5 && drawn < 2; i++) {
        const before = (await avatar.stats()).framesDrawn;
        for (const end_ms = performance.now() + 3000; performance.now() < end_ms;);
        drawn = (await avatar.stats()).framesDrawn - before;
      }
      return drawn;
    });
    assert.ok(drawn >= 2, `${drawn} frames`);
  });

  test('is shown by a worker that ends when nobody has the canvas', async (t) => {
    const page = await openEmptyPage(t, site);
    await page.evaluate(async () => {
      const avatar = await makeAvatar();
      avatar.dispose();
      avatar.canvas.remove();
    });
    const session = await page.context().newCDPSession(page);
    await untilScenes(page, 0);
    for (let i = 0; page.workers().length > 0; i++) {
      assert.ok(i < 100, 'the worker is still there');
      await session.send('HeapProfiler.collectGarbage');
      await page.waitForTimeout(100);
    }
  });

  test('is left empty by the only avatar', async (t) => {
    const page = await openEmptyPage(t, site);
    await page.evaluate(async () => {
      globalThis.avatar = await makeAvatar();
    });
    await frames(page, face, 1);
    await page.evaluate(() => {
      avatar.dispose();
    });
    await page.waitForFunction(() => {
      const copy = new OffscreenCanvas(10, 10).getContext('2d');
      copy?.drawImage(avatar.canvas, 0, 0, 10, 10);
      return copy?.getImageData(0, 0, 10, 10).data.every((value) => value === 0);
    });
  });

  test('that someone else draws on is refused', async (t) => {
    const page = await openEmptyPage(t, site);
    const code = await page.evaluate(async () => {
      document.querySelector('canvas')?.getContext('webgl2');
      return makeAvatar().catch((error: { code: string }) => error.code);
    });
    assert.equal(code, 'canvas_in_use');
  });

  test('is drawn only while it is seen', async (t) => {
    const page = await openEmptyPage(t, site, {
      canvas: '<canvas style="width: 80px; height: 80px"></canvas><p style="height: 3000px"></p>',
    });
    const unseen = await page.evaluate(async () => {
      const avatar = await makeAvatar();
      const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
      const drawn = async () => (await avatar.stats()).framesDrawn;
      const untilDrawn = async (count: number) => {
        const enough = (await drawn()) + count;
        while ((await drawn()) < enough) await pause(50);
      };
      scrollTo(0, 0); // the click went to the button below
      await untilDrawn(3);
      scrollTo(0, 2900);
      await pause(1500);
      const before = await drawn();
      await pause(1500);
      const unseen = (await drawn()) - before;
      scrollTo(0, 0);
      await untilDrawn(2);
      return unseen;
    });
    assert.equal(unseen, 0);
  });
});

describe('creating an avatar', () => {
  test('ends with the reason of its signal, and leaves no worker', async (t) => {
    const page = await openEmptyPage(t, site);
    const reasons = await page.evaluate(async () => {
      const reasonOf = (promise: Promise<unknown>) =>
        promise.then(
          () => 'created',
          (error: Error) => error.name,
        );
      const late = new AbortController();
      const creating = reasonOf(makeAvatar({ signal: late.signal }));
      await new Promise((resolve) => setTimeout(resolve, 30));
      late.abort();
      return [await reasonOf(makeAvatar({ signal: AbortSignal.abort() })), await creating];
    });
    assert.deepEqual(reasons, ['AbortError', 'AbortError']);
    await untilScenes(page, 0);
  });

  test('that fails leaves no worker', async (t) => {
    const page = await openEmptyPage(t, site);
    const codes = await page.evaluate(async () => {
      const codeOf = (promise: Promise<unknown>) =>
        promise.then(
          () => 'created',
          (error: { code: string }) => error.code,
        );
      return [
        await codeOf(makeAvatar({ avatar: new Uint8Array([1, 2, 3]) })),
        await codeOf(makeAvatar({ avatar: 'missing.glb' })),
        await codeOf(makeAvatar({ wasmUrl: 'missing.wasm' })),
        await codeOf(makeAvatar({ workerUrl: 'missing.js' })),
        await codeOf(makeAvatar({ background: 'reddish' })),
      ];
    });
    assert.deepEqual(codes, [
      'invalid_avatar',
      'io_failed',
      'io_failed',
      'worker_failed',
      'invalid_argument',
    ]);
    await untilScenes(page, 0);
  });

  for (const lacking of ['canvas', 'WebGL'] as const) {
    test(`draws on the page where workers have no ${lacking}`, async (t) => {
      const page = await openEmptyPage(t, site);
      await page.route('**/scene_worker.js', async (route) => {
        const response = await route.fetch();
        const without = 'OffscreenCanvas.prototype.getContext = () => null;';
        await route.fulfill({ response, body: without + (await response.text()) });
      });
      const seen = await page.evaluate(async (lacking) => {
        if (lacking === 'canvas') Object.assign(globalThis, { OffscreenCanvas: undefined });
        const avatar = await makeAvatar();
        const picture = await createImageBitmap(await avatar.snapshot());
        const copy = document.createElement('canvas').getContext('2d');
        copy?.drawImage(picture, 0, 0, 20, 20);
        const { data } = copy?.getImageData(0, 0, 20, 20) ?? { data: [0] };
        const greens = [...data].filter((_, i) => i % 4 === 1);
        avatar.dispose();
        return Math.max(...greens) - Math.min(...greens);
      }, lacking);
      assert.ok(seen > 60, `the picture's contrast is ${seen}`);
      assert.equal(page.workers().length, 0);
    });
  }

  test('that fails on the page leaves no error behind', async (t) => {
    const page = await openEmptyPage(t, site);
    const seen = await page.evaluate(async () => {
      Object.assign(globalThis, { OffscreenCanvas: undefined });
      const unhandled: string[] = [];
      globalThis.addEventListener('unhandledrejection', ({ reason }) => {
        unhandled.push(String(reason));
      });
      const code = await makeAvatar({ avatar: new Uint8Array([1, 2, 3]) }).then(
        () => 'created',
        (error: { code: string }) => error.code,
      );
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { code, unhandled };
    });
    assert.deepEqual(seen, { code: 'invalid_avatar', unhandled: [] });
  });

  test('takes its files from another origin', async (t) => {
    const other = await serve('build/web');
    t.after(() => other.stop());
    const page = await openEmptyPage(t, site);
    await page.route(`${other.url}**`, async (route) => {
      const response = await route.fetch();
      const headers = { ...response.headers(), 'access-control-allow-origin': '*' };
      await route.fulfill({ response, headers });
    });
    await page.evaluate((base) => makeAvatar({ assetBase: `${base}vivavox` }), other.url);
    const [picture] = await frames(page, face, 1);
    assert.ok(contrast(picture) > 60);
  });
});

test('a face whose download is cut off is refused, and the one before stays', async (t) => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-length': 100_000, 'access-control-allow-origin': '*' });
    response.write(Buffer.alloc(50_000));
    setTimeout(() => response.destroy(), 300);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const page = await openEmptyPage(t, site);
  const { port } = server.address() as AddressInfo;
  const code = await page.evaluate(async (url) => {
    globalThis.avatar = await makeAvatar();
    return globalThis.avatar.load(url).then(
      () => 'shown',
      (error: { code: string }) => error.code,
    );
  }, `http://127.0.0.1:${port}/face.glb`);
  assert.equal(code, 'io_failed');
  const [picture] = await frames(page, face, 1);
  assert.ok(contrast(picture) > 60);
});

test('of overlapping loads the last holds, whichever file comes first', async (t) => {
  const page = await openEmptyPage(t, site);
  await page.route('**/slow.glb', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.fulfill({ body: 'no avatar' });
  });
  const codes = await page.evaluate(async () => {
    const avatar = await makeAvatar();
    const codeOf = (promise: Promise<unknown>) =>
      promise.then(
        () => 'shown',
        (error: { code: string }) => error.code,
      );
    const slow = codeOf(avatar.load('slow.glb'));
    const fast = codeOf(avatar.load('vivavox/vivi.glb'));
    return [await fast, await slow];
  });
  assert.deepEqual(codes, ['shown', 'superseded']);
});
