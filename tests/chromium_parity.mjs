// The engine in Chromium gives the Timelines of the native engine to the byte,
// and its poses to 1e-5:
// node chromium_parity.mjs PRINT_TIMELINES PRINT_POSES WASM_FOLDER ESPEAK_DATA
/* global window, fetch -- in the page */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { withWholeText } from './whole_text.mjs';

const [printTimelines, printPoses, wasmFolder, espeakData] = process.argv.slice(2);
const sentencesFile = path.join(import.meta.dirname, 'data/sentences.json');
const sentences = JSON.parse(readFileSync(sentencesFile, 'utf8'));
const most_difference = 1e-5;
const print_limit_bytes = 1 << 28;

let server;
let browser;
let page;

/** Answers /wasm/… and /espeak/… with files, all else with an empty page. */
function answer(request, response) {
  const [, kind, ...rest] = decodeURIComponent(request.url).split('/');
  const folder = { wasm: wasmFolder, espeak: espeakData }[kind];
  const types = { '.js': 'text/javascript', '.wasm': 'application/wasm' };
  response.setHeader('Content-Type', types[path.extname(request.url)] ?? 'text/html');
  response.end(
    folder ? readFileSync(path.join(folder, ...rest)) : '<!doctype html><canvas></canvas>',
  );
}

before(async () => {
  server = createServer(answer).listen(0, '127.0.0.1');
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--headless=new', '--disable-background-networking', '--disable-sync'],
  });
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.evaluate(openEngine);
});

after(async () => {
  await browser?.close();
  server?.close();
});

/** In the page: `timelines` speaks a text, `poses` samples a Timeline as print_poses does. */
async function openEngine() {
  const { default: createSpeechModule } = await import('/wasm/speech.js');
  const { default: createStageModule } = await import('/wasm/stage.js');
  const locateFile = (name) => `/wasm/${name}`;
  const speech = await createSpeechModule({ locateFile });
  const stage = await createStageModule({ locateFile });
  window.timelines = async ({ text, voice }) => {
    for (const file of JSON.parse(speech.dataFilesFor(voice))) {
      const bytes = await (await fetch(`/espeak/${file}`)).arrayBuffer();
      speech.addDataFile(file, new Uint8Array(bytes));
    }
    const request = speech.speakEspeak(text, voice, '{}');
    const spoken = [];
    for (let clause = request.next(); clause; clause = request.next()) spoken.push(clause);
    request.delete();
    return spoken;
  };
  window.poses = (timeline) => {
    const options = '{"mood":"happy","moodIntensity":0.7,"seed":5}';
    const performance = stage.createPerformance(timeline, options);
    const count = Math.floor(performance.duration() / 0.09) + 1;
    const pose = new Float32Array(67);
    const all = Array.from({ length: count }, (_, i) => {
      performance.pose(i * 0.09, 0, 0, 0, pose);
      return [...pose];
    });
    performance.delete();
    return all;
  };
}

let native = '';

test('20 sentences in 6 languages have the same Timelines, byte for byte', async () => {
  assert.equal(sentences.length, 20);
  assert.equal(new Set(sentences.map(({ voice }) => voice)).size, 6);
  native = execFileSync(printTimelines, [sentencesFile], { encoding: 'utf8' });
  let web = '';
  for (const sentence of sentences) {
    for (const { timelineJson, textOffset } of await page.evaluate(
      (s) => window.timelines(s),
      sentence,
    ))
      web += withWholeText(timelineJson, textOffset, sentence.text) + '\n';
  }
  assert.equal(web, native);
});

test('their poses agree within 1e-5', async (t) => {
  const printed = execFileSync(printPoses, [], {
    input: native,
    encoding: 'utf8',
    maxBuffer: print_limit_bytes,
  });
  const timelines = native.trimEnd().split('\n');
  const expected = printed
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(expected.length, timelines.length);
  let largest = 0;
  let count = 0;
  let moved = 0;
  for (const [i, timeline] of timelines.entries()) {
    const web = await page.evaluate((json) => window.poses(json), timeline);
    assert.equal(web.length, expected[i].length);
    for (const [k, pose] of web.entries()) {
      for (const [j, value] of pose.entries()) {
        largest = Math.max(largest, Math.abs(value - expected[i][k][j]));
        if (Math.abs(value) > 0.01) moved++;
      }
      count++;
    }
  }
  t.diagnostic(`${count} poses, largest difference ${largest}`);
  assert.ok(count > 300 && moved > 10 * count, `${count} poses, ${moved} values`);
  assert.ok(largest <= most_difference, `the poses differ by up to ${largest}`);
});
