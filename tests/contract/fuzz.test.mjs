// Requests made from the OpenAPI document: right ones, at the bounds and broken ones. Whatever
// comes, the answer is one that the document has, and none is 500. VIVAVOX_FUZZ_REQUESTS and
// VIVAVOX_FUZZ_SEED ask for more, and for others; each request depends on the seed and its number.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { Client, api, send, startService } from './service.mjs';

const amount = Number(process.env.VIVAVOX_FUZZ_REQUESTS ?? 500);
const seed = Number(process.env.VIVAVOX_FUZZ_SEED ?? 1);
const at_once = 4;
/** So long no limit of the service's lets a call go on. */
const patience_ms = 120_000;

/** mulberry32. */
class Dice {
  #state;
  constructor(number) {
    this.#state = (seed * 0x9e3779b1 + number * 0x85ebca6b) >>> 0;
  }
  share() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
  below(count) {
    return Math.floor(this.share() * count);
  }
  of(list) {
    return list[this.below(list.length)];
  }
  often(share) {
    return this.share() < share;
  }
}

const texts = [
  ...['', ' ', 'a', 'Hello.', 'null', '0', '-1', '1e999', 'NaN', "' OR 1=1 --", '%s%n', '../..'],
  ...[
    'Grüß Gott',
    'こんにちは',
    '🙂🙃',
    '\u0000',
    '\u202e',
    '\ud800',
    'e\u0301',
    '<b>&amp;',
    '\\',
    '"',
  ],
];
const strays = [
  ...[null, true, false, 0, -1, 1, 0.5, 1e308, -1e308, 2 ** 31, 2 ** 53, 2 ** 63, 1e-320],
  ...['', 'x', [], [null], [[[]]], {}, { a: { b: [] } }],
];
/** What takes long in these sizes is tried beyond its bound, not up to it. */
const modest = { width: 96, height: 96, frames: 3, duration: 0.5, audio_duration: 10, fps: 60 };
const modest_length = 40;

/** A value that fits the schema; at its bounds more often than not. */
function fitting(dice, schema, document, name, depth = 0) {
  const at = (one) => fitting(dice, one, document, name, depth + 1);
  if (schema.$ref) return at(document.components.schemas[schema.$ref.split('/').pop()]);
  if (schema.enum) return dice.of(schema.enum);
  if (schema.anyOf) return at(dice.of(schema.anyOf));
  const type = Array.isArray(schema.type) ? dice.of(schema.type) : schema.type;
  switch (type) {
    case 'null':
      return null;
    case 'boolean':
      return dice.often(0.5);
    case 'integer':
    case 'number': {
      const least = schema.minimum ?? -1000;
      const most = Math.min(schema.maximum ?? 1e6, Math.max(least, modest[name] ?? Infinity));
      const between = least + dice.share() * (most - least);
      const value = dice.of([least, most, between]);
      return type === 'integer' ? Math.round(value) : value;
    }
    case 'string': {
      const most = Math.min(schema.maxLength ?? 1000, modest_length);
      const value = dice.of([dice.of(texts), 'happy', 'x'.repeat(most), 'One two. Three!']);
      return value.slice(0, most).padEnd(schema.minLength ?? 0, 'y');
    }
    case 'array': {
      const count = dice.of([schema.minItems ?? 0, Math.min(schema.maxItems ?? 3, 3)]);
      return Array.from({ length: count }, () => at(schema.items ?? {}));
    }
    case 'object': {
      const fields = Object.entries(schema.properties ?? {});
      const chosen = fields.filter(
        ([field]) => field in modest || schema.required?.includes(field) || dice.often(0.6),
      );
      return Object.fromEntries(
        chosen.map(([field, one]) => [field, fitting(dice, one, document, field, depth + 1)]),
      );
    }
    default:
      return depth > 3 ? null : dice.of(strays);
  }
}

/** The same, but for one thing. */
function broken(dice, value, schema) {
  const fields = Object.keys(schema.properties ?? {});
  const made = { ...value };
  const name = fields.length > 0 ? dice.of(fields) : 'x';
  const one = schema.properties?.[name] ?? {};
  const ways = [
    () => delete made[name],
    () => (made[name] = dice.of(strays)),
    () => (made[name] = dice.of(texts)),
    () => (made[dice.of(['unknown', '__proto__', '', 'ä'])] = dice.of(strays)),
    () => (made[name] = (one.maximum ?? 1e9) + 1),
    () => (made[name] = (one.minimum ?? -1e9) - 1),
    () => (made[name] = 'z'.repeat(Math.min((one.maxLength ?? 1000) + 1, 500_000))),
    () => (made[name] = Array((one.maxItems ?? 10) + 1).fill(0)),
  ];
  dice.of(ways)();
  return made;
}

