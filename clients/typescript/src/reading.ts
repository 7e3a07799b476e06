import { retryDelay } from "./backoff.js";
import type { PresenceEntry } from "./contract.js";
import type { HubLink } from "./HubLink.js";
import type { HubSession, SessionSettings } from "./HubSession.js";
import { fromHubError, PresenceError } from "./PresenceError.js";
import { pause } from "./Timers.js";

export interface OpenConnection {
  readonly link: HubLink;
  readonly session: HubSession;
}

const attempts = 4;

/** Reads in calls of the size that the hub takes, and repeats those that the hub is too busy for. */
export async function read(
  ids: readonly string[],
  settings: SessionSettings,
  connection: () => OpenConnection | undefined,
): Promise<PresenceEntry[]> {
  const entries: PresenceEntry[] = [];
  for (let start = 0; start < ids.length;) {
    const chunk = ids.slice(start, start + settings.limit.value);
    try {
      entries.push(...(await readChunk(chunk, settings, connection)));
      start += chunk.length;
    } catch (error) {
      // The loop repeats the call with fewer ids.
      if (!(error instanceof PresenceError && settings.limit.lower(error, chunk.length))) {
        throw error;
      }
    }
  }
  return entries;
}

async function readChunk(
  ids: readonly string[],
  settings: SessionSettings,
  connection: () => OpenConnection | undefined,
): Promise<readonly PresenceEntry[]> {
  for (let attempt = 0; ; attempt++) {
    const open = connection();
    if (!open) {
      throw new PresenceError("disconnected", "The client is not connected.");
    }
    const { link, session } = open;
    try {
      return (await link.invoke("Get", ids)) as PresenceEntry[];
    } catch (error) {
      const reason = session.signal.aborted
        ? new PresenceError("disconnected", "The connection was lost.")
        : fromHubError(error);
      if (reason.code !== "unavailable" || attempt + 1 === attempts) {
        throw reason;
      }
      const { backoff, random, timers } = settings;
      await pause(timers, retryDelay(backoff, attempt, random, reason.retryAfterMs), session.signal);
    }
  }
}
