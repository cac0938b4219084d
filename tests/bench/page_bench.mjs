// What the avatar costs a page: script of the main thread and of the worker a
// frame, the longest task from create to end, latency of streamed text, gaps,
// silence after a stop, cost of long texts, how far lips and sound are apart, and
// memory over cycles of create, speak and dispose, and over hours. Prints one line
// of JSON.
//   node page_bench.mjs [--only MEASURE,…] [--cycles N] [--avatar FILE.glb] [--minutes N]
// `speech` and `idle` take --minutes, and are measured only where they are named.
/* global document, fetch, window, performance, PerformanceObserver, setTimeout, setInterval, WebGL2RenderingContext, ImageBitmapRenderingContext, Blob, Worker, OffscreenCanvas, AudioWorkletNode */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import WebSocket from 'ws';
import { burst_s, opening_s } from './lip_sync.mjs';

const argument = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at === -1 ? otherwise : process.argv[at + 1];
};
const rounded = (value) => (typeof value === 'number' ? Number(value.toFixed(3)) : value);
const cycles = Number(argument('--cycles', 20));
const html = `<!doctype html><script type="importmap">{"imports":{
  "vivavox":"./vivavox/index.js","vivavox-speech":"./vivavox-speech/index.js"}}</script>
  <link rel="icon" href="data:,"><canvas style="width:512px;height:512px"></canvas><button>x</button>`;

/** A port that nobody listens on. */
async function freePort() {
  const probe = createServer().listen(0);
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

const port = await freePort();
const folder = await mkdtemp(join(tmpdir(), 'vivavox-'));
const server = spawn(
  resolve('build/native/server/vivavox'),
  ['serve', '--root', resolve('build/web'), '--port', `${port}`],
  { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] },
);
process.on('exit', () => server.kill());
await once(server.stdout, 'data');
const flags = [
  ...['--no-sandbox', '--headless=new', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  ...['--ignore-gpu-blocklist', '--disable-background-networking', '--disable-sync'],
  ...['--js-flags=--expose-gc', '--enable-precise-memory-info'],
];
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });

async function openPage() {
  const page = await browser.newPage({ viewport: { width: 600, height: 600 } });
  await page.route('**/bench.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: html }),
  );
  await page.goto(`http://localhost:${port}/bench.html`);
  await page.click('button');
  return page;
}

/** Runs in a worker: draw calls cost nothing then, and what remains is script. */
function stubDraws() {
  const gl = WebGL2RenderingContext.prototype;
  const draws = ['drawElements', 'drawArrays', 'clear', 'clearBufferfv', 'clearBufferfi'];
  for (const name of [...draws, 'blitFramebuffer']) gl[name] = () => undefined;
}

/** Script of the main thread and the worker a frame while speaking, with --avatar or Vivi. */
async function script() {
  const page = await openPage();
  const file = argument('--avatar', null);
  if (file) await page.route('**/avatar.glb', (route) => route.fulfill({ path: file }));
  await page.evaluate(async (avatar) => {
    const { Avatar } = await import('vivavox');
    const { createSpeech } = await import('vivavox-speech');
    window.speech = await createSpeech();
    window.avatar = await Avatar.create(document.querySelector('canvas'), {
      ...(avatar ? { avatar } : {}),
      speech: window.speech,
      quality: 'high',
    });
  }, file && './avatar.glb');
  for (const worker of page.workers()) await worker.evaluate(stubDraws);
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable', { timeDomain: 'timeTicks' });
  const metrics = async () => {
    const { metrics } = await client.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  };
  await page.evaluate(
    () => void window.avatar.speak('Papa bought a huge map of Wyoming. '.repeat(9)),
  );
  await page.waitForTimeout(3000);
  const before = await metrics();
  const drawn = await page.evaluate(async () => (await window.avatar.stats()).framesDrawn);
  await page.waitForTimeout(8000);
  const after = await metrics();
  const stats = await page.evaluate(() => window.avatar.stats());
  await page.close();
  const frames = stats.framesDrawn - drawn;
  return {
    frames_a_second: frames / 8,
    main_thread_script_ms: ((after.ScriptDuration - before.ScriptDuration) * 1000) / frames,
    main_thread_task_ms: ((after.TaskDuration - before.TaskDuration) * 1000) / frames,
    worker_script_ms: stats.script_ms,
    picture_delay_ms: stats.pictureDelay_ms,
  };
}