function broken_text(dice, text) {
  return dice.of([
    () => Buffer.from(text.slice(0, -1)),
    () => Buffer.from(`${text}x`),
    () => Buffer.from('['.repeat(100_000)),
    () => Buffer.from('{"a":1e999,"a":-0,"width":1E400}'),
    () => Buffer.from([0xff, 0xfe, 0x7b, 0x7d]),
    () => Buffer.from(`{"text":"${'\\ud800'}","prompt":"\\u0000"}`),
    () => Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
    () => Buffer.from('\ufeff{}'),
    () => Buffer.from('null'),
    () => Buffer.from('[]'),
    () => Buffer.alloc(0),
    () => Buffer.from('9'.repeat(5000)),
  ])();
}

const files = (() => {
  const wav = Buffer.alloc(44 + 8000);
  wav.write('RIFF');
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  [1, 1].forEach((one, i) => wav.writeUInt16LE(one, 20 + 2 * i));
  [8000, 16_000].forEach((one, i) => wav.writeUInt32LE(one, 24 + 4 * i));
  [2, 16].forEach((one, i) => wav.writeUInt16LE(one, 32 + 2 * i));
  wav.write('data', 36);
  wav.writeUInt32LE(8000, 40);
  for (let i = 44; i < wav.length; i += 2) wav.writeInt16LE(Math.round(9000 * Math.sin(i)), i);
  const glb = Buffer.from('glTF\x02\0\0\0\x20\0\0\0\x0c\0\0\0JSON{"asset":1 }', 'latin1');
  return [
    wav,
    wav,
    wav.subarray(0, 50),
    glb,
    Buffer.alloc(0),
    Buffer.from('#EXTM3U\nfile:///etc/passwd'),
  ];
})();

function form_of(dice, schema) {
  const fields = Object.entries(schema.properties ?? {});
  const parts = fields
    .filter(([name]) => name === 'audio_file' || name in modest || dice.often(0.5))
    .map(([name, one]) => {
      const file = one.format === 'binary';
      const content = file
        ? dice.of(files)
        : Buffer.from(name in modest ? dice.of(['64', '96', '5000', '']) : dice.of(texts));
      const head = `--b\r\nContent-Disposition: form-data; name="${name}"${file ? '; filename="a"' : ''}`;
      return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), content, Buffer.from('\r\n')]);
    });
  return Buffer.concat([...parts, Buffer.from(dice.often(0.9) ? '--b--\r\n' : '')]);
}

const odd_headers = [
  ...[
    ['if-match', '*'],
    ['if-match', '"1", W/"2'],
    ['content-range', 'bytes 5-1/3'],
  ],
  ...[
    ['content-range', 'bytes 0-3/4'],
    ['range', 'bytes=9999999999-'],
    ['accept', 'x/y'],
  ],
  ...[
    ['idempotency-key', 'x'.repeat(300)],
    ['idempotency-key', 'again'],
    ['if-none-match', '*'],
  ],
  ...[
    ['content-type', 'text/plain'],
    ['content-type', 'multipart/form-data'],
    ['origin', 'null'],
  ],
  ...[
    ['content-type', 'multipart/form-data; boundary=other'],
    ['traceparent', '00-zz-1-1'],
  ],
  ...[
    ['authorization', 'Bearer a.b.c'],
    ['x-api-key', '\u00e9'],
    ['sec-fetch-site', 'none'],
  ],
];

let service, client, ids;

const operations = () =>
  Object.entries(client.document.paths).flatMap(([template, verbs]) =>
    Object.entries(verbs).map(([verb, operation]) => ({ template, verb, operation })),
  );

const succeeded = ({ answered }) =>
  new Set([...answered].filter((one) => / 2/.test(one)).map((one) => one.split(' ')[0])).size;

