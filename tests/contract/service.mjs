// The built service on a free port in a folder of its own, and a client that
// holds every answer against the service's OpenAPI document.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

import Ajv from 'ajv/dist/2020.js';
import WebSocket from 'ws';

export const tool = resolve(process.env.VIVAVOX_TOOL ?? 'build/native/server/vivavox');
export const api = '/api/v1/avatars';

/** What holds unless a test says otherwise: no limit that a busy machine would meet. */
const unlimited = { MAX_REQUESTS: '0', MAX_TTS_TIME: '600', MAX_RENDER_TIME: '600' };

/** Starts `vivavox serve`; `settings` are environment variables, `wrapper` a command that runs it. */
export async function startService(settings = {}, folder = undefined, wrapper = []) {
  const own = folder ?? (await mkdtemp(join(tmpdir(), 'vivavox-service-')));
  const [program, ...args] = [...wrapper, tool, 'serve'];
  const child = spawn(program, args, {
    cwd: own,
    env: { ...process.env, PORT: '0', ...unlimited, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = [];
  createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
  const ended = once(child, 'exit');
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended.then(() => {
      throw new Error(`the service did not start: ${log.join('\n')}`);
    }),
  ]);
  const port = Number(/:(\d+)$/.exec(line)[1]);
  return {
    port,
    folder: own,
    pid: child.pid,
    log,
    ended,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null) child.kill(signal);
      const [code] = await ended;
      if (!folder) await rm(own, { recursive: true, force: true });
      return code;
    },
  };
}

/** Settings by which another process shares a service's folders. */
export const foldersOf = ({ folder }) => ({
  RENDERS_DIR: join(folder, 'data/renders'),
  AUDIOS_DIR: join(folder, 'data/audios'),
  ASSETS_DIR: join(folder, 'data/assets'),
});

/** The processes that this one started and that run. */
export function childrenOf(pid) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => {
      try {
        const [, state, parent] = /\) (.) (\d+)/.exec(readFileSync(`/proc/${child}/stat`, 'utf8'));
        return Number(parent) === pid && state !== 'Z';
      } catch {
        return false;
      }
    });
}

/** The service's running ffmpeg processes. */
export function encoders(service) {
  return childrenOf(service.pid).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('ffmpeg');
    } catch {
      return false;
    }
  });
}

/** How many pictures a film has. */
export function framesOf(bytes) {
  const folder = mkdtempSync(join(tmpdir(), 'vivavox-film-'));
  try {
    const file = join(folder, 'film');
    writeFileSync(file, bytes);
    const options = '-v error -select_streams v -count_packets -of default=nk=1:nw=1';
    const entries = ['-show_entries', 'stream=nb_read_packets', file];
    return Number(execFileSync('ffprobe', [...options.split(' '), ...entries]).toString());
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Waits until it holds: as long as it takes on a busy machine, but not for ever. */
export async function until(holds, patience_ms = 60_000) {
  const end = performance.now() + patience_ms;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`it never came to hold: ${holds}`);
    await sleep(20);
  }
}

const postgresFolder = '/usr/lib/postgresql/17/bin';
/** PostgreSQL refuses to run as root: then as its own user. */
function asPostgres(program, ...args) {
  const path = join(postgresFolder, program);
  return process.getuid() === 0
    ? ['runuser', ['-u', 'postgres', '--', path, ...args]]
    : [path, args];
}

