import type { Timers } from "../Timers.js";

/** What one request may carry, by the hub's limit and by what servers and proxies take as an address. */
const maxKeys = 100;
const maxLength = 6_000;

/** A browser that parses a page creates its elements in several turns, some milliseconds apart. */
const collectMs = 10;

/** Collects the keys of one turn and of the next milliseconds, so that they share a request. */
export class KeyBatch {
  private keys: string[] = [];
  private scheduled = false;

  /** @param send Receives the keys, in parts of what one request may carry. */
  constructor(
    private readonly timers: Timers,
    private readonly send: (keys: readonly string[]) => void,
  ) {}

  add(key: string): void {
    this.keys.push(key);
    if (!this.scheduled) {
      this.scheduled = true;
      this.timers.setTimeout(() => this.flush(), collectMs);
    }
  }

  private flush(): void {
    this.scheduled = false;
    const keys = this.keys;
    this.keys = [];
    let part: string[] = [];
    let length = 0;
    for (const key of keys) {
      const added = encodeURIComponent(key).length + 1;
      if (part.length === maxKeys || (part.length > 0 && length + added > maxLength)) {
        this.send(part);
        part = [];
        length = 0;
      }
      part.push(key);
      length += added;
    }
    this.send(part);
  }
}
