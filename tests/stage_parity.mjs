// Chromium's WebGL 2 draws the pictures that the native engine draws on Vulkan:
// node stage_parity.mjs VIVAVOX STAGE_JS AVATAR_GLB DRAW_SWING
/* global window, document, fetch, OffscreenCanvas, createImageBitmap -- in the page */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { braidedAvatar } from './braided_avatar.mjs';
import { idleAvatar } from './idle_avatar.mjs';
import { layeredAvatar } from './layered_avatar.mjs';

const [vivavox, stageJs, avatar, drawSwing] = process.argv.slice(2);
const size_px = 384;
const most_difference = 2; // of 255, on average

const poses = {
  neutral: { weights: {} },
  open: { weights: { jawOpen: 0.8 } },
  smile: {
    weights: {
      mouthSmileLeft: 0.9,
      mouthSmileRight: 0.9,
      cheekSquintLeft: 0.5,
      cheekSquintRight: 0.5,
    },
  },
  blink: { weights: { eyeBlinkLeft: 1, eyeBlinkRight: 1 } },
  pucker: { weights: { mouthPucker: 0.8, mouthFunnel: 0.4, browInnerUp: 0.7 } },
  turned: {
    weights: { jawOpen: 0.2, mouthStretchLeft: 0.5 },
    head_deg: { pitch: 8, yaw: 25, roll: -6 },
  },
};

const folder = mkdtempSync(path.join(tmpdir(), 'vivavox-parity-'));
const braided = path.join(folder, 'braided.glb');
const idle = path.join(folder, 'idle.glb');
const layered = path.join(folder, 'layered.glb');
let server;
let browser;
let page;

before(async () => {
  const types = { '.js': 'text/javascript', '.wasm': 'application/wasm' };
  server = createServer((request, response) => {
    const name = path.basename(request.url);
    response.setHeader('Content-Type', types[path.extname(name)] ?? 'text/html');
    if (name in served) response.end(readFileSync(served[name]));
    else response.end('<!doctype html><canvas></canvas>');
  }).listen(0, '127.0.0.1');
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--headless=new',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  page = await browser.newPage();
  page.on('pageerror', (error) => assert.fail(String(error)));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.evaluate(openStage, size_px);
});

after(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true });
});

const served = {
  'stage.js': stageJs,
  'stage.wasm': stageJs.replace(/\.js$/, '.wasm'),
  'avatar.glb': avatar,
  'braided.glb': braided,
  'idle.glb': idle,
  'layered.glb': layered,
};

