// Projects of users: the packages as they are published, built and served as users do.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { frames, motion } from './picture.js';

const sources = path.resolve('tests/browser/projects');
const mouth = { left: 0.4, top: 0.5, width: 0.2, height: 0.2 };

/** A page of any browser. */
export interface DrivenPage {
  /** The value of an expression in the page, or of the promise that it is. */
  evaluate<T>(expression: string): Promise<T>;
  /** Clicks as a user does. */
  click(selector: string): Promise<void>;
}

function npm(...args: string[]): string {
  return execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The packages' tarballs and what is made of them, in a folder of its own. */
export class Projects {
  /** Within the repository, where the bundlers and frameworks are installed. */
  readonly folder: string;
  readonly tarballs: string[];

  constructor(name: string) {
    this.folder = path.resolve('build', name);
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    const workspaces = ['-w', 'vivavox', '-w', 'vivavox-speech'];
    const listing = npm('pack', ...workspaces, '--pack-destination', this.folder, '--json');
    this.tarballs = (JSON.parse(listing) as { filename: string }[]).map(({ filename }) =>
      path.join(this.folder, filename),
    );
  }

  /** A fresh project with the packages installed from their tarballs. */
  make(source: string, name = source): string {
    const folder = path.join(this.folder, name);
    cpSync(path.join(sources, source), folder, { recursive: true });
    cpSync(path.join(sources, 'page.js'), path.join(folder, 'page.js'));
    writeFileSync(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    npm('install', '--prefix', folder, '--offline', '--no-audit', '--no-fund', ...this.tarballs);
    return folder;
  }

  /** One that needs no bundler: an import map names the packages' files. */
  makePlain(): string {
    const folder = this.make('plain');
    const runtime = 'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm';
    cpSync(path.resolve(runtime), path.join(folder, runtime));
    addVoice(folder);
    const imports = {
      vivavox: './node_modules/vivavox/dist/index.js',
      'vivavox-speech': './node_modules/vivavox-speech/dist/index.js',
    };
    const map = `<script type="importmap">${JSON.stringify({ imports })}</script>\n`;
    writePage(folder, map, './main.js');
    return folder;
  }
}

/** The page that every project has; its first script watches what it does. */
export function writePage(folder: string, head: string, script: string): void {
  const body = readFileSync(path.join(sources, 'body.html'), 'utf8');
  writeFileSync(
    path.join(folder, 'index.html'),
    `<!doctype html>\n<html lang="en">\n  <body>\n${head}${body}    <script type="module" src="${script}"></script>\n  </body>\n</html>\n`,
  );
}

/** Gives a project's page a Piper voice, whose model makes tones. */
export function addVoice(folder: string): void {
  for (const file of ['tone.onnx', 'tone.onnx.json']) {
    cpSync(path.resolve('tests/data', file), path.join(folder, file));
  }
}

/** Runs in the page before its scripts: how loud it was, and what its policy forbade. */
export function watchPage(): void {
  const seen = { peak: 0, forbidden: [] as string[] };
  Object.assign(globalThis, { seen });
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    seen.forbidden.push(`${violatedDirective} ${blockedURI}`);
  });
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on its own node
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...args: unknown[]) => unknown;
  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    if (args[0] instanceof AudioDestinationNode) {
      const analyser = new AnalyserNode(this.context, { fftSize: 4096 });
      const samples = new Float32Array(4096);
      connect.call(this, analyser);
      setInterval(() => {
        analyser.getFloatTimeDomainData(samples);
        for (const sample of samples) seen.peak = Math.max(seen.peak, Math.abs(sample));
      }, 50);
    }
    return connect.apply(this, args);
  } as typeof AudioNode.prototype.connect;
}

/** Waits until an expression is true in the page. */
export async function until(page: DrivenPage, expression: string): Promise<void> {
  for (let tries = 0; !(await page.evaluate<boolean>(expression)); tries++) {
    assert.ok(tries < 1200, `the page never came to ${expression}`);
    await sleep(100);
  }
}

/** Whether a page is held to its policy, by which it may connect to its own server alone. */
export async function isHeldToPolicy(page: DrivenPage): Promise<boolean> {
  return page.evaluate<boolean>("fetch('data:,').then(() => false, () => true)");
}

/** Lets both voices of a project's page speak, which watchPage watches. */
export async function speaks(page: DrivenPage): Promise<void> {
  for (const voice of ['espeak:en-us', 'tone.onnx']) {
    const button = `button[value="${voice}"]:enabled`;
    await until(page, `document.querySelector('${button}') !== null`);
    await page.click(button);
    await until(page, "seen.peak > 0.03 || document.querySelector('output').textContent !== ''");
    assert.equal(await page.evaluate("document.querySelector('output').textContent"), '', voice);
    const moved = motion(await frames(page, mouth, 12));
    await until(page, "document.querySelector('output').textContent !== ''");
    const outcome = await page.evaluate("document.querySelector('output').textContent");
    assert.equal(outcome, 'finished', voice);
    assert.ok(moved > 0.5, `the mouth moves by ${moved}, ${voice}`);
    await page.evaluate('(seen.peak = 0)');
  }
  assert.deepEqual(await page.evaluate('seen.forbidden'), []);
}
