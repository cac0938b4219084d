// The kiosk on a bare Debian 13 without a network or a screen: what it starts is real (cage,
// Chromium, PipeWire), and only the devices are wlroots' and PipeWire's own stand-ins.
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { eventually, pictures, rootOf, run, start } from './machine.mjs';

const machine = 'debian';
const inMachine = (file) => path.join(rootOf(machine), file);
const state = '/var/lib/vivavox-kiosk';
const runtime = `${state}/run`;
const patience = { timeout: 120_000 };
let session;
let browser;

/** As the unit's session: the kiosk's user, and the environment that logind and systemd give. */
const asKiosk = (command) =>
  `runuser -u vivavox-kiosk -- env HOME=${state} STATE_DIRECTORY=${state} XDG_RUNTIME_DIR=${runtime} WAYLAND_DISPLAY=wayland-0 ${command}`;

function succeed(given) {
  assert.equal(given.status, 0, given.stdout + given.stderr);
  return given.stdout;
}

before(() => {
  succeed(run(machine, 'sh /mnt/install.sh'));
  writeFileSync(
    inMachine('etc/vivavox/kiosk.conf'),
    'KIOSK_URL=http://localhost:8080/\nKIOSK_CHROMIUM_OPTIONS=--remote-debugging-port=9222\n',
  );
  mkdirSync(inMachine('etc/pipewire/pipewire.conf.d'), { recursive: true });
  writeFileSync(
    inMachine('etc/pipewire/pipewire.conf.d/loudspeaker.conf'),
    `context.objects = [ { factory = adapter args = {
       factory.name = support.null-audio-sink node.name = loudspeaker media.class = Audio/Sink
       audio.position = [ FL FR ] monitor.channel-volumes = true } } ]`,
  );
  session = start(
    machine,
    `install -d -o vivavox-kiosk -g vivavox-kiosk -m 0700 ${runtime}
     (cd /var/lib/vivavox && runuser -u vivavox -- vivavox serve --log-level error) &
     set -a; . /etc/vivavox/kiosk.conf; set +a
     export WLR_BACKENDS=headless WLR_LIBINPUT_NO_DEVICES=1
     ${asKiosk(`dbus-run-session -- sh -c '
       unset WAYLAND_DISPLAY
       pipewire & wireplumber & pipewire-pulse &
       exec /usr/lib/vivavox-kiosk/start'`)}`,
  );
});

after(async () => {
  await browser?.close();
  await session?.end();
});

/** The screen as it is, in a file of that name. */
function screenshot(name) {
  succeed(run(machine, asKiosk(`grim ${state}/screen.png`)));
  const file = path.join(pictures, `${name}.png`);
  copyFileSync(inMachine(`${state}/screen.png`), file);
  return file;
}

/** How many colours a place of a picture has. */
async function colours(file, { x, y, width, height }) {
  const [left, top] = [Math.round(x), Math.round(y)];
  const pixels = await sharp(file)
    .removeAlpha()
    .extract({
      left,
      top,
      width: Math.floor(width),
      height: Math.floor(Math.min(height, 720 - top)),
    })
    .raw()
    .toBuffer();
  const found = new Set();
  for (let i = 0; i < pixels.length; i += 3) found.add(pixels.readUIntBE(i, 3));
  return found.size;
}

it('its Chromium shows the face on the whole screen', async () => {
  browser = await eventually(session, () => chromium.connectOverCDP('http://localhost:9222'));
  const [context] = browser.contexts();
  const page = await eventually(session, () => context.pages()[0]);
  await page.waitForSelector('canvas.ready', patience);
  assert.deepEqual(
    await page.evaluate('[innerWidth, innerHeight, devicePixelRatio]'),
    [1280, 720, 1],
  );
  // Where the face is to be, the screen has one colour until it is there.
  const place = await page.locator('canvas.ready').boundingBox();
  await eventually(session, async () => (await colours(screenshot('kiosk'), place)) > 1000);
});

it('speaks without having been touched, and is heard', async () => {
  const [page] = browser.contexts()[0].pages();
  const recorder = start(
    machine,
    asKiosk(
      `timeout -s INT 12 pw-record -P '{ stream.capture.sink=true }' --target loudspeaker ${state}/heard.wav`,
    ),
  );
  await page.waitForSelector('#speak:enabled', patience);
  // Not a click of the mouse's, which would allow sound.
  const protocol = await browser.contexts()[0].newCDPSession(page);
  await protocol.send('Runtime.evaluate', {
    expression: "document.querySelector('#speak').click()",
    userGesture: false,
  });
  await page.waitForSelector('#stop:enabled', patience);
  screenshot('kiosk-speaking');
  await eventually(recorder, () => recorder.child.exitCode !== null);
  const bytes = readFileSync(inMachine(`${state}/heard.wav`));
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset + 44, (bytes.length - 44) >> 1);
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  assert.ok(loudest > 1000, `the loudest sample is ${loudest} of 32767`);
});

it('ends when the process of its page does, and its unit begins it again', async () => {
  const context = browser.contexts()[0];
  const page = await context.newCDPSession(context.pages()[0]);
  page.send('Page.crash').catch(() => {});
  await eventually(session, () => session.child.exitCode !== null);
  const unit = readFileSync(inMachine('usr/lib/systemd/system/vivavox-kiosk.service'), 'utf8');
  assert.match(unit, /^Restart=always$/m);
  assert.match(unit, /^StartLimitIntervalSec=0$/m);
  succeed(
    run(
      machine,
      'systemd-analyze verify --recursive-errors=no --man=no vivavox.service vivavox-kiosk.service',
    ),
  );
});
