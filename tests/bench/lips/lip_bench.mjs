// Lips in figures: this engine's and others' curves over the same sentences, scored on one mesh.
//   lip_bench.mjs MODULES [--half tune|report] [--curves NAME=FOLDER]… [--keep FOLDER] [--json]
// MODULES: node_modules with the peers, by scripts/lipbench. The method: docs/lip-benchmark.md.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { flapping } from './loudness.mjs';
import { rhubarb, rhubarbShapes, voices as rhubarbVoices } from './rhubarb.mjs';
import { names } from './shapes.mjs';
import { talkingHead, voices as talkingHeadVoices } from './talkinghead.mjs';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    half: { type: 'string', default: 'report' },
    curves: { type: 'string', multiple: true, default: [] },
    keep: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const [modules] = positionals;
const own = values.curves.map((entry) => entry.split('='));
const wrong = own.find(([name, path]) => !name || !path || !existsSync(path));
if (wrong) {
  console.error(`lipbench: "${wrong.join('=')}" is no NAME=FOLDER with curves`);
  process.exit(2);
}
if (!['tune', 'report'].includes(values.half)) {
  console.error('lipbench: --half is tune or report');
  process.exit(2);
}
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'vivavox-lips-'));
if (!values.keep) process.on('exit', () => rmSync(folder, { recursive: true }));
mkdirSync(folder, { recursive: true });

const scorer = 'build/native/tests/lip_score';
const tool = process.env.VIVAVOX_TOOL ?? 'build/native/server/vivavox';
execFileSync(scorer, ['speak', folder, values.half]);

function soundOf(file) {
  const bytes = readFileSync(file);
  const samples = new Float32Array((bytes.length - 44) / 2);
  for (let i = 0; i < samples.length; i++) samples[i] = bytes.readInt16LE(44 + 2 * i) / 32768;
  return { samples, rate_hz: bytes.readUInt32LE(24) };
}

const spoken = readdirSync(folder)
  .filter((file) => /^\d+\.json$/.test(file))
  .map((file) => {
    const id = file.slice(0, -'.json'.length);
    const timeline = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    return { id, timeline, sound: soundOf(join(folder, `${id}.wav`)) };
  });

/** Has a system make its curves for the sentences of its languages. */
async function make(name, voices, curvesOf) {
  mkdirSync(join(folder, name), { recursive: true });
  for (const sentence of spoken) {
    if (voices && !(sentence.timeline.voice in voices)) continue;
    const curves = JSON.stringify({ names, ...(await curvesOf(sentence)) });
    writeFileSync(join(folder, name, `${sentence.id}.json`), curves);
  }
}

/** Rhubarb's shapes at the synthesiser's times, by `vivavox speak`. */
function cuesOf({ id, timeline }) {
  const file = join(folder, `${id}.tsv`);
  const args = ['speak', timeline.text, '--voice', timeline.voice, '--out', file];
  execFileSync(tool, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  return readFileSync(file, 'utf8');
}

await make('talkinghead', talkingHeadVoices, await talkingHead(modules));
await make('rhubarb', rhubarbVoices, await rhubarb(modules));
await make('rhubarb-shapes', null, (sentence) =>
  rhubarbShapes({ ...sentence, cues: cuesOf(sentence) }),
);
await make('loudness', null, flapping);

const systems = {
  vivavox: { folder: join(folder, 'vivavox') },
  talkinghead: { folder: join(folder, 'talkinghead'), voices: talkingHeadVoices },
  rhubarb: { folder: join(folder, 'rhubarb'), voices: rhubarbVoices },
  'rhubarb-shapes': { folder: join(folder, 'rhubarb-shapes') },
  loudness: { folder: join(folder, 'loudness') },
  ...Object.fromEntries(own.map(([name, path]) => [name, { folder: path }])),
};
const sets = {
  'English (what every system speaks)': Object.keys(rhubarbVoices),
  'English, German, French, Finnish, Lithuanian (TalkingHead)': Object.keys(talkingHeadVoices),
  'all 20 languages': [],
};

const report = {};
for (const [set, voices] of Object.entries(sets)) {
  report[set] = {};
  for (const [name, system] of Object.entries(systems)) {
    const spoken = system.voices && Object.keys(system.voices);
    const able = !spoken || (voices.length > 0 && voices.every((voice) => spoken.includes(voice)));
    if (!able) continue;
    const args = ['score', folder, system.folder, '--against', systems.vivavox.folder];
    if (voices.length > 0) args.push('--voices', voices.join());
    report[set][name] = JSON.parse(execFileSync(scorer, args, { encoding: 'utf8' }));
  }
}

const columns = {
  'p b m shut %': 'closes_percent',
  'f v on teeth %': 'bites_percent',
  'u o w begun 60 ms before %': 'rounds_early_percent',
  'u o w held %': 'stays_round_percent',
  'vowels opened %': 'opens_percent',
  'still open at 85 % %': 'stays_open_percent',
  'r with loudness': 'loudness_correlation',
  'behind sound ms': 'lag_ms',
  'jitter %': 'jitter_percent',
  'boundary error ms': 'boundary_error_ms',
  'lower lip p99 mm/s': 'lower_lip_mm_per_s_p99',
  'lower lip max mm/s': 'lower_lip_mm_per_s_max',
  'jaw max mm/s': 'jaw_mm_per_s_max',
  'LVE from vivavox mm²': 'lve_mm2',
};

if (values.json) {
  console.log(JSON.stringify({ half: values.half, ...report }, null, 2));
} else {
  for (const [set, rows] of Object.entries(report)) {
    const { sentences } = Object.values(rows)[0];
    console.log(`\n${set}: ${sentences} sentences, ${values.half} half\n`);
    console.log(`| | ${Object.keys(rows).join(' | ')} |`);
    console.log(`|---|${'---|'.repeat(Object.keys(rows).length)}`);
    for (const [title, member] of Object.entries(columns)) {
      const cells = Object.values(rows).map((row) => row[member] ?? '–');
      console.log(`| ${title} | ${cells.join(' | ')} |`);
    }
  }
}