/** In the page: the avatar on the canvas, and `draw`, which gives a pose's pixels. */
async function openStage(size_px) {
  const { default: createStageModule } = await import('/stage.js');
  const canvas = document.querySelector('canvas');
  const module = await createStageModule({ canvas });
  const stage = module.createStage(canvas, size_px, size_px);
  const load = async (url, clip) => {
    stage.loadAvatar(new Uint8Array(await (await fetch(url)).arrayBuffer()), clip, '{}', 4096);
  };
  const settle = () => {
    while (stage.settle(100)) continue;
  };
  await load('/avatar.glb');
  const names = JSON.parse(module.blendShapeNames());
  const pixels = (source) => {
    const context = new OffscreenCanvas(size_px, size_px).getContext('2d', {
      willReadFrequently: true,
    });
    context.drawImage(source, 0, 0, size_px, size_px);
    return context.getImageData(0, 0, size_px, size_px).data;
  };
  const draw = ({ weights, head_deg = {} }) => {
    const pose = new Float32Array(67);
    for (const [name, weight] of Object.entries(weights)) pose[names.indexOf(name)] = weight;
    for (const [i, angle] of ['pitch', 'yaw', 'roll'].entries())
      pose[52 + i] = ((head_deg[angle] ?? 0) * Math.PI) / 180;
    stage.setPose(pose, 0);
    stage.render();
    return pixels(canvas);
  };
  const difference = (a, b) => {
    let sum = 0;
    for (let i = 0; i < a.length; i += 4) {
      for (let k = 0; k < 3; k++) sum += Math.abs(a[i + k] - b[i + k]);
    }
    return sum / ((a.length / 4) * 3);
  };
  const bare = draw({ weights: {} });
  settle();
  /** How much the light that the avatar holds off itself changes. */
  window.occlusion = () => difference(bare, draw({ weights: {} }));
  const picture = async (png) => createImageBitmap(await (await fetch(png)).blob());
  window.compare = async (pose, nativePng) =>
    difference(draw(pose), pixels(await picture(nativePng)));
  window.setLevel = (level) => stage.setQuality(level);
  /** The neutral face at a level: how far it is from the native one, and how many pixels it has. */
  window.compareLevel = async (level, nativePng) => {
    stage.setQuality(level);
    settle();
    return {
      native: difference(draw({ weights: {} }), pixels(await picture(nativePng))),
      width_px: canvas.width,
      error: canvas.getContext('webgl2').getError(),
    };
  };
  /** How far another avatar's neutral face is from each of these pictures. */
  window.compareAvatar = async (url, pngs) => {
    await load(url);
    settle();
    const drawn = draw({ weights: {} });
    return Promise.all(pngs.map(async (png) => difference(drawn, pixels(await picture(png)))));
  };
  /** How far the clip at a moment is from the native picture, and from the clip held at its start. */
  window.compareClip = async (url, clip, t_s, nativePng) => {
    await load(url, clip);
    settle();
    const native = pixels(await picture(nativePng));
    const at = (moment_s) => {
      stage.setPose(new Float32Array(67), moment_s);
      stage.render();
      return difference(pixels(canvas), native);
    };
    const found = { native: at(t_s), later: at(t_s + 4 * 2) };
    stage.holdClip(true);
    found.held = at(t_s);
    stage.holdClip(false);
    return found;
  };
  /** For each frame: how far it is from the native one, and from the same pose at rest. */
  window.compareFilm = async (url, fps, frames, nativePng) => {
    await load(url);
    settle();
    const native = await picture(nativePng);
    const pose = new Float32Array(67);
    const found = [];
    const show = (t_s, moment_s) => {
      pose[53] = 0.5 * Math.sin(6 * t_s);
      pose[54] = 0.2 * Math.sin(9 * t_s);
      stage.setPose(pose, moment_s);
    };
    for (let frame = 0; frame <= frames.at(-1); frame++) {
      show(frame / fps, frame / fps);
      const place = frames.indexOf(frame);
      if (place < 0) continue;
      stage.render();
      const web = pixels(canvas);
      const theirs = pixels(await createImageBitmap(native, 0, place * size_px, size_px, size_px));
      found.push({ native: difference(web, theirs) });
    }
    for (const [place, frame] of frames.entries()) {
      const aloneAt_s = 10 * (place + 1);
      show(frame / fps, aloneAt_s);
      stage.render();
      const theirs = pixels(await createImageBitmap(native, 0, place * size_px, size_px, size_px));
      found[place].rest = difference(pixels(canvas), theirs);
    }
    return found;
  };
}

/** The native picture of a pose, as a URL. */
function nativePicture(pose, file = avatar, ...options) {
  const png = path.join(folder, 'native.png');
  const size = `${size_px}x${size_px}`;
  const { weights, head_deg = {} } = pose;
  const posed = ['--weights', JSON.stringify(weights), '--head', JSON.stringify(head_deg)];
  const given = ['--avatar', file, '--size', size, '--out', png, ...posed, ...options];
  execFileSync(vivavox, ['render', ...given]);
  return `data:image/png;base64,${readFileSync(png, 'base64')}`;
}

for (const [name, pose] of Object.entries(poses)) {
  test(`${name}: native and browser differ by at most ${most_difference}/255`, async () => {
    const native = nativePicture(pose);
    const compare = (pose) =>
      page.evaluate(([pose, png]) => window.compare(pose, png), [pose, native]);
    const mean = await compare(pose);
    console.log(`# ${name}: mean difference ${mean.toFixed(3)}/255`);
    assert.ok(mean <= most_difference, `the pictures differ by ${mean}/255`);
    const others = Object.values(poses).filter((other) => other !== pose);
    for (const other of others)
      assert.ok((await compare(other)) > mean, 'another pose comes nearer');
  });
}

