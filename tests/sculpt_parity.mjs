// sculpt.wasm gives a head the shapes that the native engine gives it:
// node sculpt_parity.mjs VIVAVOX SCULPT_WASM AVATAR_GLB
/* global WebAssembly */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { jsonOf } from './packed_avatars.mjs';
import { shapelessAvatar } from './shapeless_avatar.mjs';

const [vivavox, sculptWasm, own] = process.argv.slice(2);
// Of 255, on average: which vertices a picture goes without depends on their last digits.
const most_difference = 0.05;

const folder = mkdtempSync(path.join(tmpdir(), 'vivavox-sculpt-'));
const module = new WebAssembly.Module(readFileSync(sculptWasm));
const bare = path.join(folder, 'bare.glb');

before(() => shapelessAvatar(own, bare));
after(() => rmSync(folder, { recursive: true }));

/** What sculpt.wasm makes of a file. */
function sculpted(file) {
  const { exports } = new WebAssembly.Instance(module, {
    env: { emscripten_notify_memory_growth: () => undefined },
  });
  exports._initialize();
  new Uint8Array(exports.memory.buffer, exports.room_for(file.length), file.length).set(file);
  assert.ok(exports.remake());
  const { buffer } = exports.memory;
  return Buffer.from(buffer, exports.result_begin(), exports.result_length());
}

async function picture(avatar, weights) {
  const out = path.join(folder, 'picture.png');
  const options = ['--size', '256x256', '--weights', JSON.stringify(weights), '--out', out];
  execFileSync(vivavox, ['render', '--avatar', avatar, ...options]);
  return sharp(out).removeAlpha().raw().toBuffer();
}

test(`shapes made natively and by sculpt.wasm differ by at most ${most_difference}/255`, async () => {
  const made = path.join(folder, 'made.glb');
  writeFileSync(made, sculpted(readFileSync(bare)));
  const { targetNames } = jsonOf(readFileSync(made)).meshes[0].extras;
  assert.ok(targetNames.includes('jawOpen') && targetNames.includes('eyeBlinkLeft'));
  for (const weights of [{ jawOpen: 0.6 }, { mouthPucker: 1 }, { eyeBlinkLeft: 1 }]) {
    const [native, web] = [await picture(bare, weights), await picture(made, weights)];
    const mean = native.reduce((sum, level, i) => sum + Math.abs(level - web[i]), 0) / web.length;
    assert.ok(mean <= most_difference, `${JSON.stringify(weights)} differs by ${mean}`);
  }
});

test('an avatar that has shapes comes back as it is', () => {
  const file = readFileSync(own);
  assert.deepEqual(sculpted(file), file);
});

test('what is no avatar comes back as it is', () => {
  const file = readFileSync(bare).subarray(0, 5000);
  assert.deepEqual(sculpted(file), file);
});
