import type { PresenceEntry } from "./contract.js";
import type { CallSettings, LinkSync } from "./LinkSync.js";
import { fromHubError, PresenceError } from "./PresenceError.js";
import { pause } from "./Timers.js";

const attempts = 4;

/** Reads subjects in calls of the size that the hub takes, and repeats a call that the hub answers `unavailable`. */
export async function read(
  ids: readonly string[],
  settings: CallSettings,
  connection: () => LinkSync | undefined,
): Promise<PresenceEntry[]> {
  const entries: PresenceEntry[] = [];
  for (let start = 0; start < ids.length;) {
    const chunk = ids.slice(start, start + settings.limit.value);
    try {
      entries.push(...(await readChunk(chunk, settings, connection)));
      start += chunk.length;
    } catch (error) {
      // The loop repeats the call with fewer ids.
      if (!(error instanceof PresenceError && settings.limit.tryLower(error, chunk.length))) {
        throw error;
      }
    }
  }
  return entries;
}

async function readChunk(
  ids: readonly string[],
  settings: CallSettings,
  connection: () => LinkSync | undefined,
): Promise<readonly PresenceEntry[]> {
  const backoff = settings.newBackoff();
  for (let attempt = 1; ; attempt++) {
    const sync = connection();
    if (!sync?.isOpen) {
      throw new PresenceError("disconnected", "The client is not connected.");
    }
    try {
      return (await sync.link.invoke("Get", ids)) as PresenceEntry[];
    } catch (error) {
      const reason = sync.signal.aborted
        ? new PresenceError("disconnected", "The connection was lost.")
        : fromHubError(error);
      if (reason.code !== "unavailable" || attempt === attempts) {
        throw reason;
      }
      await pause(settings.timers, backoff.next(reason.retryAfterMs), sync.signal);
    }
  }
}
