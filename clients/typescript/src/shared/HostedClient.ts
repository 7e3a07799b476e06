import { PresenceClient } from "../PresenceClient.js";
import type { AccessTokenFactory } from "../PresenceClientOptions.js";
import type { PresenceSource } from "../PresenceSource.js";

/** The client that has the one connection of a browser. */
export interface HostedClient extends PresenceSource {
  unwatch(ids: Iterable<string>): void;
  /** Closes the connection and keeps the entries, until `resume`. */
  pause?(): void;
  resume?(): void;
}

export type CreateHostedClient = (url: string, accessTokenFactory: AccessTokenFactory) => HostedClient;

/** The tabs say what is wrong, and the host pauses when all of them are hidden. */
const hostOptions = { log: false, whenHidden: "keep" } as const;

export const createHostedClient: CreateHostedClient = (url, accessTokenFactory) =>
  new PresenceClient({ ...hostOptions, url, accessTokenFactory });
