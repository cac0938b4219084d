// Avatars that others' tools packed: the tool shows them as it shows the plain one.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import { avifAvatar, copyWithJson, jsonOf, packedAvatars } from '../packed_avatars.mjs';
import { root, vivavox } from './tool.mjs';

// Of 255, on average: which vertices a picture goes without depends on the last digits of them all.
const mostDifference = 0.8;
const plain = join(root, 'shared/avatars/vivi.glb');
const folder = mkdtempSync(join(tmpdir(), 'vivavox-packed-'));
let packed;

before(async () => {
  packed = { ...(await packedAvatars(plain, folder)), avif: join(folder, 'avif.glb') };
  await avifAvatar(plain, packed.avif, 1);
});
after(() => rmSync(folder, { recursive: true }));

/** The pixels of an avatar with a face that is not at rest. */
async function picture(avatar, weights = { jawOpen: 0.6, mouthSmileLeft: 0.5, eyeBlinkRight: 1 }) {
  const out = join(folder, 'picture.png');
  const options = ['--size', '256x256', '--weights', JSON.stringify(weights), '--out', out];
  const { status, stderr } = vivavox(['render', '--avatar', avatar, ...options]);
  assert.equal(status, 0, stderr);
  return sharp(out).removeAlpha().raw().toBuffer();
}

const difference = (one, other) =>
  one.reduce((sum, level, i) => sum + Math.abs(level - other[i]), 0) / one.length;

const report = (avatar) => JSON.parse(vivavox(['inspect', '--json', avatar]).stdout);

test('the tools have packed, and each in its way', () => {
  const used = Object.values(packed).flatMap(
    (file) => jsonOf(readFileSync(file)).extensionsUsed ?? [],
  );
  for (const name of [
    'EXT_meshopt_compression',
    'KHR_meshopt_compression',
    'KHR_draco_mesh_compression',
    'EXT_texture_webp',
    'EXT_texture_avif',
    'KHR_mesh_quantization',
  ])
    assert.ok(used.includes(name), name);
});

test('a packed avatar shows what the plain one does', async () => {
  const expected = await picture(plain);
  assert.ok(difference(expected, await picture(plain, {})) > 2 * mostDifference);
  for (const [name, file] of Object.entries(packed)) {
    const found = difference(expected, await picture(file));
    console.log(`# ${name}: mean difference ${found.toFixed(3)}/255`);
    assert.ok(found <= mostDifference, `${name} differs by ${found}`);
  }
});

/** Takes the mean colours of textures out of a report's traits: those that were packed are a little off. */
const takeColors = ({ traits }) =>
  Object.values(traits).flatMap((trait) => {
    const levels = trait.color?.match(/[0-9a-f]{2}/g) ?? [];
    delete trait.color;
    return levels.map((level) => parseInt(level, 16));
  });

test('a packed avatar is reported as the plain one is', () => {
  const expected = report(plain);
  const colors = takeColors(expected);
  assert.ok(colors.length >= 6);
  for (const [name, file] of Object.entries(packed)) {
    const found = report(file);
    for (const [i, level] of takeColors(found).entries())
      assert.ok(Math.abs(level - colors[i]) <= 2, `${name}: ${level} instead of ${colors[i]}`);
    assert.deepEqual(found, expected, name);
  }
});

test('a packed avatar is animated: a file that needs no unpacking of meshes', async () => {
  const out = join(folder, 'animated.glb');
  const { status, stderr } = vivavox([
    'speak',
    'Hello.',
    '--avatar',
    packed['draco and webp'],
    '--out',
    out,
  ]);
  assert.equal(status, 0, stderr);
  const json = jsonOf(readFileSync(out));
  assert.equal(json.animations.at(-1).name, 'speech');
  assert.deepEqual(json.extensionsRequired, ['EXT_texture_webp']);
  assert.ok(difference(await picture(plain), await picture(out)) <= mostDifference);
});

describe('is refused, and says why:', () => {
  const refusal = (avatar) => {
    const { status, stderr } = vivavox(['inspect', avatar]);
    assert.equal(status, 1);
    return stderr;
  };

  test('a packed avatar that is damaged', () => {
    for (const name of ['meshopt', 'draco', 'webp']) {
      const bytes = readFileSync(packed[name]);
      const cut = join(folder, 'cut.glb');
      writeFileSync(cut, bytes.subarray(0, bytes.length * 0.6));
      assert.match(refusal(cut), /cut short.*\(invalid_avatar\)/);
    }
  });

  test('a stream whose first bytes are not those of a packed mesh', () => {
    for (const [name, extension, words] of [
      ['meshopt', 'EXT_meshopt_compression', /meshoptimizer packed is damaged.*\(invalid_avatar\)/],
      ['draco', 'KHR_draco_mesh_compression', /Draco packed is damaged.*\(invalid_avatar\)/],
    ]) {
      const bytes = readFileSync(packed[name]);
      const json = jsonOf(bytes);
      const view =
        name === 'meshopt'
          ? json.bufferViews.find(({ extensions }) => extensions).extensions[extension]
          : json.bufferViews[json.meshes[0].primitives[0].extensions[extension].bufferView];
      const binary = 20 + bytes.readUInt32LE(12) + 8;
      bytes.fill(0x5a, binary + (view.byteOffset ?? 0), binary + (view.byteOffset ?? 0) + 4);
      const other = join(folder, 'other.glb');
      writeFileSync(other, bytes);
      assert.match(refusal(other), words);
    }
  });

  test('a mesh that would unpack to gigabytes', () => {
    const vast = join(folder, 'vast.glb');
    copyWithJson(packed.meshopt, vast, ({ bufferViews }) => {
      for (const { extensions } of bufferViews) {
        const view = extensions?.EXT_meshopt_compression;
        if (view?.mode === 'ATTRIBUTES')
          Object.assign(view, { count: 11_000_000, byteStride: 256, filter: 'NONE' });
      }
    });
    assert.match(refusal(vast), /128 MiB.*\(invalid_avatar\)/);
  });

  test('textures that are KTX2', () => {
    const basis = join(folder, 'basis.glb');
    copyWithJson(plain, basis, (json) => {
      json.extensionsUsed = json.extensionsRequired = ['KHR_texture_basisu'];
    });
    assert.match(refusal(basis), /KHR_texture_basisu.*ktxdecompress.*\(invalid_avatar\)/);
  });
});