/** The longest task of the main thread from create to end. */
async function longestTask() {
  const page = await openPage();
  const longest_ms = await page.evaluate(async () => {
    const { Avatar } = await import('vivavox');
    const { createSpeech } = await import('vivavox-speech');
    const tasks = [];
    new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({
      type: 'longtask',
    });
    const avatar = await Avatar.create(document.querySelector('canvas'), {
      speech: createSpeech(),
    });
    await avatar.speak('Papa bought a huge map of Wyoming. And a boat.');
    await new Promise((resolve) => setTimeout(resolve, 200));
    return Math.max(0, ...tasks.map(({ duration }) => duration));
  });
  await page.close();
  return { longest_task_ms: longest_ms };
}

/** From the last token of the first clause to its sound, gaps, and silence after stop. */
async function latency() {
  const page = await openPage();
  const result = await page.evaluate(async () => {
    const { Avatar } = await import('vivavox');
    const { createSpeech } = await import('vivavox-speech');
    const started = [];
    const { AudioBufferSourceNode } = window;
    const start = AudioBufferSourceNode.prototype.start;
    AudioBufferSourceNode.prototype.start = function (when = 0, ...rest) {
      const now_s = this.context.currentTime;
      started.push({
        asked_ms: performance.now() + Math.max(0, when - now_s) * 1000,
        from_s: when,
        to_s: when + this.buffer.duration,
      });
      return start.call(this, when, ...rest);
    };
    const speech = await createSpeech();
    const avatar = await Avatar.create(document.querySelector('canvas'), {
      speech,
      quality: 'low',
    });
    await avatar.speak('Warm.');
    const waits = [];
    for (let i = 0; i < 10; i++) {
      started.length = 0;
      let last_ms = 0;
      const tokens = async function* () {
        for (const token of ['Well', ',', ' this', ' is', ' a', ' test', ' of', ' speed', '.']) {
          await new Promise((resolve) => setTimeout(resolve, 50));
          if (token === ',') last_ms = performance.now();
          yield token;
        }
      };
      await avatar.speak(tokens());
      waits.push(started[0].asked_ms - last_ms);
    }
    started.length = 0;
    await avatar.speak('One, two. Three, four. Five, six. Seven, eight.');
    const gaps = started.slice(1).map(({ from_s }, i) => (from_s - started[i].to_s) * 1000);
    const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
    return {
      token_to_sound_ms: median(waits),
      token_to_sound_worst_ms: Math.max(...waits),
      largest_gap_ms: Math.max(...gaps),
    };
  });
  await page.close();
  return result;
}

/** Runs in the page: what was heard, and the sound's clock against the wall's. */
function observe() {
  const { AudioNode, AudioBufferSourceNode } = window;
  const seen = { blocks: [], starts: [], clock: [], rate: 0 };
  window.seen = seen;
  let context = null;
  const worklet = `registerProcessor('recorder', class extends AudioWorkletProcessor {
    process([input]) {
      if (input[0]) this.port.postMessage({ frame: currentFrame, samples: input[0].slice() });
      return true;
    }
  })`;
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to === this.context.destination && !context) {
      context = this.context;
      seen.rate = context.sampleRate;
      setInterval(() => {
        const { contextTime, performanceTime } = context.getOutputTimestamp();
        seen.clock.push([performance.timeOrigin + performanceTime, contextTime]);
      }, 50);
      const url = URL.createObjectURL(new Blob([worklet], { type: 'text/javascript' }));
      context.audioWorklet.addModule(url).then(() => {
        const recorder = new AudioWorkletNode(context, 'recorder', { numberOfOutputs: 0 });
        recorder.port.onmessage = ({ data }) => seen.blocks.push(data);
        connect.call(this, recorder);
      });
    }
    return connect.call(this, to, ...rest);
  };
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (when = 0, ...rest) {
    seen.starts.push(when);
    return start.call(this, when, ...rest);
  };
}

