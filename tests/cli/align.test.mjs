// `vivavox align`: when the words of a text are said, in every format that it writes.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { output, temporaryFolder, vivavox } from './tool.mjs';

const text = 'The lazy dog sleeps in the sun. Seven wizards "watch" him & smile.';

/** A recording of the text by another voice, and when its words start. */
function recorded(folder) {
  const files = ['--out', 'said.wav', '--out', 'said.json'];
  const said = vivavox(['speak', text, '--voice', 'espeak:en-gb', '--rate', '0.9', ...files], {
    cwd: folder,
  });
  assert.equal(said.status, 0, said.stderr);
  return JSON.parse(readFileSync(join(folder, 'said.json'), 'utf8')).timeline.words;
}

test('align writes JSON, SubRip, WebVTT and TextGrid that agree', (t) => {
  const folder = temporaryFolder(t);
  const truth = recorded(folder);
  output('ffmpeg', ['-v', 'error', '-i', join(folder, 'said.wav'), join(folder, 'said.flac')]);
  for (const audio of ['said.wav', 'said.flac']) {
    const out = ['x.json', 'x.srt', 'x.vtt', 'x.TextGrid'].flatMap((file) => ['--out', file]);
    const run = vivavox(['align', '--audio', audio, '--text', '-', ...out], {
      cwd: folder,
      input: text,
    });
    assert.equal(run.stderr, '');
    assert.equal(run.status, 0);
    const read = (name) => readFileSync(join(folder, name), 'utf8');
    const { confidence, left_out, repeated, timeline } = JSON.parse(read('x.json'));
    assert.ok(confidence > 0.9 && confidence <= 1);
    assert.deepEqual([left_out, repeated], [[], []]);
    assert.deepEqual(
      timeline.words.map((word) => word.text),
      truth.map((word) => word.text),
    );
    for (const [i, word] of timeline.words.entries()) {
      const error_s = Math.abs(word.start_s - truth[i].start_s);
      assert.ok(error_s < 0.06, `"${word.text}" of ${audio} is ${error_s} s off`);
    }
    assert.match(
      read('x.srt'),
      /^1\n00:00:00,\d{3} --> .*\nThe lazy dog sleeps in the sun\.\n\n2\n/,
    );
    assert.match(read('x.vtt'), /^WEBVTT\n\n00:00:00\.\d{3} --> .*\nThe <00:00:00\.\d{3}>lazy /);
    assert.match(read('x.vtt'), /\nSeven <[\d:.]+>wizards <[\d:.]+>"watch" .*&amp; /);
    assert.match(read('x.TextGrid'), /^File type = "ooTextFile"\n[^]*text = "wizards"/);
    // What ffmpeg reads is what players show.
    for (const name of ['x.srt', 'x.vtt']) {
      const shown = output('ffmpeg', ['-v', 'error', '-i', join(folder, name), '-f', 'srt', '-']);
      assert.match(String(shown), /Seven wizards/);
    }
  }
});

test('what cannot be aligned gets one line and writes nothing', (t) => {
  const folder = temporaryFolder(t);
  recorded(folder);
  const refuses = (audio, said, out, error) => {
    const before = readdirSync(folder);
    const run = vivavox(['align', '--audio', audio, '--text', said, '--out', out], { cwd: folder });
    assert.equal(run.status, 1, run.stderr);
    assert.match(run.stderr, new RegExp(`^vivavox: [^\\n]+ \\(${error}\\)\\n$`));
    assert.deepEqual(readdirSync(folder), before);
  };
  const other = 'Please enter the number of the person\nwhom you would like to call today.';
  refuses('said.wav', other, 'x.srt', 'text_mismatch');
  refuses('said.wav', text, 'x.doc', 'invalid_argument');
  refuses('said.wav', text, 'nowhere/x.srt', 'not_found');
  refuses('said.wav', ' ', 'x.srt', 'invalid_text');
  refuses('said.json', text, 'x.srt', 'invalid_audio');
  refuses('missing.wav', text, 'x.srt', 'not_found');
});
