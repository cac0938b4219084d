// unpack.wasm makes of packed avatars what the native engine does:
// node unpack_parity.mjs VIVAVOX UNPACK_WASM AVATAR_GLB
/* global WebAssembly */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { jsonOf, packedAvatars } from './packed_avatars.mjs';

const [vivavox, unpackWasm, plain] = process.argv.slice(2);
const most_difference = 0.02; // of 255, on average

const folder = mkdtempSync(path.join(tmpdir(), 'vivavox-unpack-'));
const module = new WebAssembly.Module(readFileSync(unpackWasm));
let packed;

before(async () => {
  packed = await packedAvatars(plain, folder);
});
after(() => rmSync(folder, { recursive: true }));

/** What unpack.wasm makes of a file: { isPlain, bytes }. */
function unpacked(file) {
  const { exports } = new WebAssembly.Instance(module, {
    env: { emscripten_notify_memory_growth: () => undefined },
  });
  exports._initialize();
  new Uint8Array(exports.memory.buffer, exports.room_for(file.length), file.length).set(file);
  const isPlain = exports.remake() !== 0;
  const { buffer } = exports.memory;
  return {
    isPlain,
    bytes: Buffer.from(buffer, exports.result_begin(), exports.result_length()),
  };
}

async function picture(avatar) {
  const out = path.join(folder, 'picture.png');
  const options = ['--size', '256x256', '--weights', '{"jawOpen":0.6}', '--out', out];
  execFileSync(vivavox, ['render', '--avatar', avatar, ...options]);
  return sharp(out).removeAlpha().raw().toBuffer();
}

test(`what is unpacked natively and by unpack.wasm differs by at most ${most_difference}/255`, async () => {
  for (const [name, file] of Object.entries(packed)) {
    const { isPlain, bytes } = unpacked(readFileSync(file));
    assert.ok(isPlain, `${name}: ${bytes}`);
    assert.deepEqual(
      (jsonOf(bytes).extensionsRequired ?? []).filter((used) => used !== 'KHR_mesh_quantization'),
      [],
    );
    const made = path.join(folder, 'unpacked.glb');
    writeFileSync(made, bytes);
    const [native, web] = [await picture(file), await picture(made)];
    const mean = native.reduce((sum, level, i) => sum + Math.abs(level - web[i]), 0) / web.length;
    console.log(`# ${name}: mean difference ${mean.toFixed(4)}/255`);
    assert.ok(mean <= most_difference, `${name} differs by ${mean}`);
  }
});

test('a plain avatar comes back as it is', () => {
  const file = readFileSync(plain);
  assert.deepEqual(unpacked(file), { isPlain: true, bytes: file });
});

test('a damaged avatar is refused by name', () => {
  const file = readFileSync(packed.draco);
  const { isPlain, bytes } = unpacked(file.subarray(0, file.length / 2));
  assert.ok(!isPlain);
  assert.match(bytes.toString(), /^invalid_avatar\nthe avatar file is cut short/);
});
