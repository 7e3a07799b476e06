import type { ConnectionStatus } from "./ConnectionStatus.js";
import type { DrainNotice, PresenceEntry, RejectedSubject } from "./contract.js";
import type { PresenceError } from "./PresenceError.js";

/** What a client reports, by the name of the event. */
export interface PresenceEvents {
  /** Entries that are new, changed, or have another freshness. */
  entriesChanged: readonly PresenceEntry[];
  connectionStateChanged: ConnectionStatus;
  /** These are not watched, and have left `entries`. */
  rejected: readonly RejectedSubject[];
  /** These may no longer be seen, and have left `entries`. */
  revoked: readonly string[];
  /** The node is going away; the client reconnects by itself. */
  draining: DrainNotice;
  /** A hub call failed. The client repeats it when it is `retriable`. */
  callFailed: PresenceError;
}
