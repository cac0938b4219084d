// Avatars that others' tools packed, and such as have no shapes, in a page: unpack.wasm and
// sculpt.wasm are fetched for them alone.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import type { Avatar } from 'vivavox';
import { avifAvatar, packedAvatars } from '../packed_avatars.mjs';
import { shapelessAvatar } from '../shapeless_avatar.mjs';
import { openEmptyPage } from './empty_page.js';
import { difference, frames } from './picture.js';
import { shareSite } from './site.js';

declare global {
  var avatar: Avatar;
}

const site = shareSite();
const folder = mkdtempSync(path.join(tmpdir(), 'vivavox-packed-'));
const whole = { left: 0, top: 0, width: 1, height: 1 };
const plain = path.resolve('shared/avatars/vivi.glb');
let packed: Record<string, string>;

before(async () => {
  packed = { ...(await packedAvatars(plain, folder)), avif: path.join(folder, 'avif.glb') };
  await avifAvatar(plain, path.join(folder, 'avif.glb'), 0);
});
after(() => {
  rmSync(folder, { recursive: true });
});

/** A page that finds files by their paths below `files/`, and the names of what it fetched. */
async function openPage(t: TestContext): Promise<{ page: Page; fetched: string[] }> {
  const page = await openEmptyPage(t, site);
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(path.basename(request.url())));
  await page.route('**/files/**', (route) => {
    const file = decodeURIComponent(new URL(route.request().url()).pathname);
    return route.fulfill({ body: readFileSync(file.slice(file.indexOf('/files/') + 6)) });
  });
  return { page, fetched };
}

/** How near the face, which is never quite still, comes to a picture in some of its frames. */
async function nearest(page: Page, to: number[]): Promise<number> {
  const pictures = await frames(page, whole, 8);
  return Math.min(...pictures.map((picture) => difference(to, picture)));
}

describe('a packed avatar', () => {
  test('is shown as the plain one is', async (t) => {
    const { page, fetched } = await openPage(t);
    await page.evaluate(async (url) => {
      globalThis.avatar = await makeAvatar({ avatar: url, view: 'head' });
    }, `files${plain}`);
    const [expected = []] = await frames(page, whole, 1);
    assert.ok(!fetched.includes('unpack.wasm'), 'a plain avatar needs no decoder');
    for (const [name, file] of Object.entries(packed)) {
      // Between them another is seen, so that each has to come.
      await page.evaluate(() => (avatar.view = { yaw_deg: 60 }));
      const other = (await frames(page, whole, 6)).at(-1);
      const turned = difference(expected, other);
      await page.evaluate(async (url) => {
        await avatar.load(url);
        avatar.view = 'head';
      }, `files${file}`);
      const found = await nearest(page, expected);
      assert.ok(found < turned / 3, `${name}: ${found}, and ${turned} turned aside`);
    }
    assert.ok(fetched.includes('unpack.wasm'));
  });

  test('that is damaged is refused, and the one before stays', async (t) => {
    const { page } = await openPage(t);
    const codes = await page.evaluate(
      async (urls) => {
        globalThis.avatar = await makeAvatar();
        const codes: string[] = [];
        for (const url of urls) {
          const file = new Uint8Array(await (await fetch(url)).arrayBuffer());
          const hurt = file.slice();
          // Everything after the file's JSON: streams and pictures.
          hurt.fill(0x5a, 28 + new DataView(hurt.buffer).getUint32(12, true));
          for (const bytes of [file.subarray(0, file.length * 0.7), hurt]) {
            await avatar.load(bytes).then(
              () => codes.push('shown'),
              (error: { code: string }) => codes.push(error.code),
            );
          }
        }
        return codes;
      },
      ['meshopt', 'draco', 'webp', 'avif'].map((name) => `files${packed[name] ?? ''}`),
    );
    assert.equal(codes.length, 8);
    for (const code of codes) assert.match(code, /^invalid_(avatar|image)$/);
    assert.ok((await frames(page, whole, 1))[0]);
  });

  test('that is unpacked while another is loaded does not come after it', async (t) => {
    const { page } = await openPage(t);
    const outcomes = await page.evaluate(
      async ([slow, fast]) => {
        const avatar = await makeAvatar();
        const codeOf = (loading: Promise<void>) =>
          loading.then(
            () => 'shown',
            (error: { code: string }) => error.code,
          );
        const bytes = new Uint8Array(await (await fetch(slow)).arrayBuffer());
        const other = new Uint8Array(await (await fetch(fast)).arrayBuffer());
        return Promise.all([codeOf(avatar.load(bytes)), codeOf(avatar.load(other))]);
      },
      [`files${packed.draco ?? ''}`, `files${plain}`] as const,
    );
    assert.deepEqual(outcomes, ['superseded', 'shown']);
  });

  test('is named where its decoders cannot be fetched', async (t) => {
    const { page } = await openPage(t);
    const error = await page.evaluate(
      async (url) => {
        const avatar = await makeAvatar({ unpackUrl: 'missing.wasm' });
        return avatar.load(url).then(
          () => null,
          ({ code, message }: { code: string; message: string }) => ({ code, message }),
        );
      },
      `files${packed.draco ?? ''}`,
    );
    assert.equal(error?.code, 'io_failed');
    assert.match(error.message, /decoders of packed avatars.*missing\.wasm/);
  });
});

describe('an avatar without shapes', () => {
  const bare = path.join(folder, 'bare.glb');
  before(() => shapelessAvatar(plain, bare));

  test('is given some by sculpt.wasm, and looks as one that has its own', async (t) => {
    const { page, fetched } = await openPage(t);
    await page.evaluate(async (url) => {
      globalThis.avatar = await makeAvatar({ avatar: url, view: 'head' });
    }, `files${plain}`);
    const [expected = []] = await frames(page, whole, 1);
    assert.ok(!fetched.includes('sculpt.wasm'), 'an avatar with shapes needs no others');
    await page.evaluate(async (url) => avatar.load(url), `files${bare}`);
    const found = await nearest(page, expected);
    assert.ok(found < 2, `${found}`);
    assert.ok(fetched.includes('sculpt.wasm'));
    assert.ok(!fetched.includes('unpack.wasm'));
  });

  test('is shown as it is where sculpt.wasm cannot be fetched', async (t) => {
    const { page } = await openPage(t);
    await page.evaluate(async (url) => {
      globalThis.avatar = await makeAvatar({ avatar: url, sculptUrl: 'missing.wasm' });
    }, `files${bare}`);
    assert.ok((await frames(page, whole, 1))[0]);
  });
});