/** Runs in the worker that shows pictures: how dark the mouth looked, and when. */
function observeMouth() {
  const side_px = 24;
  const copy = new OffscreenCanvas(side_px, side_px).getContext('2d', { willReadFrequently: true });
  globalThis.mouth = [];
  const show = ImageBitmapRenderingContext.prototype.transferFromImageBitmap;
  ImageBitmapRenderingContext.prototype.transferFromImageBitmap = function (picture) {
    if (picture) {
      const { width, height } = picture;
      const part = [0.38 * width, 0.74 * height, 0.3 * width, 0.18 * height];
      copy.drawImage(picture, ...part, 0, 0, side_px, side_px);
    }
    show.call(this, picture);
    const shown_ms = performance.timeOrigin + performance.now();
    const { data } = copy.getImageData(0, 0, side_px, side_px);
    // Inside it is darker than any skin and lip.
    let dark = 0;
    for (let i = 1; i < data.length; i += 4) if (data[i] < 70) dark++;
    globalThis.mouth.push([shown_ms, dark / (side_px * side_px)]);
  };
}

/** A moment of the wall's clock as one of the sound's. */
function heardAt_s(clock, wall_ms) {
  const [at_ms, context_s] = clock.findLast(([at_ms]) => at_ms <= wall_ms) ?? clock[0];
  return context_s + (wall_ms - at_ms) / 1000;
}

/** Runs in the page: an avatar whose speech's Timelines are kept. */
async function makeObserved() {
  const { Avatar } = await import('vivavox');
  const { createSpeech } = await import('vivavox-speech');
  const speech = await createSpeech();
  const timelines = [];
  const listening = {
    async *speak(...args) {
      for await (const clause of speech.speak(...args)) {
        timelines.push(clause.timeline);
        yield clause;
      }
    },
  };
  const canvas = document.querySelector('canvas');
  // As often as software can draw: small, and without the shadows of portrait light.
  canvas.style.cssText = 'width:96px;height:96px';
  window.avatar = await Avatar.create(canvas, {
    speech: listening,
    quality: 'low',
    lighting: 'flat',
    view: 'head',
  });
  window.timelines = timelines;
}

/** Runs in the page: speaks a text; the times of each p in it, on the sound's clock. */
async function speakObserved(text) {
  const { avatar, timelines, seen } = window;
  await avatar.speak(text);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const { starts, clock, blocks, rate } = seen;
  const bursts = timelines.flatMap(({ phones }, i) =>
    phones
      .filter(({ ipa }) => ipa === 'p')
      .map(({ start_s, end_s }) => [starts[i] + start_s, starts[i] + end_s]),
  );
  const stats = await avatar.stats();
  const at = blocks.map(({ frame, samples }) => [frame, [...samples]]);
  return { bursts, clock, blocks: at, rate, stats };
}

/** How long the lips open after each burst of a p, while a second tab keeps the processor busy. */
async function sync() {
  const busy = await openPage();
  await busy.evaluate(() => {
    const loop = URL.createObjectURL(new Blob(['for (;;);']));
    window.busy = new Worker(loop);
  });
  const page = await openPage();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.evaluate(observe);
  const text = 'Papa, pa. Pa, papa. '.repeat(5);
  await page.evaluate(makeObserved);
  for (const worker of page.workers()) await worker.evaluate(observeMouth);
  const { bursts, clock, blocks, rate, stats } = await page.evaluate(speakObserved, text);
  const shown = await Promise.all(
    page.workers().map((worker) => worker.evaluate(() => globalThis.mouth)),
  );
  const mouth = shown
    .flat()
    .filter(([wall_ms]) => wall_ms >= clock[0][0])
    .map(([wall_ms, dark]) => [heardAt_s(clock, wall_ms), dark]);
  await page.close();
  await busy.close();
  const last = blocks.at(-1);
  const samples = new Float32Array(last[0] + last[1].length);
  for (const [frame, part] of blocks) samples.set(part, frame);
  const level = (at_s, length_s) => {
    const part = samples.subarray(Math.round(at_s * rate), Math.round((at_s + length_s) * rate));
    return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
  };
  const lags_ms = bursts.flatMap(([from_s, to_s]) => {
    const sound_s = burst_s(level, from_s, to_s);
    const lips_s = opening_s(mouth, sound_s);
    return lips_s === null ? [] : [(lips_s - sound_s) * 1000];
  });
  if (argument('--verbose', null)) console.error(lags_ms.map(Math.round).join(' '));
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    sync_count: lags_ms.length,
    sync_lag_ms: mean(lags_ms),
    sync_error_ms: mean(lags_ms.map(Math.abs)),
    sync_worst_ms: Math.max(...lags_ms.map(Math.abs)),
    sync_picture_delay_ms: stats.pictureDelay_ms,
    sync_frames_a_second: mouth.length / (mouth.at(-1)[0] - mouth[0][0]),
  };
}

