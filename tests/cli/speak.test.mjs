// `vivavox speak`: the files it writes are what they claim to be.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { output, temporaryFolder, vivavox } from './tool.mjs';

const frames_per_s = 30;
/** What a film shows before the first sound and after the last. */
const lead_s = 0.25;
const tail_s = 0.35;

function probe(file, stream) {
  const text = output('ffprobe', [
    ...['-v', 'error', '-select_streams', stream, '-count_packets', '-of', 'json'],
    ...['-show_entries', 'stream=codec_name,duration,nb_read_packets,width,height', file],
  ]);
  return JSON.parse(text).streams[0];
}

/** Every frame of a video as RGB bytes. */
function frames(file, side) {
  const bytes = output('ffmpeg', [
    '-v',
    'error',
    '-i',
    file,
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    '-',
  ]);
  const size = side * side * 3;
  assert.equal(bytes.length % size, 0);
  return Array.from({ length: bytes.length / size }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
}

function loudness(wav) {
  const samples = new Int16Array(
    wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + wav.length),
  );
  return Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length) / 32768;
}

test('speak writes sound, curves, picture and film that agree', (t) => {
  const folder = temporaryFolder(t);
  const files = ['a.wav', 'a.json', 'a.png', 'a.mp4', 'a.webm'];
  const run = vivavox(
    [
      'speak',
      'Hello world, this is a living voice.',
      ...files.flatMap((file) => ['--out', file]),
      '--size',
      '160x160',
    ],
    { cwd: folder },
  );
  assert.equal(run.stderr, '');
  assert.equal(run.status, 0);
  assert.deepEqual(readdirSync(folder).sort(), files.sort());

  const { timeline, curves } = JSON.parse(readFileSync(join(folder, 'a.json'), 'utf8'));
  assert.deepEqual(
    timeline.words.map((word) => timeline.text.slice(word.begin, word.end)),
    ['Hello', 'world', 'this', 'is', 'a', 'living', 'voice'],
  );
  assert.equal(curves.names.length, 52);
  assert.ok(Math.abs(curves.frames.length / curves.fps - timeline.duration_s) <= 1.5 / curves.fps);

  const wav = readFileSync(join(folder, 'a.wav'));
  assert.equal(wav.length, 44 + 2 * Math.round(timeline.duration_s * timeline.sample_rate_hz));
  assert.ok(loudness(wav) > 0.02, 'the sound is not silent');

  const picture = probe(join(folder, 'a.png'), 'v');
  assert.deepEqual([picture.width, picture.height], [160, 160]);
  for (const film of ['a.mp4', 'a.webm']) {
    const video = probe(join(folder, film), 'v');
    const film_s = lead_s + timeline.duration_s + tail_s;
    assert.equal(Number(video.nb_read_packets), Math.ceil(film_s * frames_per_s));
  }
  const sound = Number(probe(join(folder, 'a.mp4'), 'a').duration);
  const sight = Number(probe(join(folder, 'a.mp4'), 'v').duration);
  assert.ok(Math.abs(sound - sight) <= 1 / frames_per_s, `sound ${sound} s, picture ${sight} s`);
  assert.ok(Math.abs(sight - (lead_s + timeline.duration_s + tail_s)) <= 1 / frames_per_s);
});

const side = 256;

function luma(frame, i) {
  return 0.299 * frame[3 * i] + 0.587 * frame[3 * i + 1] + 0.114 * frame[3 * i + 2];
}

/** The rectangle that changes between a shut and an open mouth. */
function mouthBox(folder) {
  const render = (weights, name) => {
    const file = join(folder, name);
    const args = ['render', '--weights', weights, '--size', `${side}x${side}`, '--out', file];
    assert.equal(vivavox(args).status, 0);
    return frames(file, side)[0];
  };
  const shut = render('{}', 'shut.png');
  const open = render('{"jawOpen":0.5}', 'open.png');
  const dark = [];
  for (let i = 0; i < side * side; i++) if (luma(shut, i) - luma(open, i) > 60) dark.push(i);
  const xs = dark.map((i) => i % side);
  const ys = dark.map((i) => Math.floor(i / side));
  const box = {
    left: Math.min(...xs),
    right: Math.max(...xs),
    top: Math.min(...ys),
    bottom: Math.max(...ys),
  };
  return { box, shut, open };
}

/**
 * How much of the mouth's inside shows: pixels of the box a good deal darker
 * than shut lips are anywhere, as a share of an open mouth's.
 */