async function run([program, args], options = {}) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let words = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => (words += part));
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${words}`);
}

/** A PostgreSQL server of its own on a free port of this machine. `fsync`: as in earnest. */
export async function startPostgres({ fsync = false } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'vivavox-postgres-'));
  if (process.getuid() === 0) await run(['chown', ['postgres', folder]]);
  const data = join(folder, 'data');
  await run(asPostgres('initdb', '-D', data, '-A', 'trust', '-U', 'vivavox', '-E', 'UTF8', '-N'), {
    cwd: folder,
  });
  const log = join(folder, 'log');
  let port;
  const start = () =>
    run(
      asPostgres(
        ...['pg_ctl', '-D', data, '-w', '-t', '120', '-l', log, '-o'],
        `-c listen_addresses=127.0.0.1 -p ${port} -k ${folder} -c fsync=${fsync ? 'on' : 'off'}`,
        'start',
      ),
      { cwd: folder, stdio: ['ignore', 'ignore', 'ignore'] },
    );
  const halt = () =>
    run(asPostgres('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop'), { cwd: folder });
  // Below the ports that the system gives to outgoing connections; another server may
  // have this one all the same.
  for (let attempt = 1; ; ++attempt) {
    port = 20000 + Math.floor(Math.random() * 12000);
    try {
      await start();
      break;
    } catch (error) {
      if (attempt === 20) throw error;
    }
  }
  let count = 0;
  return {
    start,
    halt,
    /** Its processes. */
    pids() {
      const parent = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0];
      return [Number(parent), ...childrenOf(Number(parent))];
    },
    /** A new, empty database. */
    async database() {
      const name = `test${++count}`;
      await run(asPostgres('createdb', '-h', '127.0.0.1', '-p', `${port}`, '-U', 'vivavox', name), {
        cwd: folder,
      });
      return `postgresql://vivavox@127.0.0.1:${port}/${name}`;
    },
    async stop() {
      await halt().catch(() => {});
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * A service on SQLite or on a PostgreSQL of its own, and a client of it; end() stops all and gives
 * the service's exit status.
 */
export async function startOn(database, settings = {}) {
  const postgres = database === 'postgresql' ? await startPostgres() : undefined;
  const service = await startService({
    ...settings,
    ...(postgres && { DATABASE_URL: await postgres.database() }),
  });
  const client = await new Client(service.port).open();
  const end = async (signal) => {
    const status = await service.stop(signal);
    await postgres?.stop();
    return status;
  };
  return { service, client, end };
}

/** A WAV file of a tenth of a second. */
export const silence = (() => {
  const bytes = Buffer.alloc(44 + 3200);
  bytes.write('RIFF');
  bytes.writeUInt32LE(36 + 3200, 4);
  bytes.write('WAVEfmt ', 8);
  [16, 0x00010001, 16000, 32000, 0x00100002].forEach((value, i) =>
    bytes.writeUInt32LE(value, 16 + 4 * i),
  );
  bytes.write('data', 36);
  bytes.writeUInt32LE(3200, 40);
  return bytes;
})();

/** A request whose path goes out as it is written here. */
export function send(port, method, path, { json, body, headers = {} } = {}) {
  const payload = json === undefined ? body : JSON.stringify(json);
  return new Promise((settle, fail) => {
    const outgoing = request({
      port,
      method,
      path,
      host: '127.0.0.1',
      agent: false,
      headers: {
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...(payload !== undefined && { 'content-length': Buffer.byteLength(payload) }),
        ...headers,
      },
    });
    outgoing.on('error', fail);
    outgoing.on('response', async (response) => {
      try {
        const parts = [];
        for await (const part of response) parts.push(part);
        settle({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(parts),
          get json() {
            return JSON.parse(this.body.toString());
          },
        });
      } catch (error) {
        fail(error);
      }
    });
    outgoing.end(payload);
  });
}

/** Sends requests and checks each answer against the document. */
export class Client {
  /** "operationId status" of every answer. */
  answered = new Set();

  constructor(port) {
    this.port = port;
  }

  async open() {
    this.document = (await send(this.port, 'GET', '/openapi.json')).json;
    this.ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
    this.ajv.addSchema(this.document, 'document');
    return this;
  }

  async request(method, path, options) {
    const answer = await send(this.port, method, path, options);
    this.check(method, path, answer);
    return answer;
  }

  get = (path, headers) => this.request('GET', path, { headers });
  post = (path, json, headers) => this.request('POST', path, { json, headers });
  patch = (path, json, headers) => this.request('PATCH', path, { json, headers });
  put = (path, json, headers) => this.request('PUT', path, { json, headers });
  delete = (path, headers) => this.request('DELETE', path, { headers });

  check(method, path, answer) {
    const found = this.operationOf(method === 'HEAD' ? 'get' : method.toLowerCase(), path);
    if (!found) {
      const { status } = answer;
      if (![404, 405, 200].includes(status)) throw new Error(`${method} ${path}: ${status}`);
      return;
    }
    const [template, verb, operation] = found;
    this.answered.add(`${operation.operationId} ${answer.status}`);
    let pointer = `/paths/${escape(template)}/${verb}/responses/`;
    let declared = operation.responses[answer.status];
    pointer += declared ? answer.status : 'default';
    declared ??= operation.responses.default;
    if (declared.$ref) {
      pointer = declared.$ref.slice(1);
      declared = this.document.components.responses[declared.$ref.split('/').pop()];
    }
    if ([304, 206, 416].includes(answer.status) || method === 'HEAD') return;
    const type = (answer.headers['content-type'] ?? '').split(';')[0];
    const media = declared.content[type] ? type : '*/*';
    if (!declared.content[media]) {
      throw new Error(`${method} ${path}: ${answer.status} with ${type}, which is not declared`);
    }
    if (!declared.content[media].schema || type !== 'application/json') return;
    const ref = `document#${pointer}/content/${escape(media)}/schema`;
    const validate = this.ajv.getSchema(ref) ?? this.ajv.compile({ $ref: ref });
    if (!validate(answer.json)) {
      const complaints = this.ajv.errorsText(validate.errors);
      throw new Error(`${method} ${path}: ${complaints}\n${answer.body.toString().slice(0, 500)}`);
    }
  }

  operationOf(verb, path) {
    const segments = path.split('?')[0].split('/');
    let best;
    for (const [template, operations] of Object.entries(this.document.paths)) {
      const parts = template.split('/');
      const takesRest = operations.get?.parameters?.some((one) => one['x-rest']);
      const fits =
        (takesRest ? segments.length >= parts.length : segments.length === parts.length) &&
        parts.every((part, i) => part === segments[i] || (part.startsWith('{') && segments[i]));
      const literals = parts.filter((part) => !part.startsWith('{')).length;
      if (fits && operations[verb] && (!best || literals > best.literals)) {
        best = { literals, found: [template, verb, operations[verb]] };
      }
    }
    return best?.found;
  }
}

function escape(segment) {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** A WebSocket that keeps what it hears. */
export class Stream {
  messages = [];
  #waiting = [];
  #isOver = false;

  constructor(port, path, headers = {}) {
    this.started = performance.now();
    this.socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
    this.socket.on('message', (data, isBinary) => {
      const message = { ...JSON.parse(data), isBinary, at_ms: performance.now() - this.started };
      this.messages.push(message);
      this.#waiting.splice(0).forEach((wake) => wake());
    });
    this.closed = new Promise((settle) => this.socket.on('close', settle));
    this.socket.on('close', () => {
      this.#isOver = true;
      this.#waiting.splice(0).forEach((wake) => wake());
    });
    this.failed = new Promise((settle) => this.socket.on('error', settle));
  }

  /** The first message (from number `from` on) that fits. */
  async next(fits, from = 0, patience_ms = 60_000) {
    const end = performance.now() + patience_ms;
    while (performance.now() < end) {
      const found = this.messages.slice(from).find(fits);
      if (found) return found;
      if (this.#isOver) break;
      await Promise.race([
        new Promise((wake) => this.#waiting.push(wake)),
        sleep(end - performance.now(), undefined, { ref: false }),
      ]);
    }
    throw new Error(`no such message among ${JSON.stringify(this.messages)}`);
  }

  say(message) {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  async close() {
    this.socket.close();
    await this.closed;
  }
}

export const fileOf = (path) => readFile(path);
