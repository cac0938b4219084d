// TalkingHead (three.js) and this engine with the same avatar on the same page, 512 × 512, by software:
// frames a second and what one costs the graphics process, time to the first frame, memory. Each in
// a browser of its own, one after the other. Prints one line of JSON.
//   node peer_bench.mjs NODE_MODULES AVATAR.glb [--seconds N]
// NODE_MODULES holds the peer (scripts/lib/lip_peers.sh). Its settings are its defaults: multisampling,
// no shadow, three.js's room as environment; ours are named in the results.
/* global document, window, performance, requestAnimationFrame */
import { createServer } from 'node:http';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const [modules, avatar, ...rest] = process.argv.slice(2);
const seconds = rest[0] === '--seconds' ? Number(rest[1]) : 10;
const ticks_a_second = 100;
const page_html = `<!doctype html><link rel="icon" href="data:,"><script type="importmap">{"imports":{
  "vivavox":"/web/vivavox/index.js",
  "three":"/peer/three/build/three.module.js","three/addons/":"/peer/three/examples/jsm/",
  "talkinghead":"/peer/@met4citizen/talkinghead/modules/talkinghead.mjs"}}</script>
  <body style="margin:0"><div id="stage" style="width:512px;height:512px"></div>`;

const types = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };
const folders = { peer: modules, web: 'build/web' };
const server = createServer(async ({ url }, response) => {
  const [, root, ...path] = new URL(url, 'http://localhost').pathname.split('/');
  try {
    const body =
      root === 'avatar.glb'
        ? await readFile(avatar)
        : root in folders
          ? await readFile(join(folders[root], ...path))
          : page_html;
    const name = path.at(-1) ?? '';
    response.setHeader('content-type', types[extname(name)] ?? 'text/html');
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}).listen(0, '127.0.0.1');

/** In the page: the peer's avatar; settles with its first frame. */
async function openPeer() {
  const { TalkingHead } = await import('talkinghead');
  const head = new TalkingHead(document.querySelector('#stage'), {
    lipsyncModules: [],
    cameraView: 'upper',
    avatarMood: 'neutral',
  });
  await head.showAvatar({ url: '/avatar.glb', body: 'F', avatarMood: 'neutral' });
  window.frames = () => head.renderer.info.render.frame;
  while (window.frames() < 1) await new Promise(requestAnimationFrame);
  const gl = head.renderer.getContext();
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
}

/** In the page: ours; settles with its first frame that is shown. */
async function openOurs(options) {
  const { Avatar } = await import('vivavox');
  const canvas = document.createElement('canvas');
  canvas.style.cssText = 'width:512px;height:512px;display:block';
  document.querySelector('#stage').append(canvas);
  const shown = await Avatar.create(canvas, { avatar: '/avatar.glb', ...options });
  window.frames = async () => (await shown.stats()).framesDrawn;
  window.level = async () => (await shown.stats()).quality;
  while ((await shown.stats()).framesPerSecond < 1) await new Promise(requestAnimationFrame);
}

const flags = [
  ...['--no-sandbox', '--headless=new', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  ...['--ignore-gpu-blocklist', '--disable-background-networking', '--disable-sync'],
  ...['--disable-component-update', '--autoplay-policy=no-user-gesture-required'],
];

/** The processes of a browser, by what starts them. */
function processesOf(root) {
  const parents = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      parents.set(
        Number(pid),
        Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[1]),
      );
    } catch {
      continue; // ended meanwhile
    }
  }
  const isOurs = (pid) => pid === root || (parents.has(pid) && isOurs(parents.get(pid)));
  return [...parents.keys()].filter(isOurs);
}

/** What they have for themselves, and share in memory. */
function memory_mb(root) {
  let sum = 0;
  for (const pid of processesOf(root)) {
    try {
      const smaps = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      for (const [, kb] of smaps.matchAll(/^Pss_(?:Anon|Shmem):\s+(\d+)/gm))
        sum += Number(kb) / 1024;
    } catch {
      continue;
    }
  }
  return sum;
}

function cpu_ms(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticks_a_second;
}

/** Of all processes of a browser. */
function cpuOfAll_ms(root) {
  let sum = 0;
  for (const pid of processesOf(root)) {
    try {
      sum += cpu_ms(pid);
    } catch {
      continue; // ended meanwhile
    }
  }
  return sum;
}

async function measured(open, options) {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
  const session = await browser.newBrowserCDPSession();
  // The graphics process comes a moment after the browser.
  let processes = new Map();
  while (!processes.has('GPU')) {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    processes = new Map(processInfo.map(({ type, id }) => [type, id]));
  }
  const pidOf = (kind) => processes.get(kind);
  const page = await browser.newPage({ viewport: { width: 512, height: 512 } });
  page.on('pageerror', (error) => console.error(String(error)));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const empty_mb = memory_mb(pidOf('browser'));
  const spentBefore_ms = cpuOfAll_ms(pidOf('browser'));
  const opened_ms = await page.evaluate(
    async ([open, options]) => {
      const before_ms = performance.now();
      await (0, eval)(`(${open})`)(options);
      return performance.now() - before_ms;
    },
    [String(open), options],
  );
  const openedCpu_ms = cpuOfAll_ms(pidOf('browser')) - spentBefore_ms;
  await sleep(options.quality === 'auto' ? 12_000 : 3000);
  const frames = () => page.evaluate(() => window.frames());
  const [frames_before, cpu_before] = [await frames(), cpu_ms(pidOf('GPU'))];
  const begun_ms = performance.now();
  await sleep(seconds * 1000);
  const drawn = (await frames()) - frames_before;
  const spent_ms = cpu_ms(pidOf('GPU')) - cpu_before;
  const took_s = (performance.now() - begun_ms) / 1000;
  const level = await page.evaluate(() => window.level?.());
  const result = {
    ...options,
    ...(level ? { level } : {}),
    frames_a_second: drawn / took_s,
    graphics_cpu_ms: spent_ms / drawn,
    first_frame_ms: opened_ms,
    first_frame_cpu_ms: openedCpu_ms,
    memory_mb: memory_mb(pidOf('browser')) - empty_mb,
  };
  await browser.close();
  return result;
}

const rounded = (result) =>
  Object.fromEntries(
    Object.entries(result).map(([name, value]) => [
      name,
      typeof value === 'number' ? Number(value.toFixed(1)) : value,
    ]),
  );

const ours = [
  { quality: 'high' },
  { quality: 'medium' },
  { quality: 'medium', lighting: 'flat' },
  { quality: 'low' },
  { quality: 'minimal' },
  { quality: 'auto' },
];
const peer = rounded(await measured(openPeer, {}));
const results = [];
for (const options of ours) results.push(rounded(await measured(openOurs, options)));
const again = rounded(await measured(openPeer, {}));
server.close();
console.log(JSON.stringify({ bench: 'peer', talkinghead: [peer, again], vivavox: results }));
