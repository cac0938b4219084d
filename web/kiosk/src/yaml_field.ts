import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { KioskFileError } from './kiosk_file_error.js';

/** A place in a YAML text. It knows its line and path, so that whatever is wrong there can be told. */
export class YamlField {
  readonly path: string;
  readonly #node: unknown;
  readonly #lines: LineCounter;
  readonly #line: number;

  /** @throws KioskFileError where the text is no YAML */
  static ofText(text: string): YamlField {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const [error] = document.errors;
    if (error) throw new KioskFileError(lines.linePos(error.pos[0]).line, '', error.message);
    return new YamlField(document.contents, lines, '', 1);
  }

  private constructor(node: unknown, lines: LineCounter, path: string, parentLine: number) {
    this.path = path;
    this.#node = node;
    this.#lines = lines;
    this.#line = lineOf(node, lines) ?? parentLine;
  }

  /** @throws KioskFileError, always */
  fail(what: string, path = this.path): never {
    throw new KioskFileError(this.#line, path, what);
  }

  /** Whether it is one value, not a list and not a map. */
  get isText(): boolean {
    return isScalar(this.#node);
  }

  /** Its entries. @throws KioskFileError for a key that is none of those known */
  map<Key extends string>(known: readonly Key[]): YamlMap<Key> {
    if (!isMap(this.#node)) this.fail(`must have keys: ${known.join(', ')}.`);
    const entries = new Map<string, YamlField>();
    for (const { key, value } of this.#node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      const field = new YamlField(value, this.#lines, joined(this.path, name), this.#lineAt(key));
      if (!(known as readonly string[]).includes(name)) {
        throw new KioskFileError(
          this.#lineAt(key),
          this.path,
          `there is no key "${name}" here: the keys are ${known.join(', ')}.`,
        );
      }
      entries.set(name, field);
    }
    return new YamlMap<Key>(this, entries);
  }

  /** @throws KioskFileError for no list, or one of another length */
  list(least: number, most: number): YamlField[] {
    if (!isSeq(this.#node)) this.fail('must be a list: begin each entry with "- ".');
    const { items } = this.#node;
    if (items.length < least || items.length > most) {
      this.fail(`has ${items.length} entries: it must have ${least} to ${most}.`);
    }
    return items.map(
      (item, i) => new YamlField(item, this.#lines, `${this.path}[${i}]`, this.#line),
    );
  }

  /** @throws KioskFileError for what is no text, or an empty one */
  text(): string {
    const value = this.#value();
    if (typeof value !== 'string') this.fail('must be a text: put it in quotes.');
    if (value.trim() === '') this.fail('is empty: write a text, or leave the key out.');
    return value.trim();
  }

  /** @throws KioskFileError outside of the range */
  number(from: number, to: number): number {
    const value = this.#value();
    if (typeof value === 'number' && value >= from && value <= to) return value;
    return this.fail(`must be a number from ${from} to ${to}.`);
  }

  /** @throws KioskFileError for what is neither true nor false */
  flag(): boolean {
    const value = this.#value();
    return typeof value === 'boolean' ? value : this.fail('must be true or false.');
  }

  /** @throws KioskFileError for what is none of the choices */
  choice<Choice extends string>(choices: readonly Choice[]): Choice {
    const value = this.#value();
    const chosen = choices.find((choice) => choice === value);
    return chosen ?? this.fail(`must be one of ${choices.join(', ')}.`);
  }

  #value(): unknown {
    return isScalar(this.#node) ? this.#node.value : null;
  }

  #lineAt(node: unknown): number {
    return lineOf(node, this.#lines) ?? this.#line;
  }
}

/** The entries of a map, by their keys. */
export class YamlMap<Key extends string> {
  readonly #field: YamlField;
  readonly #entries: ReadonlyMap<string, YamlField>;

  constructor(field: YamlField, entries: ReadonlyMap<string, YamlField>) {
    this.#field = field;
    this.#entries = entries;
  }

  /** What stands at a key; null where it is left out. */
  at(key: Key): YamlField | null {
    return this.#entries.get(key) ?? null;
  }

  /** @throws KioskFileError where it is left out */
  needed(key: Key): YamlField {
    return this.at(key) ?? this.#field.fail(`"${key}" is missing: add it.`);
  }
}

function joined(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function lineOf(node: unknown, lines: LineCounter): number | null {
  const range = (node as { range?: readonly number[] | null } | null)?.range;
  const begin = range?.[0];
  return begin === undefined ? null : lines.linePos(begin).line;
}
