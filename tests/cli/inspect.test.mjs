// `vivavox inspect` says what an avatar can do, and draws it.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { root, temporaryFolder, vivavox } from './tool.mjs';

const vivi = join(root, 'shared/avatars/vivi.glb');

test('--sheet draws each face from two sides, and its name', async (t) => {
  const sheet = join(temporaryFolder(t), 'sheet.png');
  const { status, stdout, stderr } = vivavox(['inspect', vivi, '--sheet', sheet]);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /visemes: 15 of 15 its own/);
  const cell_px = 256;
  const { width, height } = await sharp(sheet).metadata();
  assert.equal(width, 8 * cell_px);
  assert.equal(height % cell_px, 0);
  const cell = (index) =>
    sharp(sheet)
      .extract({
        left: (index % 8) * cell_px,
        top: Math.floor(index / 8) * cell_px,
        width: cell_px,
        height: cell_px,
      })
      .removeAlpha()
      .raw()
      .toBuffer();
  const difference = (a, b) => a.reduce((sum, v, i) => sum + Math.abs(v - b[i]), 0) / a.length;
  const neutral = await cell(0);
  // Neutral and silence are the same face under two names.
  const silence = difference(neutral, await cell(2));
  assert.ok(silence > 0 && silence < 4, `${silence}`);
  const aside = difference(neutral, await cell(1));
  assert.ok(aside > 5, `${aside}`);
  const below = (picture) => picture.subarray(3 * cell_px * 30);
  // The viseme aa, the eleventh of fifteen, opens the mouth.
  const open = difference(below(neutral), below(await cell(22)));
  assert.ok(open > 0.3, `${open}`);
});

test('a sheet that cannot be written is an error', (t) => {
  const sheet = join(temporaryFolder(t), 'nowhere', 'sheet.png');
  const { status, stderr } = vivavox(['inspect', vivi, '--sheet', sheet]);
  assert.equal(status, 1);
  assert.match(stderr, /not_found/);
  assert.match(
    vivavox(['inspect', vivi, '--sheet', 'sheet.gif']).stderr,
    /sheet\.gif.*invalid_argument/,
  );
});