const levels = { ultra: 2, high: 1, medium: 1, low: 0.75, minimal: 0.5 };
for (const [level, scale] of Object.entries(levels)) {
  test(`${level}: native and browser differ by at most ${most_difference}/255`, async () => {
    const png = nativePicture(poses.neutral, avatar, '--quality', level);
    const found = await page.evaluate(
      ([level, png]) => window.compareLevel(level, png),
      [level, png],
    );
    console.log(`# ${level}: mean difference ${found.native.toFixed(3)}/255`);
    assert.ok(found.native <= most_difference, `the pictures differ by ${found.native}/255`);
    assert.equal(found.width_px, size_px * scale);
    assert.equal(found.error, 0, 'WebGL reports an error');
  });
}

test('light that the avatar holds off itself is missed once it has looked around', async () => {
  assert.ok((await page.evaluate(() => window.occlusion())) > 0.5);
});

test('a clip plays natively as in the browser, and can be held', async () => {
  await page.evaluate(() => window.setLevel('high'));
  await idleAvatar(avatar, idle);
  const compare = (clip, ...options) =>
    page.evaluate(
      ([clip, png]) => window.compareClip('/idle.glb', clip, 0.5, png),
      [clip, nativePicture(poses.neutral, idle, '--at', '0.5', ...options)],
    );
  for (const [clip, found] of [
    ['idle', await compare(undefined)],
    ['Dance', await compare('Dance', '--clip', 'Dance')],
  ]) {
    console.log(`# ${clip}: ${JSON.stringify(found)}`);
    assert.ok(found.native <= most_difference, `${clip} differs by ${found.native}/255`);
    assert.ok(found.later <= most_difference, `${clip} goes round`);
    assert.ok(found.held > found.native + 0.5, `${clip} is held`);
  }
  const none = await compare(null, '--clip', 'none');
  assert.ok(none.native <= most_difference, `no clip differs by ${none.native}/255`);
  assert.ok(Math.abs(none.held - none.native) < 0.01, 'nothing moves');
});

test('lacquer, velvet and glass are natively what they are in the browser', async () => {
  await page.evaluate(() => window.setLevel('high'));
  layeredAvatar(avatar, layered);
  const [alike, plain] = await page.evaluate(
    (pngs) => window.compareAvatar('/layered.glb', pngs),
    [nativePicture(poses.neutral, layered), nativePicture(poses.neutral)],
  );
  console.log(`# layers: mean difference ${alike.toFixed(3)}/255, ${plain.toFixed(3)} from none`);
  assert.ok(alike <= most_difference, `the pictures differ by ${alike}/255`);
  assert.ok(plain > alike + 3, 'without layers the picture is another');
});

test('a film swings natively as in the browser, its first picture and others alone rest', async () => {
  await page.evaluate(() => window.setLevel('high'));
  await braidedAvatar(avatar, braided);
  const png = path.join(folder, 'film.png');
  const frames = [0, 9, 17, 31, 60];
  for (const fps of [30, 24]) {
    execFileSync(drawSwing, [braided, String(fps), png, ...frames.map(String)]);
    const native = `data:image/png;base64,${readFileSync(png, 'base64')}`;
    const found = await page.evaluate(
      ([fps, frames, png]) => window.compareFilm('/braided.glb', fps, frames, png),
      [fps, frames, native],
    );
    console.log(`# film at ${fps}: ${JSON.stringify(found)}`);
    for (const [place, { native, rest }] of found.entries()) {
      assert.ok(native <= most_difference, `frame ${frames[place]} differs by ${native}/255`);
      if (place === 0) assert.ok(rest <= most_difference, 'the first picture rests');
      else assert.ok(rest > native + 0.5, `frame ${frames[place]} swings: ${rest}, ${native}`);
    }
  }
});
