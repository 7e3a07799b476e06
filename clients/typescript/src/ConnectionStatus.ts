import type { PresenceError } from "./PresenceError.js";

/**
 * `idle`: not asked to connect yet. `connecting`: never connected so far, and trying. `connected`: the hub is there.
 * `reconnecting`: it was there, and the client is trying. `stopped`: `stop()` was called.
 */
export type ConnectionState = "idle" | "connecting" | "connected" | "reconnecting" | "stopped";

export interface ConnectionStatus {
  readonly state: ConnectionState;
  /** Failed attempts in a row. */
  readonly attempt: number;
  /** How long the client waits until it tries again; absent while it tries. */
  readonly retryInMs?: number;
  /**
   * Why there is no connection; absent while there is one. `unauthorized` and `tokenExpired` need another token,
   * `invalidRequest` another address, and `limitExceeded` that the user closes another connection: these are tried again
   * once a minute. Everything else heals by waiting.
   */
  readonly error?: PresenceError;
}
