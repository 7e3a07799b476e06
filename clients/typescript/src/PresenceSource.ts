import type { ConnectionStatus } from "./ConnectionStatus.js";
import type { PresenceEntry } from "./contract.js";
import type { PresenceEvents } from "./PresenceEvents.js";
import type { PresenceWatch } from "./PresenceWatch.js";

/**
 * What a page needs of a client to show presence. `PresenceClient` and `SharedPresenceClient` implement it, and an
 * application can bring its own.
 */
export interface PresenceSource {
  /** The latest entry of each watched subject, by lower-case id. It stays during an outage, marked `stale`. */
  readonly entries: ReadonlyMap<string, PresenceEntry>;
  readonly status: ConnectionStatus;
  /** Returns the function that removes the listener. */
  on<Name extends keyof PresenceEvents>(name: Name, listener: (value: PresenceEvents[Name]) => void): () => void;
  /** Starts connecting, and resolves at the first connection. A second call joins the first one. */
  connect(): Promise<void>;
  /**
   * Watches subjects until the returned watch is disposed.
   * @param callback Receives each new entry of these ids. An entry that is known already comes in a microtask.
   */
  watch(ids: Iterable<string>, callback?: (entry: PresenceEntry) => void): PresenceWatch;
  /** Reads once, without watching. Fails while disconnected. Ids that may not be seen are left out. */
  get(ids: Iterable<string>): Promise<PresenceEntry[]>;
  /** Ends the connection and every wait. */
  stop(): Promise<void>;
}
