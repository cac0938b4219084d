// What handlers read of a request, against what the document declares: one that is read
// under another name or type would always be missing, unnoticed.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';

const folder = 'server/service';
const document = JSON.parse(readFileSync('shared/openapi.json', 'utf8'));

/** The types under which each reading function finds a field. */
const types = {
  text: ['string'],
  whole: ['integer'],
  number: ['integer', 'number'],
  flag: ['boolean'],
  list: ['array'],
  object: ['object'],
};

const typesOf = (schema) => [schema.type ?? [], ...(schema.anyOf ?? []).map(typesOf)].flat(3);

/** name → the types it is declared with, wherever. */
function declared() {
  const fields = { body: new Map(), query: new Map() };
  const add = (where, name, schema) => {
    const known = fields[where].get(name) ?? [];
    fields[where].set(name, [...known, ...typesOf(schema)]);
  };
  for (const operation of Object.values(document.paths).flatMap((one) => Object.values(one))) {
    for (const parameter of operation.parameters ?? []) {
      if (parameter.in === 'query') add('query', parameter.name, parameter.schema);
    }
    const schema = operation.requestBody?.content['application/json']?.schema ?? {};
    const whole = schema.$ref ? document.components.schemas[schema.$ref.split('/').pop()] : schema;
    for (const [name, one] of Object.entries(whole.properties ?? {})) add('body', name, one);
  }
  return fields;
}

it('every field that a handler reads is declared, and as the type that it is read as', () => {
  const fields = declared();
  let count = 0;
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.cpp'))) {
    const source = readFileSync(join(folder, name), 'utf8');
    const reads = source.matchAll(
      /\b(?:call\.)?(body|query)\.(text|whole|number|flag|list|object|any)\(\s*"(\w+)"/g,
    );
    for (const [read, where, as, field] of reads) {
      ++count;
      const known = fields[where].get(field);
      assert.ok(known, `${name}: ${read} is declared nowhere`);
      if (as === 'any') continue;
      assert.ok(
        types[as].some((type) => known.includes(type)),
        `${name}: ${read} is declared as ${known}`,
      );
    }
  }
  assert.ok(count > 50, `only ${count} reads were found`);
});

it('no handler reads a request otherwise', () => {
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.cpp'))) {
    const source = readFileSync(join(folder, name), 'utf8');
    const [found] = source.match(/call\.(body|query)\.(at|if_contains|as_\w+)|params\b/) ?? [];
    assert.equal(found, undefined, `${name} reads ${found}`);
  }
});
