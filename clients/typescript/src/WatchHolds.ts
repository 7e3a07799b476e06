import type { PresenceEntry } from "./contract.js";
import type { WatchCallback } from "./WatchCallback.js";

/** One subject and the `watch` calls that hold it. A subject that left the list and came back has another object. */
export interface Hold {
  readonly id: string;
  count: number;
  readonly callbacks: Set<WatchCallback>;
}

/** Which `watch` calls hold each subject. Bounded by the watch list. */
export class WatchHolds {
  private readonly holds = new Map<string, Hold>();

  take(ids: readonly string[], callback?: WatchCallback): Hold[] {
    return ids.map((id) => {
      const hold = this.holds.get(id) ?? { id, count: 0, callbacks: new Set() };
      hold.count++;
      if (callback) {
        hold.callbacks.add(callback);
      }
      this.holds.set(id, hold);
      return hold;
    });
  }

  /**
   * Ends the holds of one call and empties the list: a call that the hub has refused may be disposed too, and a second
   * release must not end the hold of another call. Returns the ids that no call holds any more.
   */
  release(holds: Hold[], callback?: WatchCallback): string[] {
    const ended: string[] = [];
    for (const hold of holds.splice(0)) {
      if (callback) {
        hold.callbacks.delete(callback);
      }
      if (this.holds.get(hold.id) === hold && --hold.count === 0) {
        this.forget(hold.id);
        ended.push(hold.id);
      }
    }
    return ended;
  }

  /** Ends one hold of each id, whichever call took it. */
  releaseIds(ids: readonly string[]): string[] {
    return this.release(ids.map((id) => this.holds.get(id)).filter((hold) => hold !== undefined));
  }

  /** Calls back for each entry whose subject is held with a callback. The cost does not grow with other subjects. */
  tell(entries: readonly PresenceEntry[]): void {
    for (const entry of entries) {
      const callbacks = this.holds.get(entry.id)?.callbacks;
      // A callback may add or end watches: it decides who is called next, but no new one is called for this entry.
      for (const callback of [...(callbacks ?? [])]) {
        if (callbacks?.has(callback)) {
          callback.call(entry);
        }
      }
    }
  }

  /** The hub does not watch the subject any more: no call holds it. */
  forget(id: string): void {
    this.holds.get(id)?.callbacks.clear();
    this.holds.delete(id);
  }
}
