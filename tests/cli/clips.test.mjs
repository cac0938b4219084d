// Clips of an avatar's file play under the face.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { idleAvatar } from '../idle_avatar.mjs';
import { jsonOf } from '../packed_avatars.mjs';
import { root, vivavox } from './tool.mjs';

const folder = mkdtempSync(join(tmpdir(), 'vivavox-clips-'));
const vivi = join(root, 'shared/avatars/vivi.glb');
const idle = join(folder, 'idle.glb');

before(() => idleAvatar(vivi, idle));
after(() => rmSync(folder, { recursive: true }));

async function picture(avatar, ...options) {
  const out = join(folder, 'picture.png');
  const given = ['render', '--avatar', avatar, '--size', '128x128', '--out', out, ...options];
  const { status, stderr } = vivavox(given);
  assert.equal(status, 0, stderr);
  return sharp(out).removeAlpha().raw().toBuffer();
}

const difference = (one, other) =>
  one.reduce((sum, level, i) => sum + Math.abs(level - other[i]), 0) / one.length;

test('inspect lists clips, and which plays', () => {
  const { stdout } = vivavox(['inspect', idle]);
  assert.match(stdout, /clips:\n {2}Breathing Idle: 2\.0 s, plays\n {2}Dance: 2\.0 s\n/);
  assert.deepEqual(
    JSON.parse(vivavox(['inspect', '--json', idle]).stdout).clips.map(({ plays }) => plays),
    [true, false],
  );
});

test('a clip that is called idle plays, round and round', async () => {
  const still = await picture(vivi);
  // The camera looks at the middle of where the clip has the head: half a pixel lower.
  assert.ok(difference(still, await picture(idle)) < 1.5, 'its start is the rest');
  const sways = await picture(idle, '--at', '0.5');
  assert.ok(difference(still, sways) > 3);
  assert.equal(difference(sways, await picture(idle, '--at', '4.5')), 0);
});

test('--clip chooses one, or none', async () => {
  const still = await picture(vivi);
  assert.ok(difference(still, await picture(idle, '--at', '0.5', '--clip', 'none')) < 0.1);
  const dances = await picture(idle, '--at', '0.5', '--clip', 'Dance');
  assert.ok(difference(dances, await picture(idle, '--at', '0.5')) > 3);
  const { status, stderr } = vivavox(['render', '--avatar', idle, '--clip', 'Jump', '--out', 'x']);
  assert.equal(status, 1);
  assert.match(stderr, /Breathing Idle, Dance \(invalid_argument\)/);
});

test('speak shows the clip as well', async () => {
  const shown = async (clip) => {
    const out = join(folder, 'spoken.png');
    const moment = ['--at', '0.5', '--size', '128x128'];
    const { status, stderr } = vivavox([
      ...['speak', 'Hello.', '--avatar', idle, '--clip', clip, ...moment, '--out', out],
    ]);
    assert.equal(status, 0, stderr);
    return sharp(out).removeAlpha().raw().toBuffer();
  };
  assert.ok(difference(await shown('none'), await shown('Breathing Idle')) > 3);
});

test('the speech is one more clip of the file', () => {
  const out = join(folder, 'spoken.glb');
  const { status, stderr } = vivavox(['speak', 'Hello.', '--avatar', idle, '--out', out]);
  assert.equal(status, 0, stderr);
  assert.deepEqual(
    jsonOf(readFileSync(out)).animations.map(({ name }) => name),
    ['Breathing Idle', 'Dance', 'speech'],
  );
});