function opening(frame, { box, shut, open }) {
  const count = (picture) => {
    let darkest = 255;
    let pixels = 0;
    for (let y = box.top; y <= box.bottom; y++) {
      for (let x = box.left; x <= box.right; x++)
        darkest = Math.min(darkest, luma(shut, y * side + x));
    }
    for (let y = box.top; y <= box.bottom; y++) {
      for (let x = box.left; x <= box.right; x++)
        if (luma(picture, y * side + x) < darkest - 15) pixels++;
    }
    return pixels;
  };
  return count(frame) / count(open);
}

test('speak writes mouth shapes and tables for other engines', (t) => {
  const folder = temporaryFolder(t);
  const outputs = [
    'a.json',
    'a.csv',
    'a.tsv',
    'a.dat',
    'a.glb',
    'a.srt',
    'a.vtt',
    'a.TextGrid',
  ].flatMap((file) => ['--out', file]);
  const run = vivavox(['speak', 'Pam, you saw Bob.', ...outputs, '--fps', '24'], { cwd: folder });
  assert.equal(run.status, 0, run.stderr);
  const text = (name) => readFileSync(join(folder, name), 'utf8');
  const { timeline, curves } = JSON.parse(text('a.json'));
  const rows = text('a.csv').trim().split('\n');
  assert.equal(rows.length, 1 + curves.frames.length);
  const column = rows[0].split(',').indexOf('JawOpen');
  const jaw = rows.slice(1).map((row) => Number(row.split(',')[column]));
  const expected = curves.frames.map((frame) => frame[curves.names.indexOf('jawOpen')]);
  jaw.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-3));

  const cues = text('a.tsv')
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));
  assert.ok(cues.every(([, shape]) => /^[A-HX]$/.test(shape)));
  const shapeAt = (t_s) => cues.findLast(([start_s]) => Number(start_s) <= t_s + 0.005)[1];
  for (const { ipa, start_s, end_s } of timeline.phones) {
    if (/^[pbm]$/.test(ipa)) assert.equal(shapeAt((start_s + end_s) / 2), 'A');
    if (/^uː?$/.test(ipa)) assert.equal(shapeAt((start_s + end_s) / 2), 'F');
  }
  assert.match(
    text('a.dat'),
    /^MohoSwitch1\n1 (rest|MBP)\n(\d+ (AI|E|etc|FV|L|MBP|O|rest|U|WQ)\n)+$/,
  );
  assert.match(text('a.srt'), /^1\n00:00:00,\d{3} --> 00:00:0\d,\d{3}\nPam, you saw Bob\.\n/);
  assert.match(text('a.vtt'), /^WEBVTT\n/);
  assert.match(text('a.TextGrid'), /text = "saw"/);
  const glb = readFileSync(join(folder, 'a.glb'));
  const gltf = JSON.parse(glb.toString('utf8', 20, 20 + glb.readUInt32LE(12)));
  const [animation] = gltf.animations;
  const paths = new Set(animation.channels.map(({ target }) => target.path));
  assert.deepEqual([...paths].sort(), ['rotation', 'weights']);
  const times = gltf.accessors[animation.samplers[0].input];
  assert.equal(times.count, curves.frames.length);
  assert.equal(vivavox(['inspect', join(folder, 'a.glb')]).status, 0);
  const azure = ['--out', 'b.tsv', '--mouth-shapes', 'azure'];
  assert.equal(vivavox(['speak', 'Pam.', ...azure], { cwd: folder }).status, 0);
  assert.match(text('b.tsv'), /^0\.00\t(0|21)\n/);
  const unknown = ['--out', 'c.tsv', '--mouth-shapes', 'disney'];
  const refused = vivavox(['speak', 'Pam.', ...unknown], { cwd: folder });
  assert.notEqual(refused.status, 0);
  assert.match(refused.stderr + refused.stdout, /mouth-shapes/);
});

test('the lips are shut in the film in the middle of every p, b and m', (t) => {
  const folder = temporaryFolder(t);
  const text = 'Bob may pump a big map, mama; Peter Piper picked up my pumpkin by a pub.';
  const args = [
    'speak',
    text,
    '--out',
    'p.mp4',
    '--out',
    'p.json',
    '--size',
    `${side}x${side}`,
    '--fps',
    '60',
  ];
  const run = vivavox(args, { cwd: folder });
  assert.equal(run.status, 0, run.stderr);
  const { timeline } = JSON.parse(readFileSync(join(folder, 'p.json'), 'utf8'));
  const film = frames(join(folder, 'p.mp4'), side);
  const mouth = mouthBox(folder);
  const at = (phone) => film[Math.round((lead_s + (phone.start_s + phone.end_s) / 2) * 60)];

  const bilabials = timeline.phones.filter((phone) => /^[pbm]/.test(phone.ipa));
  assert.ok(bilabials.length >= 20, `${bilabials.length} bilabials`);
  for (const phone of bilabials) {
    const share = opening(at(phone), mouth);
    assert.ok(
      share <= 0.03,
      `${phone.ipa} at ${phone.start_s} s: the mouth is ${(share * 100).toFixed(1)} % open`,
    );
  }
  const vowels = timeline.phones.filter((phone) => /^[aæɑʌ]/.test(phone.ipa));
  const widest = Math.max(...vowels.map((phone) => opening(at(phone), mouth)));
  assert.ok(widest > 0.2, `open vowels open the mouth: ${widest}`);
});

