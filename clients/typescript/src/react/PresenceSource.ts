import type { PresenceClient } from "../PresenceClient.js";

/** What the hooks need of a client. */
export type PresenceSource = Pick<PresenceClient, "watch" | "get" | "entries" | "status" | "on" | "connect" | "stop">;