/** What a clause costs early and late in a text of a megabyte, without playing it. */
async function longText() {
  const page = await openPage();
  const result = await page.evaluate(async () => {
    const { createSpeech } = await import('vivavox-speech');
    const speech = await createSpeech();
    const text = 'One two. '.repeat(115_000);
    const times = [];
    let last = performance.now();
    let count = 0;
    for await (const clause of speech.speak(text)) {
      const now = performance.now();
      times.push(now - last);
      last = now;
      if (++count === 4000 || !clause) break;
    }
    const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
    speech.dispose();
    return { first_ms: mean(times.slice(100, 600)), last_ms: mean(times.slice(-500)) };
  });
  await page.close();
  return result;
}

/** A process, those that it started, and those that they did. */
async function processesOf(root) {
  const parents = new Map();
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    parents.set(Number(pid), Number(/\) \w (\d+)/.exec(stat)?.[1] ?? 0));
  }
  const isOf = (pid) => pid === root || (pid > 1 && isOf(parents.get(pid) ?? 0));
  return [...parents.keys()].filter(isOf);
}

/**
 * Memory of all of a browser's processes, by kind; what they share counts once. Not that of
 * the browser's files, which it would share with any other that runs meanwhile.
 */
async function memory_mb(browserPid) {
  const sums = {};
  for (const pid of await processesOf(browserPid)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const smaps = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    const kind = /--type=([\w-]+)/.exec(command)?.[1] ?? 'browser';
    for (const [, kb] of smaps.matchAll(/^Pss_(?:Anon|Shmem):\s+(\d+)/gm)) {
      sums[kind] = (sums[kind] ?? 0) + Number(kb) / 1024;
    }
  }
  return sums;
}

