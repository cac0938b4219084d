import assert from 'node:assert/strict';

/** A clause that carries its own stretch of the text, as the native engine prints it. */
export function withWholeText(json, offset, whole) {
  const own = JSON.parse(json).text;
  assert.equal(whole.slice(offset, offset + own.length), own);
  return json
    .replace(`{"text":${JSON.stringify(own)}`, `{"text":${JSON.stringify(whole)}`)
    .replace(
      /"begin":(\d+),"end":(\d+)/g,
      (_, begin, end) => `"begin":${Number(begin) + offset},"end":${Number(end) + offset}`,
    );
}
