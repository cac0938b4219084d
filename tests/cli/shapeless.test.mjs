// Heads without shapes speak and blink by deforming their meshes, near to how they did with the
// shapes that they had; where no mouth is found they stay as they are.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { copyWithJson, jsonOf } from '../packed_avatars.mjs';
import { shapelessAvatar } from '../shapeless_avatar.mjs';
import { root, vivavox } from './tool.mjs';

const folder = mkdtempSync(join(tmpdir(), 'vivavox-shapeless-'));
const vivi = join(root, 'shared/avatars/vivi.glb');
const family = join(root, 'shared/avatars/family.glb');
const readyPlayerMe = join(root, '../shared/data/avatars/brunette-t.glb');
const side_px = 192;

after(() => rmSync(folder, { recursive: true }));

const report = (file) => JSON.parse(vivavox(['inspect', file, '--json']).stdout);

async function picture(avatar, weights, look) {
  const out = join(folder, 'picture.png');
  const traits = look ? ['--traits', JSON.stringify({ look })] : [];
  const { status, stderr } = vivavox([
    ...['render', '--avatar', avatar, '--view', 'head', '--size', `${side_px}x${side_px}`],
    ...['--weights', JSON.stringify(weights), '--out', out, ...traits],
  ]);
  assert.equal(status, 0, stderr);
  return sharp(out).removeAlpha().raw().toBuffer();
}

/** How much two pictures differ, of 255 on average. */
const difference = (one, other) =>
  one.reduce((sum, level, i) => sum + Math.abs(level - other[i]), 0) / one.length;

const both = (shape, weight = 1) => ({ [`${shape}Left`]: weight, [`${shape}Right`]: weight });
const faces = {
  open: { jawOpen: 0.7 },
  smile: both('mouthSmile'),
  blink: both('eyeBlink'),
  o: { jawOpen: 0.18, mouthFunnel: 0.22, mouthPucker: 0.52 },
};

/** Each face's change from the neutral one, as a share of what it was with the avatar's shapes. */
async function shares(own, bare, look) {
  const rest = { own: await picture(own, {}, look), bare: await picture(bare, {}) };
  const found = {};
  for (const [name, weights] of Object.entries(faces)) {
    const was = difference(await picture(own, weights, look), rest.own);
    found[name] = difference(await picture(bare, weights), rest.bare) / was;
  }
  return found;
}

const heads = [
  { name: 'vivi', own: vivi },
  ...['tom', 'nia', 'ken', 'rosa', 'otto'].map((name) => ({ name, own: family, look: name })),
  { name: 'Ready Player Me', own: readyPlayerMe },
];
for (const { name, own, look } of heads) {
  test(
    `${name} without shapes opens the mouth, smiles, rounds the lips and blinks`,
    { skip: !existsSync(own) },
    async () => {
      const bare = join(folder, `${name}.glb`);
      await shapelessAvatar(own, bare, look);
      const { blendShapes, visemes, notes } = report(bare);
      assert.deepEqual(blendShapes.own, []);
      for (const shape of [
        'jawOpen',
        'mouthPucker',
        'mouthSmileLeft',
        'eyeBlinkLeft',
        'eyeBlinkRight',
      ])
        assert.ok(blendShapes.deformed.includes(shape), shape);
      assert.ok(visemes.deformed.includes('aa') && visemes.deformed.includes('U'));
      assert.ok(
        notes.some((note) => note.includes('deforming the mesh around its lips')),
        notes,
      );
      const found = await shares(own, bare, look);
      console.log(
        `# ${name}: ${JSON.stringify(found, (_, value) => (value.toFixed ? Number(value.toFixed(2)) : value))}`,
      );
      for (const [face, share] of Object.entries(found)) {
        // Smiles of others lift the cheeks as well.
        const least = face === 'smile' ? 0.3 : 0.6;
        assert.ok(share > least && share < 1.5, `${face} is ${share} of what it was`);
      }
    },
  );
}

test('lips are closed over an open jaw', async () => {
  const bare = join(folder, 'vivi-m.glb');
  await shapelessAvatar(vivi, bare);
  const rest = await picture(bare, {});
  const open = difference(await picture(bare, { jawOpen: 0.6 }), rest);
  const shut = difference(await picture(bare, { jawOpen: 0.6, mouthClose: 0.6 }), rest);
  assert.ok(shut < 0.05 * open, `${shut} of ${open}`);
});

test('a film as a model has the shapes that were made', async () => {
  const bare = join(folder, 'vivi-film.glb');
  const out = join(folder, 'said.glb');
  await shapelessAvatar(vivi, bare);
  const { status, stderr } = vivavox(['speak', 'Mama.', '--avatar', bare, '--out', out]);
  assert.equal(status, 0, stderr);
  const { meshes, animations } = jsonOf(readFileSync(out));
  assert.ok(meshes[0].extras.targetNames.includes('jawOpen'));
  assert.ok(animations.at(-1).channels.some(({ target }) => target.path === 'weights'));
});

test('a model that has no face stays as it is, and the report says why', async () => {
  const bare = join(folder, 'vivi-top.glb');
  await shapelessAvatar(vivi, bare);
  // Her clothes alone.
  copyWithJson(bare, bare, (json) => {
    for (const node of json.nodes) {
      if (node.name !== 'top') delete node.mesh;
    }
  });
  const { blendShapes, notes } = report(bare);
  assert.deepEqual(blendShapes.deformed, []);
  assert.ok(
    notes.some((note) => note.startsWith('the mouth is not deformed: ')),
    notes,
  );
  assert.ok(
    notes.some((note) => note.startsWith('the left lids are not deformed: ')),
    notes,
  );
});
