/** One thing that happened. */
export interface LogEntry {
  /** ISO 8601, UTC. */
  time: string;
  what: string;
}

const key = 'vivavox-kiosk-log';
const mostEntries = 200;
const longestEntry = 300;

/** What happened to this kiosk, the last 200 things of it; kept by the browser over restarts. */
export class Log {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** From the oldest to the newest. */
  entries(): LogEntry[] {
    try {
      const kept: unknown = JSON.parse(this.#storage.getItem(key) ?? '[]');
      return Array.isArray(kept) ? kept.filter(isEntry) : [];
    } catch {
      return [];
    }
  }

  /** Adds a line; the oldest go. */
  add(what: string): void {
    const entry = { time: new Date().toISOString(), what: what.slice(0, longestEntry) };
    const entries = [...this.entries(), entry].slice(-mostEntries);
    try {
      this.#storage.setItem(key, JSON.stringify(entries));
    } catch {
      // A full disk: a kiosk runs on without a log.
    }
  }
}

function isEntry(value: unknown): value is LogEntry {
  const entry = value as Partial<LogEntry> | null;
  return typeof entry?.time === 'string' && typeof entry.what === 'string';
}