test('a film begins and ends with the mouth at rest, and is heard where it is seen', (t) => {
  const folder = temporaryFolder(t);
  const size = `${side}x${side}`;
  const outputs = ['--out', 'a.mp4', '--out', 'a.wav', '--out', 'a.json'];
  const run = vivavox(['speak', 'Ah!', ...outputs, '--size', size], { cwd: folder });
  assert.equal(run.status, 0, run.stderr);
  const { timeline } = JSON.parse(readFileSync(join(folder, 'a.json'), 'utf8'));
  assert.ok(timeline.phones.at(-1).start_s > timeline.duration_s - 0.05, 'it ends with its sound');
  const film = frames(join(folder, 'a.mp4'), side);
  const mouth = mouthBox(folder);
  const shares = film.map((frame) => opening(frame, mouth));
  assert.ok(shares[0] < 0.02, `it begins ${shares[0]} open`);
  assert.ok(shares.at(-1) < 0.02, `it ends ${shares.at(-1)} open`);
  assert.ok(Math.max(...shares) > 0.3, `it opens ${Math.max(...shares)}`);

  const pcm = ['-f', 's16le', '-ac', '1', '-ar', `${timeline.sample_rate_hz}`, '-'];
  const sound = output('ffmpeg', ['-v', 'error', '-i', join(folder, 'a.mp4'), ...pcm]);
  const heard = (bytes) => {
    const samples = new Int16Array(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    );
    return samples.findIndex((sample) => Math.abs(sample) > 1000) / timeline.sample_rate_hz;
  };
  const delay_s = heard(sound) - heard(readFileSync(join(folder, 'a.wav')).subarray(44));
  assert.ok(Math.abs(delay_s - lead_s) < 0.02, `its sound is ${delay_s} s later`);
});

test('speak says a recording, by its text or by what is heard in it', (t) => {
  const folder = temporaryFolder(t);
  const said = vivavox(['speak', 'Papa bought a map.', '--out', 'said.wav', '--out', 'said.json'], {
    cwd: folder,
  });
  assert.equal(said.status, 0, said.stderr);
  output('ffmpeg', ['-v', 'error', '-i', join(folder, 'said.wav'), join(folder, 'said.mp3')]);
  const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const truth = read('said.json');
  const out = ['--out', 'x.json', '--out', 'x.wav', '--out', 'x.tsv'];
  const byText = vivavox(['speak', 'Papa bought a map.', '--audio', 'said.mp3', ...out], {
    cwd: folder,
  });
  assert.equal(byText.status, 0, byText.stderr);
  assert.equal(read('x.json').timeline.words.length, 4);
  const heard = vivavox(['speak', '--audio', 'said.wav', ...out], { cwd: folder });
  assert.equal(heard.status, 0, heard.stderr);
  assert.equal(
    readFileSync(join(folder, 'x.wav')).length,
    readFileSync(join(folder, 'said.wav')).length,
  );
  const { timeline, curves } = read('x.json');
  assert.equal(timeline.words.length, 0);
  assert.equal(timeline.duration_s, truth.timeline.duration_s);
  const jaw = (of) => of.frames.map((frame) => frame[of.names.indexOf('jawOpen')]);
  const [heardJaw, trueJaw] = [jaw(curves), jaw(truth.curves)];
  assert.equal(heardJaw.length, trueJaw.length);
  assert.ok(correlation(heardJaw, trueJaw) > 0.6, `r = ${correlation(heardJaw, trueJaw)}`);
  const neither = vivavox(['speak', ...out], { cwd: folder });
  assert.equal(neither.status, 1);
  assert.match(neither.stderr, /give a text to say, or a recording by --audio/);
});

function correlation(a, b) {
  const mean = (values) => values.reduce((sum, x) => sum + x, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  const product = (x, mx, y, my) =>
    x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0);
  return product(a, ma, b, mb) / Math.sqrt(product(a, ma, a, ma) * product(b, mb, b, mb));
}