/** Request number `number`. */
function requestOf(number) {
  const dice = new Dice(number);
  const { document } = client;
  const { template, verb, operation } = dice.of(operations());
  const given = new Map();
  const path = template.replace(/\{(\w+)\}/g, (_, name) => {
    const known = ids[name] ?? ids.avatar_id;
    const odd = ['x'.repeat(300), '%ZZ', '%2e%2e%2f', '..', 'none', '%00', '0', '%F0%9F%99%82'];
    const value = dice.often(0.7) ? encodeURIComponent(dice.of(known)) : dice.of(odd);
    given.set(name, value);
    return value;
  });
  const query = (operation.parameters ?? [])
    .filter((one) => one.in === 'query' && (one.required || dice.often(0.6)))
    .map((one) => {
      const fits = dice.often(0.7);
      const value = fits ? fitting(dice, one.schema, document, one.name) : dice.of(texts);
      return `${one.name}=${encodeURIComponent(`${value}`.toWellFormed())}`;
    });
  if (dice.often(0.1)) query.push('unknown=1', query[0] ?? '&=&');
  const headers = dice.often(0.25) ? Object.fromEntries([dice.of(odd_headers)]) : {};
  const content = operation.requestBody?.content ?? {};
  const schema = content['application/json']?.schema;
  let body;
  if (schema) {
    const value = fitting(dice, schema, document);
    if (operation.operationId === 'createJob') value.body = { width: 64, height: 64, frames: 1 };
    const text = JSON.stringify(dice.often(0.6) ? value : broken(dice, value, schema));
    body = dice.often(0.85) ? Buffer.from(text) : broken_text(dice, text);
    headers['content-type'] ??= 'application/json';
  } else if (content['multipart/form-data']) {
    body = form_of(dice, content['multipart/form-data'].schema);
    headers['content-type'] ??= 'multipart/form-data; boundary=b';
  } else if (operation.requestBody) {
    body = dice.of(files);
  }
  const method = (dice.often(0.97) ? verb : dice.of(['get', 'put', 'delete'])).toUpperCase();
  const address = path + (query.length > 0 ? `?${query.join('&')}` : '');
  return { method, path: address, options: { headers, body } };
}

before(async () => {
  service = await startService({ MAX_TTS_TIME: '20', MAX_RENDER_TIME: '20', MAX_JOBS: '5' });
  client = await new Client(service.port).open();
  const made = async (path, json) => (await send(service.port, 'POST', path, { json })).json;
  ids = { avatar_id: ['default', 'anna', 'Грета'], voice_id: ['x'], path: ['index.html', 'x'] };
  const list = async (name, make) => {
    ids[name] = [];
    for (let i = 0; i < 6; ++i) ids[name].push(await make(i));
  };
  await list('session_id', async () => (await made(`${api}/session`, {})).session_id);
  await list('preset_id', async (i) => (await made(`${api}/presets`, { name: `p${i}` })).preset_id);
  await list('asset_id', async () => (await made(`${api}/assets/upload?name=a.bin`)).asset_id);
  const spoken = await made(`${api}/lipsync`, { text: 'One.' });
  ids.audio_id = [spoken.audio_id];
  const drawn = await made(`${api}/render`, { width: 64, height: 64 });
  ids.name = [spoken.audio_url, drawn.frame_url].map((url) => url.split('/').pop());
  const job = await made('/api/v1/jobs', { operation: 'render', body: { width: 64, height: 64 } });
  ids.job_id = [job.job_id];
});
after(() => service.stop('SIGKILL'));

it('ignores what a call’s body does not have', async () => {
  const body = '{"width": 1e400, "quality": 7, "resolution": 64}';
  const answer = await send(service.port, 'POST', `${api}/default/snapshot`, { body });
  assert.equal(answer.status, 200);
});

it(`answers ${amount} requests as the document has it (seed ${seed})`, async (test) => {
  const settings = { resolution: 64, quality: 'fast', fps: 30 };
  const faults = [];
  const statuses = {};
  let next = 0;
  const ask = async () => {
    for (let number = next++; number < amount; number = next++) {
      const { method, path, options } = requestOf(number);
      const what = `${number}: ${method} ${path} ${options.body?.toString().slice(0, 200) ?? ''}`;
      try {
        const answer = await Promise.race([
          send(service.port, method, path, options),
          sleep(patience_ms, undefined, { ref: false }).then(() => {
            throw new Error('it never answered');
          }),
        ]);
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        if (answer.status === 500) throw new Error(answer.body.toString());
        const is_known = client.operationOf(method.toLowerCase(), path);
        if (is_known) client.check(method, path, answer);
      } catch (error) {
        faults.push(`${what}\n  ${error.message}`);
      }
      if (path.startsWith(`${api}/config`) && method === 'PUT') {
        await send(service.port, 'PUT', `${api}/config`, { json: settings });
      }
    }
  };
  await Promise.all(Array.from({ length: at_once }, ask));
  test.diagnostic(`answers by status: ${JSON.stringify(statuses)}`);
  test.diagnostic(`operations with a success: ${succeeded(client)} of ${operations().length}`);
  // Else it would be refusals alone that were tried.
  if (amount >= 500) assert.ok(succeeded(client) > operations().length / 2);
  assert.deepEqual(faults, [], `${faults.length} faults:\n${faults.slice(0, 20).join('\n')}`);
  assert.deepEqual(
    service.log.filter((line) => line.includes('"a request failed"')),
    [],
  );
  assert.equal((await client.get('/health')).status, 200);
});