/** What the pages ask for, from a server of this bench; `prelude` goes before the scene's worker. */
async function serveFiles(prelude = '') {
  const types = { js: 'text/javascript', wasm: 'application/wasm', html: 'text/html' };
  const files = createServer(async ({ url }, response) => {
    const path = new URL(url, 'http://localhost').pathname;
    try {
      let body = path === '/bench.html' ? html : await readFile(join('build/web', path));
      if (path.endsWith('/scene_worker.js')) body = prelude + String(body);
      const type = types[path.split('.').at(-1)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  }).listen(0);
  await once(files, 'listening');
  return files;
}

/**
 * A page of a browser without any inspector of the network, which would keep all that the page
 * loads: what `evaluate` gives is the value of an expression in it.
 */
async function openBarePage(url) {
  const profile = await mkdtemp(join(tmpdir(), 'vivavox-'));
  const bare = spawn(
    '/usr/bin/chromium',
    [
      ...flags,
      ...['--autoplay-policy=no-user-gesture-required', `--user-data-dir=${profile}`],
      ...['--remote-debugging-port=0', url],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let words = '';
  const debugging = await new Promise((resolve) => {
    bare.stderr.on('data', (part) => {
      words += part;
      const address = /ws:\/\/(\S+?)\/devtools/.exec(words)?.[1];
      if (address) resolve(address);
    });
  });
  let target;
  while (!target) {
    const targets = await (await fetch(`http://${debugging}/json/list`)).json();
    target = targets.find((one) => one.url === url);
  }
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await once(socket, 'open');
  let id = 0;
  const evaluate = (expression) =>
    new Promise((resolve, reject) => {
      const own = ++id;
      const hear = (data) => {
        const { id: of, result, error } = JSON.parse(data);
        if (of !== own) return;
        socket.off('message', hear);
        if (error || result.exceptionDetails) {
          reject(new Error(JSON.stringify(error ?? result.exceptionDetails)));
        } else resolve(result.result.value);
      };
      socket.on('message', hear);
      const params = { expression, awaitPromise: true, returnByValue: true };
      socket.send(JSON.stringify({ id: own, method: 'Runtime.evaluate', params }));
    });
  while (!(await evaluate('document.querySelector("button") !== null'))) await sleep(50);
  const close = async () => {
    bare.kill();
    await once(bare, 'exit');
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return { pid: bare.pid, evaluate, close };
}

/** Runs in the page: avatars that are made, speak and are disposed of. */
async function cycle(count) {
  const { Avatar } = await import('vivavox');
  const { createSpeech } = await import('vivavox-speech');
  for (let i = 0; i < count; i++) {
    const canvas = document.createElement('canvas');
    canvas.style.cssText = 'width:64px;height:64px';
    document.body.prepend(canvas);
    const speech = await createSpeech();
    const avatar = await Avatar.create(canvas, { speech, quality: 'low' });
    await avatar.speak('Yes.');
    avatar.dispose();
    speech.dispose();
    canvas.remove();
  }
}

/** Runs in the page, after those avatars: a worker is kept for a while, what is left then stays. */
async function collect() {
  await new Promise((resolve) => setTimeout(resolve, 8000));
  for (let i = 0; i < 3; i++) {
    window.gc();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Runs in the page: an avatar that speaks for as long as it is asked to, or rests. */
async function live(speaks) {
  const { Avatar } = await import('vivavox');
  const { createSpeech } = await import('vivavox-speech');
  const canvas = document.querySelector('canvas');
  canvas.style.cssText = 'width:48px;height:48px';
  const avatar = await Avatar.create(canvas, { speech: createSpeech(), quality: 'low' });
  window.clauses = 0;
  window.failure = null;
  avatar.addEventListener('sentence', () => window.clauses++);
  avatar.addEventListener('error', ({ detail }) => (window.failure = detail.message));
  window.frames = async () => (await avatar.stats()).framesDrawn;
  const text = 'Papa bought a huge map of Wyoming, and Mama may buy a boat. '.repeat(200);
  if (speaks) await avatar.speak('Yes.');
  const speakOn = async () => {
    for (;;) await avatar.speak(text);
  };
  if (speaks) speakOn().catch(({ message }) => (window.failure = message));
}

/** Runs in the page: what is left once what nobody needs any more is gone. */
async function settle() {
  for (let i = 0; i < 3; i++) {
    window.gc();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Memory of a page with one avatar, minute by minute; nothing is drawn, which would take a core. */
async function overMinutes(speaks) {
  const files = await serveFiles(`(${stubDraws})();`);
  const page = await openBarePage(`http://localhost:${files.address().port}/bench.html`);
  await page.evaluate(`(${live})(${speaks})`);
  const minutes = Number(argument('--minutes', 10));
  const totals = [];
  for (let minute = 0; minute <= minutes; minute++) {
    await page.evaluate(`(${settle})()`);
    const sums = Object.values(await memory_mb(page.pid));
    totals.push(sums.reduce((sum, value) => sum + value, 0));
    console.error(`${minute} min: ${totals.at(-1).toFixed(1)} MB`);
    if (minute < minutes) await sleep(60_000 - 1500);
  }
  const failure = await page.evaluate('window.failure');
  if (failure) throw new Error(failure);
  const frames = await page.evaluate('window.frames()');
  const clauses = await page.evaluate('window.clauses');
  await page.close();
  files.close();
  return { minutes, clauses, frames, totals };
}

/** Megabytes an hour, by least squares over the second half of the minutes. */
function slope_mb_an_hour(totals) {
  const half = totals.slice(totals.length >> 1);
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = (half.length - 1) / 2;
  const level = mean(half);
  const covariance = mean(half.map((value, i) => (i - middle) * (value - level)));
  return (60 * covariance) / mean(half.map((_, i) => (i - middle) ** 2));
}

async function hours(name, speaks) {
  const { minutes, clauses, frames, totals } = await overMinutes(speaks);
  return {
    [`${name}_minutes`]: minutes,
    [`${name}_sentences`]: clauses,
    [`${name}_frames`]: frames,
    [`${name}_first_mb`]: totals[0],
    [`${name}_last_mb`]: totals.at(-1),
    [`${name}_slope_mb_an_hour`]: slope_mb_an_hour(totals),
  };
}
const speech = () => hours('speech', true);
const idle = () => hours('idle', false);

async function growth() {
  const files = await serveFiles();
  const page = await openBarePage(`http://localhost:${files.address().port}/bench.html`);
  await page.evaluate(`(${cycle})(10)`);
  await page.evaluate(`(${collect})()`);
  const before = await memory_mb(page.pid);
  await page.evaluate(`(${cycle})(${cycles})`);
  await page.evaluate(`(${collect})()`);
  const after = await memory_mb(page.pid);
  await page.close();
  files.close();
  const total = (sums) => Object.values(sums).reduce((sum, value) => sum + value, 0);
  const by = Object.entries(after).map(([kind, mb]) => [kind, mb - (before[kind] ?? 0)]);
  return {
    cycles,
    before_mb: total(before),
    growth_mb: total(after) - total(before),
    growth_of: Object.fromEntries(by.map(([kind, mb]) => [kind, rounded(mb)])),
  };
}

/**
 * How long each value of each trait of the family takes until it is seen (the median of five
 * changes, and the longest of all), and a file until its worker shows it where its shaders are
 * there; draw calls cost nothing.
 */
async function looks() {
  const page = await openPage();
  await page.evaluate(async () => {
    const { Avatar } = await import('vivavox');
    const avatar = new URL('vivavox/family.glb', document.baseURI);
    window.avatar = await Avatar.create(document.querySelector('canvas'), { avatar });
  });
  for (const worker of page.workers()) await worker.evaluate(stubDraws);
  const measured = await page.evaluate(async () => {
    const { avatar } = window;
    // With what its first frames compile.
    for (const look of ['vivi', 'otto', 'vivi']) await avatar.customize({ look });
    const time_ms = async (change) => {
      const begun_ms = performance.now();
      await change();
      return performance.now() - begun_ms;
    };
    const { traits, looks } = await avatar.traits();
    const choices = Object.entries({ ...traits, look: { values: Object.keys(looks) } }).flatMap(
      ([trait, { values }]) => values.map((value) => ({ choice: { [trait]: value }, each_ms: [] })),
    );
    for (let round = 0; round < 5; round++) {
      for (const { choice, each_ms } of choices)
        each_ms.push(await time_ms(() => avatar.customize(choice)));
    }
    const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
    const changes = choices.map(({ choice, each_ms }) => [median(each_ms), choice]);
    const loads_ms = [];
    for (let i = 0; i < 5; i++)
      loads_ms.push(
        await time_ms(() => avatar.load(new URL('vivavox/vivi.glb', document.baseURI))),
      );
    return {
      slowest: changes.reduce((worst, one) => (one[0] > worst[0] ? one : worst)),
      once_ms: Math.max(...choices.flatMap(({ each_ms }) => each_ms)),
      load_ms: median(loads_ms),
    };
  });
  await page.close();
  const [customize_longest_ms, customize_longest_of] = measured.slowest;
  return {
    customize_longest_ms,
    customize_longest_of,
    customize_longest_once_ms: measured.once_ms,
    load_vivi_ms: measured.load_ms,
  };
}

const result = { bench: 'page' };
const measures = { script, longestTask, latency, longText, sync, looks, growth };
const chosen = argument('--only', Object.keys(measures).join()).split(',');
Object.assign(measures, { speech, idle });
for (const measure of chosen.map((name) => measures[name])) {
  for (const [name, value] of Object.entries(await measure())) result[name] = rounded(value);
}
await browser.close();
server.kill();
await rm(folder, { recursive: true });
console.log(JSON.stringify(result));
