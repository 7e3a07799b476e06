import type { IHttpConnectionOptions, IHubProtocol } from "@microsoft/signalr";
import type { HubLink } from "./HubLink.js";
import type { Timers } from "./Timers.js";

export interface TokenRequest {
  /** The hub has refused the last token, or the token has expired: bypass the cache. */
  readonly refresh: boolean;
}

export type AccessTokenFactory = (request: TokenRequest) => string | Promise<string>;

export interface PresenceClientOptions {
  /** The hub, for instance `https://presence.example.com/hubs/presence`; in browsers it may be relative to the page. */
  readonly url: string;
  /** Returns the access token for each connection attempt. */
  readonly accessTokenFactory: AccessTokenFactory;
  /** For instance `new MessagePackHubProtocol()`; JSON when absent. */
  readonly protocol?: IHubProtocol;
  /** Passed to SignalR: headers, transport and so on. */
  readonly http?: Omit<IHttpConnectionOptions, "accessTokenFactory">;

  /** Upper bound of the first reconnect delay; doubles with each failure. Default 1 s. */
  readonly reconnectBaseMs?: number;
  /** Upper bound of every reconnect delay. Default 30 s. */
  readonly reconnectCapMs?: number;
  /** A connection attempt that takes longer is given up. Default 30 s. */
  readonly connectTimeoutMs?: number;
  /** Time after a loss until live entries that were not confirmed again turn `stale`. Default 10 s. */
  readonly staleAfterDisconnectMs?: number;
  /**
   * Ids per hub call. Default 1,000, as the hub's own limit. A hub with a lower limit names it, and the client keeps to
   * it.
   */
  readonly maxIdsPerCall?: number;

  /**
   * Whether the client keeps its connection while the page is hidden (default) or pauses. Hidden means that no part of
   * the page can be seen, such as a tab in the background. Without a document it never pauses.
   */
  readonly whenHidden?: "keep" | "pause";
  /** How long the page must be hidden before the client pauses. Default 60 s; browsers may add up to a minute. */
  readonly pauseAfterMs?: number;

  /**
   * Takes one line for each lasting problem, which says what to do; false for none. Default `console.warn`. The same
   * problem is said once, until a connection has held.
   */
  readonly log?: false | ((message: string) => void);

  /** For tests: a number in [0, 1). */
  readonly random?: () => number;
  /** For tests. */
  readonly timers?: Timers;
  /** For tests: a new, not yet started connection. */
  readonly createLink?: (refreshToken: boolean) => HubLink;
}

export const defaults = {
  reconnectBaseMs: 1_000,
  reconnectCapMs: 30_000,
  connectTimeoutMs: 30_000,
  staleAfterDisconnectMs: 10_000,
  maxIdsPerCall: 1_000,
  pauseAfterMs: 60_000,
  settledAfterMs: 5_000,
};
