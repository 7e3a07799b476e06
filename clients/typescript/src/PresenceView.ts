import { ChangeStream } from "./ChangeStream.js";
import type { PresenceEntry } from "./contract.js";

/** The latest entry of each watched subject, and the streams of its changes. */
export class PresenceView {
  private readonly held = new Map<string, PresenceEntry>();
  private readonly streams = new Set<ChangeStream>();

  get entries(): ReadonlyMap<string, PresenceEntry> {
    return this.held;
  }

  /** The changes from now on. */
  openStream(): ChangeStream {
    const stream = new ChangeStream(() => this.streams.delete(stream));
    this.streams.add(stream);
    return stream;
  }

  endStreams(): void {
    this.streams.forEach((stream) => stream.end());
    this.streams.clear();
  }

  /**
   * Keeps the entry unless a newer one is held. An equal one replaces the held entry, since its freshness may differ.
   * Returns the entry that is now held; undefined when nothing changed.
   */
  merge(entry: PresenceEntry): PresenceEntry | undefined {
    const held = this.held.get(entry.id);
    if (held && isOlder(entry, held)) {
      return undefined;
    }
    if (held && held.freshness !== "unknown" && entry.freshness === "unknown" && entry.revision === 0) {
      // An entry that was never observed says nothing about the subject: the hub has lost its data, and the node that
      // sent the entry did not hold the subject before.
      return this.put({ ...held, freshness: "stale", epoch: entry.epoch, revision: entry.revision });
    }
    const known = ["live", "stale", "unknown"].includes(entry.freshness);
    return this.put(known ? entry : { ...entry, freshness: "stale" });
  }

  /** Whether the view holds nothing of the subject, or an older entry. */
  isBehind(entry: PresenceEntry): boolean {
    const held = this.held.get(entry.id);
    return held === undefined || isOlder(held, entry);
  }

  /**
   * Marks a subject live that an answer left out as unchanged. An entry that the hub has lost stays stale: a node that
   * does not know of the loss yet leaves it out too.
   */
  markLive(id: string): PresenceEntry | undefined {
    const held = this.held.get(id);
    return held?.freshness === "stale" && held.revision > 0 ? this.put({ ...held, freshness: "live" }) : undefined;
  }

  /** The order of the entry stays, so that the hub's own entry replaces it. */
  markStale(id: string): PresenceEntry | undefined {
    const held = this.held.get(id);
    return held?.freshness === "live" ? this.put({ ...held, freshness: "stale" }) : undefined;
  }

  remove(id: string): void {
    this.held.delete(id);
    this.streams.forEach((stream) => stream.forget(id));
  }

  private put(entry: PresenceEntry): PresenceEntry {
    this.held.set(entry.id, entry);
    this.streams.forEach((stream) => stream.push(entry));
    return entry;
  }
}

function isOlder(entry: PresenceEntry, held: PresenceEntry): boolean {
  return entry.epoch !== held.epoch ? entry.epoch < held.epoch : entry.revision < held.revision;
}
