import type { PresenceEntry } from "./contract.js";

/**
 * Changes as an async iterable. It holds at most one entry of each watched subject: a slow reader gets the latest entry
 * of each subject, never a backlog.
 */
export class ChangeStream implements AsyncIterableIterator<PresenceEntry> {
  private readonly pending = new Map<string, PresenceEntry>();
  private readonly readers: ((result: IteratorResult<PresenceEntry>) => void)[] = [];
  private ended = false;

  constructor(private readonly onReturn: () => void) {}

  push(entry: PresenceEntry): void {
    const reader = this.readers.shift();
    if (reader) {
      reader({ done: false, value: entry });
    } else if (!this.ended) {
      this.pending.set(entry.id, entry);
    }
  }

  forget(id: string): void {
    this.pending.delete(id);
  }

  /** Takes no further change; pending ones can still be read. */
  end(): void {
    this.ended = true;
    for (const reader of this.readers.splice(0)) {
      reader({ done: true, value: undefined });
    }
  }

  next(): Promise<IteratorResult<PresenceEntry>> {
    for (const [id, entry] of this.pending) {
      this.pending.delete(id);
      return Promise.resolve({ done: false, value: entry });
    }
    if (this.ended) {
      return Promise.resolve({ done: true, value: undefined });
    }
    return new Promise((resolve) => this.readers.push(resolve));
  }

  return(): Promise<IteratorResult<PresenceEntry>> {
    this.pending.clear();
    this.end();
    this.onReturn();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
