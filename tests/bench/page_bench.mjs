// What the avatar costs a page: script of the main thread and of the worker a
// frame, the longest task from create to end, latency of streamed text, gaps,
// silence after a stop, cost of long texts, and memory over cycles of
// create, speak and dispose. Prints one line of JSON.
//   node page_bench.mjs [--cycles N] [--avatar FILE.glb]
/* global document, fetch, window, performance, PerformanceObserver, setTimeout, WebGL2RenderingContext */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import WebSocket from 'ws';

const port = 18081;
const argument = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at === -1 ? otherwise : process.argv[at + 1];
};
const rounded = (value) => (typeof value === 'number' ? Number(value.toFixed(3)) : value);
const cycles = Number(argument('--cycles', 20));
const html = `<!doctype html><script type="importmap">{"imports":{
  "vivavox":"./vivavox/index.js","vivavox-speech":"./vivavox-speech/index.js"}}</script>
  <link rel="icon" href="data:,"><canvas style="width:512px;height:512px"></canvas><button>x</button>`;

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

/** Draw calls cost nothing then: what remains is script. */
async function stubDraws(page) {
  for (const worker of page.workers()) {
    await worker.evaluate(() => {
      const gl = WebGL2RenderingContext.prototype;
      for (const name of ['drawElements', 'drawArrays', 'clear', 'blitFramebuffer']) {
        gl[name] = () => undefined;
      }
    });
  }
}

/** Script of the main thread and the worker a frame while speaking. */
async function script() {
  const page = await openPage();
  await page.evaluate(async () => {
    const { Avatar } = await import('vivavox');
    const { createSpeech } = await import('vivavox-speech');
    window.speech = await createSpeech();
    window.avatar = await Avatar.create(document.querySelector('canvas'), {
      speech: window.speech,
      quality: 'high',
    });
  });
  await stubDraws(page);
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

/** Memory of all of a browser's processes, by kind; what they share counts once. */
async function memory_mb(browserPid) {
  const sums = {};
  for (const pid of await processesOf(browserPid)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const smaps = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    const kind = /--type=([\w-]+)/.exec(command)?.[1] ?? 'browser';
    sums[kind] = (sums[kind] ?? 0) + Number(/^Pss:\s+(\d+)/m.exec(smaps)?.[1] ?? 0) / 1024;
  }
  return sums;
}

/** What the cycles ask for, from a server of this bench. */
async function serveFiles() {
  const types = { js: 'text/javascript', wasm: 'application/wasm', html: 'text/html' };
  const files = createServer(async ({ url }, response) => {
    const path = new URL(url, 'http://localhost').pathname;
    try {
      const body = path === '/bench.html' ? html : await readFile(join('build/web', path));
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
  // A worker is kept for a while; what is left after that stays.
  await new Promise((resolve) => setTimeout(resolve, 8000));
  for (let i = 0; i < 3; i++) {
    window.gc();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function growth() {
  const files = await serveFiles();
  const page = await openBarePage(`http://localhost:${files.address().port}/bench.html`);
  await page.evaluate(`(${cycle})(10)`);
  const before = await memory_mb(page.pid);
  await page.evaluate(`(${cycle})(${cycles})`);
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

const result = { bench: 'page' };
const measures = { script, longestTask, latency, longText, growth };
const chosen = argument('--only', Object.keys(measures).join()).split(',');
for (const measure of chosen.map((name) => measures[name])) {
  for (const [name, value] of Object.entries(await measure())) result[name] = rounded(value);
}
await browser.close();
server.kill();
await rm(folder, { recursive: true });
console.log(JSON.stringify(result));
