// `--traits` changes what is drawn of an avatar, and `inspect` says what it can change.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { traitAvatar } from '../trait_avatar.mjs';
import { root, vivavox } from './tool.mjs';

const folder = mkdtempSync(join(tmpdir(), 'vivavox-traits-'));
const vivi = join(root, 'shared/avatars/vivi.glb');
const avatar = join(folder, 'traits.glb');
traitAvatar(vivi, avatar);
after(() => rmSync(folder, { recursive: true }));

const out = join(folder, 'picture.png');
const render = (traits, file = avatar) =>
  vivavox(['render', '--avatar', file, '--traits', traits, '--size', '128x128', '--out', out]);

async function picture(...args) {
  const { status, stderr } = render(...args);
  assert.equal(status, 0, stderr);
  return sharp(out).removeAlpha().raw().toBuffer();
}

const difference = (one, other) =>
  one.reduce((sum, level, i) => sum + Math.abs(level - other[i]), 0) / one.length;

test('each trait changes the picture, and a look several at once', async () => {
  const plain = await picture('{}');
  assert.equal(difference(plain, await picture('{"look":"vivi"}')), 0);
  for (const [traits, least] of [
    ['{"hair":"none"}', 5],
    ['{"cheeks":"full"}', 0.1],
    ['{"topColor":"#ffdd22"}', 2],
    ['{"look":"bald"}', 6],
  ]) {
    const change = difference(plain, await picture(traits));
    assert.ok(change > least, `${traits}: ${change}`);
  }
  const bald = await picture('{"look":"bald","topColor":"teal"}');
  assert.equal(difference(bald, await picture('{"hair":"none"}')), 0);
});

test('an avatar without traits can be tinted where its materials are known', async () => {
  const plain = await picture('{}', vivi);
  assert.ok(difference(plain, await picture('{"skin":"#5a3825"}', vivi)) > 5);
  assert.ok(difference(plain, await picture('{"hairColor":"#d8b070"}', vivi)) > 3);
});

test('a spoken picture takes traits, too', async () => {
  const spoken = async (...args) => {
    const options = ['--size', '128x128', '--seed', '1', '--at', '0', '--out', out];
    const run = vivavox(['speak', 'Hi', '--avatar', avatar, ...options, ...args]);
    assert.equal(run.status, 0, run.stderr);
    return sharp(out).removeAlpha().raw().toBuffer();
  };
  assert.ok(difference(await spoken(), await spoken('--traits', '{"look":"bald"}')) > 5);
});

test('what an avatar cannot be is refused, by name and with what it can', () => {
  for (const [traits, message, file] of [
    ['{"glasses":"round"}', /no trait "glasses": it can change hair, top, cheeks, topColor/],
    ['{"hair":"long"}', /the trait hair cannot be "long": it can be bob, none/],
    ['{"look":"tom"}', /no look "tom": it has vivi, bald/],
    ['{"glasses":"round"}', /no trait "glasses": it can change skin, hairColor/, vivi],
    ['{"hair":1}', /invalid_json/],
    ['hair', /invalid_json/],
  ]) {
    const { status, stderr } = render(traits, file);
    assert.equal(status, 1);
    assert.match(stderr, message);
  }
});

test('inspect lists traits and looks', () => {
  const { stdout } = vivavox(['inspect', avatar]);
  assert.match(stdout, /\n {2}hair: bob, none\n/);
  assert.match(stdout, /\n {2}topColor: teal, red or #rrggbb\n/);
  assert.match(stdout, /\nlooks: vivi, bald\n/);
  const { traits, looks } = JSON.parse(vivavox(['inspect', '--json', avatar]).stdout);
  assert.deepEqual(traits.hair, {
    values: ['bob', 'none'],
    takesColor: false,
    chosen: 'bob',
    color: null,
  });
  assert.deepEqual(looks, { vivi: {}, bald: { hair: 'none', topColor: 'red' } });
  assert.match(vivavox(['inspect', vivi]).stdout, /\n {2}skin: #rrggbb\n/);
});
