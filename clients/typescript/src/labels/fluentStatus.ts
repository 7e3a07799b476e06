import type { PresenceEntry } from "../contract.js";
import { availabilityState, isOutOfOffice, type PresenceState } from "./PresenceState.js";

/** The values of `status` of Fluent UI v9's `PresenceBadge` that presence can have. */
export type PresenceBadgeStatus =
  "available" | "away" | "busy" | "do-not-disturb" | "offline" | "out-of-office" | "unknown";

const badges: Readonly<Record<PresenceState, PresenceBadgeStatus>> = {
  available: "available",
  busy: "busy",
  doNotDisturb: "do-not-disturb",
  beRightBack: "away",
  away: "away",
  outOfOffice: "out-of-office",
  offline: "offline",
  unknown: "unknown",
};

/**
 * The properties of Fluent UI v9's `PresenceBadge`: `<PresenceBadge {...fluentStatus(entry)} />`. The badge has no
 * form for a stale entry; show its `freshness` otherwise.
 */
export function fluentStatus(entry: PresenceEntry | undefined): { status: PresenceBadgeStatus; outOfOffice: boolean } {
  const outOfOffice = isOutOfOffice(entry);
  const state = availabilityState(entry);
  // The badge combines being out of office with any other status.
  return { status: badges[outOfOffice && state === "unknown" ? "outOfOffice" : state], outOfOffice };
}
