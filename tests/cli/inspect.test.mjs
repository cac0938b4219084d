// `vivavox inspect` says what an avatar can do, and draws it.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { root, temporaryFolder, vivavox } from './tool.mjs';

const vivi = join(root, 'shared/avatars/vivi.glb');
const family = join(root, 'shared/avatars/family.glb');

const cell_px = 256;
const sides = 4;

/** The colours of a sheet's cell. */
const cellOf = (sheet, index) =>
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
/** What lies under the names. */
const below = (picture) => picture.subarray(3 * cell_px * 30);

test('--sheet draws each face from four sides, and its name', async (t) => {
  const sheet = join(temporaryFolder(t), 'sheet.png');
  const { status, stdout, stderr } = vivavox(['inspect', vivi, '--sheet', sheet]);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /visemes: 15 of 15 its own/);
  const { width, height } = await sharp(sheet).metadata();
  assert.equal(width, 8 * cell_px);
  assert.equal(height % cell_px, 0);
  const neutral = await cellOf(sheet, 0);
  // Neutral and silence are the same face under two names.
  const silence = difference(neutral, await cellOf(sheet, sides));
  assert.ok(silence > 0 && silence < 4, `${silence}`);
  for (let side = 1; side < sides; ++side) {
    const turned = difference(neutral, await cellOf(sheet, side));
    assert.ok(turned > 5, `${side}: ${turned}`);
  }
  // The viseme aa, the eleventh of fifteen, opens the mouth.
  const open = difference(below(neutral), below(await cellOf(sheet, 11 * sides)));
  assert.ok(open > 0.3, `${open}`);
});

test('--traits has the sheet show who is chosen', async (t) => {
  const folder = temporaryFolder(t);
  const sheet = join(folder, 'sheet.png');
  const tom = ['--traits', '{"look":"tom"}'];
  assert.equal(vivavox(['inspect', family, '--sheet', sheet, ...tom]).status, 0);
  const shown = below(await cellOf(sheet, 0));
  const apart = async (name, traits) => {
    const out = join(folder, `${name}.png`);
    const size = `${cell_px}x${cell_px}`;
    const drawn = ['render', '--avatar', family, '--size', size, '--out', out, ...traits];
    assert.equal(vivavox(drawn).status, 0);
    return difference(shown, below(await sharp(out).removeAlpha().raw().toBuffer()));
  };
  const [same, other] = [await apart('tom', tom), await apart('first', [])];
  assert.ok(same * 4 < other, `${same} of ${other}`);
  const nobody = vivavox(['inspect', family, '--sheet', sheet, '--traits', '{"look":"nobody"}']);
  assert.equal(nobody.status, 1);
  assert.match(nobody.stderr, /invalid_argument/);
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
