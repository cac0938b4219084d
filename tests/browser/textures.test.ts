// How large textures are kept: as the picture shows them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { textureSide_px } from '../../web/vivavox/src/texture_side.js';
import { shotOf, type View } from '../../web/vivavox/src/view.js';
import { openEmptyPage, scenesOf } from './empty_page.js';
import { shareSite } from './site.js';

const site = shareSite();

/** Of WebAssembly's memory, with the default avatar on a small canvas. */
const most_mb = 40;

const sideOf = (side_px: number, view: View, level: 'high' | 'ultra' = 'high') =>
  textureSide_px({ width: side_px, height: side_px }, shotOf(view), level);

test('a larger picture, a closer view and a finer one need larger textures', () => {
  assert.equal(sideOf(512, 'bust'), 512);
  assert.equal(sideOf(1024, 'bust'), 1024);
  assert.equal(sideOf(512, 'head'), 1024);
  assert.equal(sideOf(512, 'bust', 'ultra'), 1024);
  assert.equal(sideOf(4096, 'head', 'ultra'), 4096);
});

test('from farther away bodies are seen, whose textures are no smaller', () => {
  assert.equal(sideOf(512, { height: 8 }), sideOf(512, 'bust'));
});

/** Runs in a scene's worker before its script: the sides of the textures that it uploads. */
function noteTextures(): void {
  const { prototype } = WebGL2RenderingContext;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on its own context
  const upload = prototype.texSubImage2D as (...args: unknown[]) => void;
  const sides: number[] = [];
  Object.assign(globalThis, { sides });
  prototype.texSubImage2D = function (this: WebGL2RenderingContext, ...args: unknown[]) {
    const [, , , , width, height] = args as number[];
    sides.push(Math.max(width ?? 0, height ?? 0));
    upload.apply(this, args);
  };
}

declare global {
  /** In a scene's worker: of the textures that it has uploaded. */
  var sides: number[];
}

describe('Textures', () => {
  test('are as large as the picture shows, and read again when it shows more', async (t) => {
    const page = await openEmptyPage(t, site);
    await page.route('**/scene_worker.js', async (route) => {
      const response = await route.fetch();
      const body = `(${noteTextures.toString()})();${await response.text()}`;
      await route.fulfill({ response, body });
    });
    await page.evaluate(async () => {
      globalThis.avatar = await makeAvatar();
    });
    const largest = async () => {
      const [scene] = await scenesOf(page);
      return scene?.evaluate(() => Math.max(...sides.splice(0)));
    };
    assert.equal(await largest(), sideOf(160, 'bust'));
    const shown = () => page.evaluate(() => avatar.snapshot().then(() => undefined));
    await page.evaluate(() => (avatar.view = { height: 3 }));
    await shown();
    assert.equal(await largest(), -Infinity, 'nothing is read again for a view from afar');
    await page.evaluate(() => (avatar.view = { height: 0.5 }));
    await shown();
    assert.equal(await largest(), sideOf(160, { height: 0.5 }));
  });
});

test('the renderer gives back what it has uploaded', async (t) => {
  const page = await openEmptyPage(t, site);
  const memory_mb = await page.evaluate(async () => {
    const avatar = await makeAvatar();
    return (await avatar.stats()).wasmMemory_bytes / 2 ** 20;
  });
  assert.ok(memory_mb < most_mb, `${memory_mb} MB`);
});
