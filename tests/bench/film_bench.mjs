// How quickly the tool films: frames a second of the clock, and processor time a frame of all that
// works on it, at each level of quality that is named; what comes before the first frame is left out,
// by a short film beside a long one. Prints one line of JSON.
//   node film_bench.mjs [LEVEL...]
import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';

const run = promisify(execFile);
const tool = 'build/native/server/vivavox';
const frames_a_second = 30;
const ticks_a_second = 100;
const sentence = 'Let us look at what is drawn, and how quickly, by the two cores of a machine. ';

/** Of the children that have ended, and of theirs: /proc/PID/stat's cutime and cstime. */
function childrenCpu_s() {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ');
  return (Number(fields[13]) + Number(fields[14])) / ticks_a_second;
}

async function framesOf(path) {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-select_streams', 'v', '-count_packets'],
    ...['-show_entries', 'stream=nb_read_packets', '-of', 'csv=p=0', path],
  ]);
  return Number.parseInt(stdout, 10);
}

async function filmed(sentences, options) {
  const path = `build/film-bench-${process.pid}.mp4`;
  const [begun_ms, spent_s] = [performance.now(), childrenCpu_s()];
  await run(tool, [
    ...['speak', sentence.repeat(sentences), '--size', '512x512'],
    ...['--fps', String(frames_a_second), '--out', path, ...options],
  ]);
  const cost = { clock_s: (performance.now() - begun_ms) / 1000, cpu_s: childrenCpu_s() - spent_s };
  const frames = await framesOf(path);
  rmSync(path);
  return { frames, ...cost };
}

async function measured(options) {
  const short = await filmed(1, options);
  const long = await filmed(3, options);
  const frames = long.frames - short.frames;
  return {
    frames_a_second: Number((frames / (long.clock_s - short.clock_s)).toFixed(1)),
    cpu_ms: Number(((1000 * (long.cpu_s - short.cpu_s)) / frames).toFixed(1)),
  };
}

const results = { bench: 'film', cores: availableParallelism(), default: await measured([]) };
for (const level of process.argv.slice(2)) results[level] = await measured(['--quality', level]);
console.log(JSON.stringify(results));
