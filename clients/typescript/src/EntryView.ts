import type { PresenceEntry } from "./contract.js";

/** The newest entry of each subject. */
export class EntryView {
  private readonly held = new Map<string, PresenceEntry>();

  get entries(): ReadonlyMap<string, PresenceEntry> {
    return this.held;
  }

  /** Keeps the entry unless a newer one is held; an equal one replaces, since its freshness may differ. Returns what is now held. */
  merge(entry: PresenceEntry): PresenceEntry | undefined {
    const held = this.held.get(entry.id);
    if (held && isOlder(entry, held)) {
      return undefined;
    }
    if (held && held.freshness !== "unknown" && entry.freshness === "unknown" && entry.revision === 0) {
      // Never observed: the hub lost its data, and the node that says so did not know the person before. That says nothing about the person.
      return this.put({ ...held, freshness: "stale", epoch: entry.epoch, revision: entry.revision });
    }
    const known = ["live", "stale", "unknown"].includes(entry.freshness);
    return this.put(known ? entry : { ...entry, freshness: "stale" });
  }

  /** Whether nothing is held of the subject, or something older. */
  isBehind(entry: PresenceEntry): boolean {
    const held = this.held.get(entry.id);
    return held === undefined || isOlder(held, entry);
  }

  /** What is held was confirmed to be unchanged and live. What the hub lost stays stale: a node that does not know of it yet vouches for less. */
  restore(id: string): PresenceEntry | undefined {
    const held = this.held.get(id);
    return held?.freshness === "stale" && held.revision > 0 ? this.put({ ...held, freshness: "live" }) : undefined;
  }

  /** What is held can no longer be vouched for. Order stays, so that the hub's own entry replaces it. */
  degrade(id: string): PresenceEntry | undefined {
    const held = this.held.get(id);
    return held?.freshness === "live" ? this.put({ ...held, freshness: "stale" }) : undefined;
  }

  forget(id: string): void {
    this.held.delete(id);
  }

  private put(entry: PresenceEntry): PresenceEntry {
    this.held.set(entry.id, entry);
    return entry;
  }
}

function isOlder(entry: PresenceEntry, held: PresenceEntry): boolean {
  return entry.epoch !== held.epoch ? entry.epoch < held.epoch : entry.revision < held.revision;
}
