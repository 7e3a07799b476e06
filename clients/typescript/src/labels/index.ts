import type { PresenceEntry } from "../contract.js";

/** What a reader tells apart at a glance. Graph's tokens are an open set: new ones are `unknown`. */
export type PresenceState =
  "available" | "busy" | "doNotDisturb" | "beRightBack" | "away" | "outOfOffice" | "offline" | "unknown";

const labels: Record<PresenceState, string> = {
  available: "Available",
  busy: "Busy",
  doNotDisturb: "Do not disturb",
  beRightBack: "Be right back",
  away: "Away",
  outOfOffice: "Out of office",
  offline: "Offline",
  unknown: "Status unknown",
};

const stateOfAvailability: Record<string, PresenceState> = {
  available: "available",
  availableidle: "available",
  busy: "busy",
  busyidle: "busy",
  inacall: "busy",
  inameeting: "busy",
  donotdisturb: "doNotDisturb",
  presenting: "doNotDisturb",
  focusing: "doNotDisturb",
  berightback: "beRightBack",
  away: "away",
  offline: "offline",
};

export function presenceState(entry: PresenceEntry | undefined): PresenceState {
  if (!entry || entry.freshness === "unknown") {
    return "unknown";
  }
  if (entry.activity.toLowerCase() === "outofoffice") {
    return "outOfOffice";
  }
  return Object.hasOwn(stateOfAvailability, entry.availability.toLowerCase())
    ? (stateOfAvailability[entry.availability.toLowerCase()] ?? "unknown")
    : "unknown";
}

export function stateLabel(state: PresenceState, locale?: string): string {
  return (locale === undefined ? undefined : registered.get(locale.toLowerCase())?.[state]) ?? labels[state];
}

export function presenceLabel(entry: PresenceEntry | undefined, locale?: string): string {
  const state = presenceState(entry);
  const label = stateLabel(state, locale);
  const activity = entry && state !== "unknown" ? spaced(entry.activity) : "";
  const words = activity === "" || activity === label.toLowerCase() ? label : `${label}, ${activity}`;
  return entry?.freshness === "stale" ? `${words} (not confirmed)` : words;
}

const registered = new Map<string, Partial<Record<PresenceState, string>>>();

export function registerLabels(locale: string, translations: Partial<Record<PresenceState, string>>): void {
  if (registered.size < 100) {
    registered.set(locale.toLowerCase(), translations);
  }
}

function spaced(token: string): string {
  return token.replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, " ").toLowerCase();
}
