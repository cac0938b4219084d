// Whatever comes in: one clear line, the right exit status, nothing written.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { root, temporaryFolder, vivavox } from './tool.mjs';

const avatar = readFileSync(join(root, 'shared/avatars/vivi.glb'));
const model = readFileSync(join(root, 'tests/data/tone.onnx'));
const settings = readFileSync(join(root, 'tests/data/tone.onnx.json'));

/** Expects failure 1 with one line that names the error. */
function refuses(folder, args, error, input) {
  const before = readdirSync(folder);
  const run = vivavox(args, { cwd: folder, input });
  assert.equal(run.signal, null, `${args.join(' ')} was killed`);
  assert.equal(run.status, 1, `${args.join(' ')}: ${run.stderr}`);
  assert.match(run.stderr, new RegExp(`^vivavox: [^\\n]+ \\(${error}\\)\\n$`));
  assert.equal(run.stdout, '');
  assert.deepEqual(readdirSync(folder), before);
}

test('texts that cannot be spoken', (t) => {
  const folder = temporaryFolder(t);
  const speak = (input) => refuses(folder, ['speak', '-', '--out', 'x.wav'], 'invalid_text', input);
  speak('');
  speak(' \n\t ');
  speak(Buffer.from([0x48, 0x69, 0xff, 0xfe]));
  speak('a'.repeat(1 << 20));
});

test('voices, moods, sizes and files that are not there', (t) => {
  const folder = temporaryFolder(t);
  const speak = (more, error) => refuses(folder, ['speak', 'hi', ...more], error);
  speak(['--out', 'x.wav', '--voice', 'espeak:klingon'], 'unknown_voice');
  speak(['--out', 'x.wav', '--voice', 'alto'], 'unknown_voice');
  speak(['--out', 'x.wav', '--voice', 'none.onnx'], 'not_found');
  speak(['--out', 'x.gif'], 'invalid_argument');
  speak(['--out', 'no/such/x.wav'], 'not_found');
  speak(['--out', 'x.png', '--emotion', 'hangry'], 'invalid_argument');
  speak(['--out', 'x.png', '--size', '9x9'], 'invalid_argument');
  speak(['--out', 'x.png', '--quality', 'best'], 'invalid_argument');
  refuses(folder, ['render', '--quality', 'best', '--out', 'x.png'], 'invalid_argument');
  speak(['--out', 'x.png', '--avatar', 'none.glb'], 'not_found');
  speak(['--out', 'x.wav', '--rate', '9'], 'invalid_argument');
});

test('wrong use is status 2, help 0', () => {
  for (const args of [
    [],
    ['sing'],
    ['speak'],
    ['speak', 'hi'],
    ['speak', 'hi', '--fps', '0', '--out', 'x.mp4'],
  ]) {
    assert.equal(vivavox(args).status, 2, args.join(' '));
  }
  for (const command of ['speak', 'phonemize', 'render', 'inspect', 'serve']) {
    assert.equal(vivavox([command, '--help']).status, 0);
  }
});

test('avatars that are truncated, hostile or something else', (t) => {
  const folder = temporaryFolder(t);
  const inspect = (bytes) => {
    writeFileSync(join(folder, 'bad.glb'), bytes);
    refuses(folder, ['inspect', 'bad.glb'], 'invalid_avatar');
  };
  inspect('');
  inspect('not a model');
  inspect(avatar.subarray(0, 11));
  inspect(avatar.subarray(0, avatar.length / 2));
  const long = Buffer.from(avatar);
  long.writeUInt32LE(0xffffffff, 12); // the JSON chunk's length
  inspect(long);
});

test('Piper voices that are truncated, hostile or something else', (t) => {
  const folder = temporaryFolder(t);
  const speak = (onnx, json, error) => {
    writeFileSync(join(folder, 'bad.onnx'), onnx);
    writeFileSync(join(folder, 'bad.onnx.json'), json);
    refuses(folder, ['speak', 'hi', '--voice', 'bad.onnx', '--out', 'x.wav'], error);
  };
  speak('', settings, 'invalid_model');
  speak('not a model', settings, 'invalid_model');
  speak(model.subarray(0, model.length / 2), settings, 'invalid_model');
  speak(model, '', 'invalid_voice');
  speak(model, '[1,2', 'invalid_voice');
  speak(model, '{"audio":{"sample_rate":-1}}', 'invalid_voice');
});

test('weights that are not weights', (t) => {
  const folder = temporaryFolder(t);
  const render = (weights, error) =>
    refuses(folder, ['render', '--weights', weights, '--out', 'x.png'], error);
  render('{', 'invalid_json');
  render('[1]', 'invalid_json');
  render('{"jawOpen":"wide"}', 'invalid_json');
  render('{"jawAjar":1}', 'invalid_argument');
});
