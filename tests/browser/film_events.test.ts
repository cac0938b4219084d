// What is said in a film, by boxes that come in pieces of any length.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FilmEvents } from '../../web/vivavox/src/film_events.js';

const timeline = (text: string) => ({
  text,
  voice: 'espeak:en-us',
  language: 'en-us',
  sample_rate_hz: 22050,
  duration_s: 0.5,
  timing: 'exact',
  words: [],
  phones: [],
});

function box(type: string, content: Uint8Array): Uint8Array {
  const made = new Uint8Array(8 + content.length);
  new DataView(made.buffer).setUint32(0, made.length);
  made.set(new TextEncoder().encode(type), 4);
  made.set(content, 8);
  return made;
}

function message(scheme: string, at_s: number, data: unknown): Uint8Array {
  const head = new DataView(new ArrayBuffer(24));
  head.setUint8(0, 1);
  head.setUint32(4, 48000);
  head.setBigUint64(8, BigInt(Math.round(at_s * 48000)));
  const text = new TextEncoder().encode(`${scheme}\0\0${JSON.stringify(data)}`);
  return box('emsg', new Uint8Array([...new Uint8Array(head.buffer), ...text]));
}

const said = (text: string, text_offset: number) => ({
  text_offset,
  timeline: timeline(text),
  visemes: [['PP', 0, 0.1]],
});

const film = new Uint8Array([
  ...box('moov', new Uint8Array(40)),
  ...message('urn:vivavox:spoken', 0.25, said('Grün 🙂', 0)),
  ...box('moof', new Uint8Array(9)),
  ...message('urn:somebody', 1, {}),
  ...box('mdat', new Uint8Array(300)),
  ...message('urn:vivavox:spoken', 0.75, said('ja?', 9)),
  ...box('moof', new Uint8Array()),
]);

test('messages are found whatever pieces they come in', () => {
  for (let size = 1; size <= film.length; size++) {
    const events = new FilmEvents();
    const found = [];
    for (let at = 0; at < film.length; at += size) {
      found.push(...events.add(film.subarray(at, at + size)));
    }
    assert.deepEqual(
      found.map(({ at_s, textOffset, timeline: { text } }) => [at_s.toFixed(4), textOffset, text]),
      [
        ['0.2500', 0, 'Grün 🙂'],
        ['0.7500', 9, 'ja?'],
      ],
    );
    assert.deepEqual(found[0]?.visemes, [{ viseme: 'PP', start_s: 0, end_s: 0.1 }]);
  }
});
