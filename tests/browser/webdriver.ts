// Browsers that playwright does not drive as they are installed: Firefox by WebDriver BiDi
// (w3.org/TR/webdriver-bidi), WebKitGTK by WebDriver (w3.org/TR/webdriver2).
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { freePort } from './server.js';

/** A browser with one page. */
export interface DrivenBrowser {
  /** As the browser names itself, e.g. "140.5.0". */
  version: string;
  goto(url: string): Promise<void>;
  /** The value of an expression in the page, or of the promise that it is; JSON can hold it. */
  evaluate<T>(expression: string): Promise<T>;
  /** Clicks as a user does: the page may sound after that. */
  click(selector: string): Promise<void>;
  quit(): Promise<void>;
}

/** Starts a program with a virtual screen and sound device, its files in a folder of its own. */
async function startOnScreen(program: string, args: (home: string) => string[]): Promise<Started> {
  const home = await mkdtemp(join(tmpdir(), 'vivavox-'));
  const socket = join(home, 'sound');
  const env = { ...process.env, HOME: home, XDG_RUNTIME_DIR: home, PULSE_SERVER: `unix:${socket}` };
  const options = { env, detached: true };
  const sound = spawn(
    'pulseaudio',
    [
      ...['-n', '--exit-idle-time=-1', '-L', 'module-null-sink'],
      ...['-L', `module-native-protocol-unix socket=${socket} auth-anonymous=1`],
    ],
    { ...options, stdio: 'ignore' },
  );
  const browser = spawn('xvfb-run', ['-a', program, ...args(home)], options);
  const stop = async () => {
    await Promise.all([browser, sound].map(endGroup));
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  return { process: browser, stop };
}

/** Ends a process and all that it started. */
async function endGroup(one: ChildProcess): Promise<void> {
  if (one.pid === undefined || one.exitCode !== null || one.signalCode !== null) return;
  const ended = once(one, 'exit');
  process.kill(-one.pid);
  await ended;
}

interface Started {
  process: ChildProcess;
  stop: () => Promise<void>;
}

/** What follows these words in what a process says. */
function said(process: ChildProcess, words: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let all = '';
    const hear = (part: Buffer) => {
      all += String(part);
      const found = words.exec(all)?.[1];
      if (found) resolve(found);
    };
    process.stdout?.on('data', hear);
    process.stderr?.on('data', hear);
    process.once('exit', (code) => {
      reject(new Error(`it ended with ${code}: ${all}`));
    });
    process.once('error', reject);
  });
}

/** The system's Firefox, rendering WebGL in software. */
export async function launchFirefox(): Promise<DrivenBrowser> {
  const { process: firefox, stop } = await startOnScreen('firefox-esr', (home) => [
    ...['--no-remote', '--profile', home, '--remote-debugging-port', '0'],
  ]);
  const address = await said(firefox, /WebDriver BiDi listening on (ws:\S+)/);
  const socket = new WebSocket(`${address}/session`);
  await once(socket, 'open');
  const ask = commands(socket);
  interface Session {
    capabilities: { browserVersion: string };
  }
  const session = (await ask('session.new', { capabilities: {} })) as Session;
  const tree = (await ask('browsingContext.getTree', {})) as { contexts: { context: string }[] };
  const context = tree.contexts[0]?.context;
  const evaluate = async (expression: string, userActivation = false): Promise<unknown> => {
    const answer = (await ask('script.evaluate', {
      expression: `(async () => JSON.stringify(await (${expression})) ?? 'null')()`,
      target: { context },
      awaitPromise: true,
      userActivation,
    })) as { result?: { value: string }; exceptionDetails?: { text: string } };
    if (!answer.result) throw new Error(answer.exceptionDetails?.text ?? 'the script failed');
    return JSON.parse(answer.result.value);
  };
  return {
    version: session.capabilities.browserVersion,
    async goto(url) {
      await ask('browsingContext.navigate', { context, url, wait: 'complete' });
    },
    evaluate: async <T>(expression: string) => (await evaluate(expression)) as T,
    async click(selector) {
      await evaluate(`document.querySelector(${JSON.stringify(selector)}).click()`, true);
    },
    async quit() {
      socket.close();
      await stop();
    },
  };
}

type Ask = (method: string, params: unknown) => Promise<unknown>;

function commands(socket: WebSocket): Ask {
  const pending = new Map<
    number,
    { resolve: (result: unknown) => void; reject: (e: Error) => void }
  >();
  let last = 0;
  socket.on('message', (data) => {
    const { id, result, error, message } = JSON.parse((data as Buffer).toString()) as {
      id?: number;
      result?: unknown;
      error?: string;
      message?: string;
    };
    const waiting = id === undefined ? undefined : pending.get(id);
    if (error) waiting?.reject(new Error(`${error}: ${message ?? ''}`));
    else waiting?.resolve(result);
  });
  return (method, params) =>
    new Promise((resolve, reject) => {
      pending.set(++last, { resolve, reject });
      socket.send(JSON.stringify({ id: last, method, params }));
    });
}

/** The system's WebKitGTK, which has Safari's engine. */
export async function launchWebKit(): Promise<DrivenBrowser> {
  const port = await freePort();
  const { stop } = await startOnScreen('WebKitWebDriver', () => [`--port=${port}`]);
  const url = `http://127.0.0.1:${port}`;
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(url + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { value } = (await answer.json()) as { value: T & { error?: string; message?: string } };
    if (!answer.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  await untilUp(`${url}/status`);
  interface Session {
    sessionId: string;
    capabilities: { browserVersion: string };
  }
  const { sessionId, capabilities } = await ask<Session>('POST', '/session', {
    capabilities: { alwaysMatch: {} },
  });
  const path = `/session/${sessionId}`;
  await ask('POST', `${path}/timeouts`, { script: 120_000 });
  return {
    version: capabilities.browserVersion,
    goto: (to) => ask('POST', `${path}/url`, { url: to }),
    async evaluate<T>(expression: string) {
      const script = `
        const done = arguments[arguments.length - 1];
        Promise.resolve().then(async () => JSON.stringify({ value: (await (${expression})) ?? null }))
          .catch((error) => JSON.stringify({ error: String(error) })).then(done);`;
      const answer = JSON.parse(
        await ask<string>('POST', `${path}/execute/async`, { script, args: [] }),
      ) as { value: T; error?: string };
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer.value;
    },
    async click(selector) {
      const found = await ask<Record<string, string>>('POST', `${path}/element`, {
        using: 'css selector',
        value: selector,
      });
      await ask('POST', `${path}/element/${Object.values(found)[0]}/click`, {});
    },
    async quit() {
      await ask('DELETE', path).catch(() => undefined);
      await stop();
    },
  };
}

async function untilUp(url: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    if (tries === 100) throw new Error(`nobody answers at ${url}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
