// How many can watch at one time: films of 384 × 384 pixels, 15 frames a second, for one, two and
// four viewers at once. Prints one line of JSON: of the slowest viewer the frames that came a
// second and the wait for the first, of the service the processor time a frame, with ffmpeg's.
//   node viewers_bench.mjs
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';

const look = { width: 384, height: 384, fps: 15, format: 'mp4', loop_at_s: 0 };
const text = 'A face is drawn for each who watches, on the processors that there are.';
const ticks_a_second = 100;

const folder = mkdtempSync(join(tmpdir(), 'vivavox-viewers-'));
const service = spawn(resolve('build/native/server/vivavox'), ['serve', '--port', '0'], {
  cwd: folder,
  env: { ...process.env, LOG_LEVEL: 'error' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [line] = await once(service.stdout, 'data');
const port = Number(/:(\d+)/.exec(String(line).trim())[1]);

/** Of the service and of its children that have ended. */
function cpu_s() {
  const fields = readFileSync(`/proc/${service.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / ticks_a_second;
}

/** Pictures of a film's bytes. */
function framesOf(bytes) {
  const options = '-v error -select_streams v -count_packets -show_entries stream=nb_read_packets';
  const asked = [...options.split(' '), '-of', 'csv=p=0', '-i', 'pipe:0'];
  return Number.parseInt(execFileSync('ffprobe', asked, { input: bytes }).toString(), 10);
}

/** A film: its frames, when its first fragment came, and how long it took. */
function watch() {
  const body = JSON.stringify({ text, ...look });
  const begun_ms = performance.now();
  return new Promise((settle, fail) => {
    const asked = request({ port, method: 'POST', path: '/generate', agent: false });
    asked.setHeader('content-type', 'application/json');
    asked.on('error', fail);
    asked.on('response', async (response) => {
      const parts = [];
      let first_ms = 0;
      for await (const part of response) {
        parts.push(part);
        if (first_ms === 0 && part.includes('moof')) first_ms = performance.now() - begun_ms;
      }
      const whole_s = (performance.now() - begun_ms) / 1000;
      if (response.statusCode !== 200) fail(new Error(`status ${response.statusCode}`));
      else settle({ bytes: Buffer.concat(parts), first_ms, whole_s });
    });
    asked.end(body);
  });
}

await watch();
const viewers = {};
for (const count of [1, 2, 4]) {
  const before_s = cpu_s();
  const films = await Promise.all(Array.from({ length: count }, watch));
  const spent_s = cpu_s() - before_s;
  const frames = films.map(({ bytes }) => framesOf(bytes));
  const rates = films.map(({ whole_s, first_ms }, i) => frames[i] / (whole_s - first_ms / 1000));
  viewers[count] = {
    slowest_frames_a_second: Number(Math.min(...rates).toFixed(1)),
    latest_first_fragment_ms: Math.round(Math.max(...films.map(({ first_ms }) => first_ms))),
    cpu_ms_a_frame: Number(
      ((1000 * spent_s) / frames.reduce((sum, one) => sum + one, 0)).toFixed(1),
    ),
  };
}
console.log(JSON.stringify({ bench: 'viewers', cores: availableParallelism(), viewers }));
service.kill();
await once(service, 'exit');
rmSync(folder, { recursive: true, force: true });
