// Avatars of different makers' kinds look, speak and show moods as Vivi does, of whom they are made.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { makerNames, makersAvatar } from '../makers_avatars.mjs';
import { jsonOf } from '../packed_avatars.mjs';
import { output, root, vivavox } from './tool.mjs';

const side_px = 192;
const faces = ['neutral', 'open', 'm', 'blink', 'smile', 'aside', 'angry'];
/** Parts of Vivi's picture, as shares of its side. */
const regions = {
  all: { left: 0, top: 0, right: 1, bottom: 1 },
  mouth: { left: 0.35, top: 0.55, right: 0.65, bottom: 0.78 },
  eyes: { left: 0.25, top: 0.38, right: 0.75, bottom: 0.54 },
  brows: { left: 0.25, top: 0.27, right: 0.75, bottom: 0.4 },
};
/** What no target or bone of a kind can show, nor its mesh by being deformed. */
const lacking = {
  'MakeHuman and MPFB': ['angry'],
  'Mixamo, a jaw alone': ['angry'],
};

const lidsOnBones = ['MakeHuman and MPFB', 'MetaHuman'];

const folder = mkdtempSync(join(tmpdir(), 'vivavox-makers-'));
const vivi = join(root, 'shared/avatars/vivi.glb');
let own;

after(() => rmSync(folder, { recursive: true }));
before(async () => {
  own = await drawn(vivi);
});

/** Each face's pixels by its name. */
async function drawn(avatar) {
  const row = join(folder, 'faces.png');
  output(join(root, 'build/native/tests/draw_faces'), [avatar, row]);
  const { width, height } = await sharp(row).metadata();
  assert.deepEqual([width, height], [faces.length * side_px, side_px]);
  const cut = (i) => ({ left: i * side_px, top: 0, width: side_px, height: side_px });
  const pictures = faces.map((_, i) => sharp(row).extract(cut(i)).removeAlpha().raw().toBuffer());
  return Object.fromEntries((await Promise.all(pictures)).map((picture, i) => [faces[i], picture]));
}

/** How far two pictures differ there, of 255 on average. */
function difference(one, other, region) {
  const { left, top, right, bottom } = regions[region];
  const [x0, y0, x1, y1] = [left, top, right, bottom].map((share) => Math.round(share * side_px));
  let sum = 0;
  for (let y = y0; y < y1; y++) {
    const row = [3 * (y * side_px + x0), 3 * (y * side_px + x1)];
    for (let i = row[0]; i < row[1]; i++) sum += Math.abs(one[i] - other[i]);
  }
  return sum / (3 * (x1 - x0) * (y1 - y0));
}

/** How much a face differs there from the neutral one. */
const change = (pictures, face, region) => difference(pictures[face], pictures.neutral, region);

for (const name of makerNames) {
  test(`${name}: speaks, blinks and shows moods as Vivi does`, async () => {
    const file = join(folder, `${name.replace(/\W+/g, '-')}.glb`);
    await makersAvatar(name, vivi, file);
    const theirs = await drawn(file);
    const alike = difference(theirs.neutral, own.neutral, 'all');
    assert.ok(alike < 1.5, `at rest it differs by ${alike}`);
    const shown = { open: 'mouth', blink: 'eyes', smile: 'mouth', aside: 'eyes', angry: 'brows' };
    const shares = {};
    for (const [face, region] of Object.entries(shown)) {
      const share = change(theirs, face, region) / change(own, face, region);
      shares[face] = Number(share.toFixed(2));
      if (lacking[name]?.includes(face)) {
        assert.ok(share < 0.25, `${face}, which it cannot show, is ${share} of Vivi's`);
      } else {
        assert.ok(share > 0.6 && share < 1.5, `${face} is ${share} of Vivi's`);
      }
    }
    const closed = change(theirs, 'm', 'mouth') / change(theirs, 'open', 'mouth');
    shares.m = Number(closed.toFixed(2));
    assert.ok(closed < 0.3, `on m the mouth is ${closed} of open`);
    console.log(`# ${name}: ${JSON.stringify(shares)}`);
    const out = join(folder, 'said.glb');
    const said = vivavox(['speak', 'Mama.', '--avatar', file, '--out', out]);
    assert.equal(said.status, 0, said.stderr);
    // Lids on bones turn about the eye, and so move.
    const { channels } = jsonOf(readFileSync(out)).animations.at(-1);
    const moved = channels.filter(({ target }) => target.path === 'translation');
    assert.equal(moved.length, lidsOnBones.includes(name) ? 4 : 0);
  });
}

const readyPlayerMe = join(root, '../shared/data/avatars/brunette-t.glb');
test('a file of Ready Player Me itself', { skip: !existsSync(readyPlayerMe) }, async () => {
  const theirs = await drawn(readyPlayerMe);
  for (const [face, region] of [
    ['open', 'mouth'],
    ['blink', 'eyes'],
    ['smile', 'mouth'],
    ['aside', 'eyes'],
  ]) {
    const found = change(theirs, face, region);
    assert.ok(found > 2, `${face}: ${found}`);
  }
  assert.ok(change(theirs, 'm', 'mouth') < 0.3 * change(theirs, 'open', 'mouth'));
});
