// `--background`: what `render` and `speak` draw an avatar before.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { output, temporaryFolder, vivavox } from './tool.mjs';

const side_px = 96;
const size = ['--size', `${side_px}x${side_px}`];
const red = { r: 220, g: 30, b: 20 };

/** A picture twice as wide as high: red in the middle, blue beside what fills a square. */
async function wallpaper(file) {
  const square = { width: 100, height: 100, channels: 3, background: red };
  await sharp({ create: { width: 200, height: 100, channels: 3, background: '#0000ff' } })
    .composite([{ input: await sharp({ create: square }).png().toBuffer(), left: 50, top: 0 }])
    .jpeg({ quality: 100 })
    .toFile(file);
}

function corners(pixels, channels) {
  const at = (x, y) => [
    ...pixels.subarray((y * side_px + x) * channels, (y * side_px + x) * channels + 3),
  ];
  return [at(3, 3), at(side_px - 4, 3)];
}

function isRed([r, g, b]) {
  return Math.abs(r - red.r) < 12 && Math.abs(g - red.g) < 12 && Math.abs(b - red.b) < 12;
}

test('a picture fills what is behind an avatar, in pictures and films', async (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, 'wallpaper.jpg');
  await wallpaper(file);
  const drawn = join(folder, 'drawn.png');
  const render = vivavox(['render', '--background', file, ...size, '--out', drawn]);
  assert.equal(render.status, 0, render.stderr);
  const { data, info } = await sharp(drawn).raw().toBuffer({ resolveWithObject: true });
  assert.ok(corners(data, info.channels).every(isRed));
  const middle = [...data.subarray(info.channels * (side_px * 48 + 48))].slice(0, 3);
  assert.ok(!isRed(middle), 'the face is in front');
  const film = join(folder, 'film.mp4');
  const speak = vivavox(['speak', 'Yes.', '--background', file, ...size, '--out', film]);
  assert.equal(speak.status, 0, speak.stderr);
  const frame = output('ffmpeg', [
    '-v',
    'error',
    '-i',
    film,
    '-frames:v',
    '1',
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    '-',
  ]);
  assert.ok(corners(frame, 3).every(isRed));
});

test('a background that cannot be is refused', (t) => {
  const folder = temporaryFolder(t);
  const out = join(folder, 'a.png');
  for (const [words, error] of [
    ['nowhere.png', /nowhere\.png .*not_found|no file.*nowhere\.png/],
    [join(import.meta.dirname, 'tool.mjs'), /invalid_image/],
    ['#12', /#rrggbb/],
  ]) {
    const { status, stderr } = vivavox(['render', '--background', words, '--out', out]);
    assert.notEqual(status, 0);
    assert.match(stderr, error);
  }
  const film = join(folder, 'a.mp4');
  const { status, stderr } = vivavox([
    'speak',
    'Yes.',
    '--background',
    'transparent',
    '--out',
    film,
  ]);
  assert.notEqual(status, 0);
  assert.match(stderr, /a film has no transparency/);
});

test('a film shows the view that is asked for', (t) => {
  const folder = temporaryFolder(t);
  const [front, profile] = ['front', 'profile'].map((view) => {
    const out = join(folder, `${view}.png`);
    const { status, stderr } = vivavox([
      'speak',
      'Yes.',
      '--view',
      view,
      ...size,
      '--at',
      '0.2',
      '--out',
      out,
    ]);
    assert.equal(status, 0, stderr);
    return output('ffmpeg', ['-v', 'error', '-i', out, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-']);
  });
  const change =
    front.reduce((sum, level, i) => sum + Math.abs(level - profile[i]), 0) / front.length;
  assert.ok(change > 8, `${change}`);
});
