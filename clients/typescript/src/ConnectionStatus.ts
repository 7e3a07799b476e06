import type { PresenceError } from "./PresenceError.js";

/**
 * `idle`: `connect()` was not called yet. `connecting`: before the first connection. `connected`: the connection is
 * open. `reconnecting`: the connection was lost, and attempts go on. `paused`: there is no connection until `resume()`,
 * or until a hidden page is visible again. `stopped`: `stop()` was called, or the URL cannot be used.
 */
export type ConnectionState = "idle" | "connecting" | "connected" | "reconnecting" | "paused" | "stopped";

export interface ConnectionStatus {
  readonly state: ConnectionState;
  /** Failed attempts in a row. */
  readonly attempt: number;
  /** How long the client waits until it tries again; absent while it tries. */
  readonly retryInMs?: number;
  /**
   * Why there is no connection; absent while there is one. `unauthorized` and `tokenExpired` need another token,
   * `invalidRequest` another address, and `limitExceeded` that the user closes another connection: these are tried
   * again once a minute. All other errors pass by themselves.
   */
  readonly error?: PresenceError;
}
