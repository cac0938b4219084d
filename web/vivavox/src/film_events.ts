import type { Timeline } from './timeline.js';
import type { TimedViseme, VisemeName } from './visemes.js';

/** The messages that say what is said: server/service/spoken_events.h. */
const spokenScheme = 'urn:vivavox:spoken';
/** A box's size and type. */
const head_bytes = 8;

/** What is said from a moment of a film on. */
export interface SpokenClause {
  /** After the film's first frame. */
  at_s: number;
  textOffset: number;
  timeline: Timeline;
  visemes: TimedViseme[];
}

interface SpokenMessage {
  text_offset: number;
  timeline: Timeline;
  visemes: [VisemeName, number, number][];
}

/** Finds what is said among the boxes of a fragmented MP4, which comes in pieces of any length. */
export class FilmEvents {
  /** Of a box that has not come whole: its head, or all of it where it is a message. */
  #held = new Uint8Array();
  /** What is left of a box that nobody reads. */
  #passing = 0;

  /** The clauses whose messages are whole with these bytes. */
  add(bytes: Uint8Array): SpokenClause[] {
    const clauses: SpokenClause[] = [];
    let rest = joined(this.#held, bytes);
    for (;;) {
      const skipped = Math.min(this.#passing, rest.length);
      this.#passing -= skipped;
      rest = rest.subarray(skipped);
      if (rest.length < head_bytes) break;
      const view = new DataView(rest.buffer, rest.byteOffset, rest.length);
      const size = view.getUint32(0);
      if (textAt(rest, 4, 4) !== 'emsg') {
        this.#passing = size;
        continue;
      }
      if (rest.length < size) break;
      const clause = clauseOf(rest.subarray(0, size));
      if (clause) clauses.push(clause);
      rest = rest.subarray(size);
    }
    this.#held = rest.slice();
    return clauses;
  }
}

/** An 'emsg' box, version 1 (ISO/IEC 23009-1, 5.10.3.3); null for somebody else's. */
function clauseOf(box: Uint8Array): SpokenClause | null {
  const view = new DataView(box.buffer, box.byteOffset, box.length);
  const timescale_hz = view.getUint32(12);
  const at = Number(view.getBigUint64(16));
  const scheme_begin = 32;
  const scheme_end = box.indexOf(0, scheme_begin);
  const value_end = box.indexOf(0, scheme_end + 1);
  if (textAt(box, scheme_begin, scheme_end - scheme_begin) !== spokenScheme) return null;
  const json = textAt(box, value_end + 1, box.length - value_end - 1);
  const { text_offset, timeline, visemes } = JSON.parse(json) as SpokenMessage;
  return {
    at_s: at / timescale_hz,
    textOffset: text_offset,
    timeline,
    visemes: visemes.map(([viseme, start_s, end_s]) => ({ viseme, start_s, end_s })),
  };
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return new TextDecoder().decode(bytes.subarray(at, at + length));
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
