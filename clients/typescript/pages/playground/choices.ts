import type { PresenceEntry } from "../../src/index.js";

/** A presence to choose for a person. */
export interface Choice {
  readonly label: string;
  readonly availability: string;
  readonly activity: string;
}

export const choices: readonly Choice[] = [
  { label: "available", availability: "Available", activity: "Available" },
  { label: "busy, in a call", availability: "Busy", activity: "InACall" },
  { label: "do not disturb, presenting", availability: "DoNotDisturb", activity: "Presenting" },
  { label: "be right back", availability: "BeRightBack", activity: "BeRightBack" },
  { label: "away", availability: "Away", activity: "Away" },
  { label: "offline", availability: "Offline", activity: "Offline" },
];

/** The choice as an entry, for drawing it. */
export function entryOf({ availability, activity }: Choice): PresenceEntry {
  const at = "2000-01-01T00:00:00.000Z";
  return { id: "", availability, activity, freshness: "live", since: at, observedAt: at, epoch: 0, revision: 1 };
}
