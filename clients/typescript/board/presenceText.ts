import type { PresenceEntry } from "../src/index.js";

/** The few states a reader tells apart at a glance. Graph's tokens are an open set: what is new shows as unknown. */
export const presenceStates = [
  "available",
  "busy",
  "doNotDisturb",
  "beRightBack",
  "away",
  "offline",
  "unknown",
] as const;

export type PresenceState = (typeof presenceStates)[number];

export const stateLabels: Record<PresenceState, string> = {
  available: "Available",
  busy: "Busy",
  doNotDisturb: "Do not disturb",
  beRightBack: "Be right back",
  away: "Away",
  offline: "Offline",
  unknown: "Unknown",
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

const activityWords: Record<string, string> = {
  berightback: "Be right back",
  donotdisturb: "Do not disturb",
  inacall: "In a call",
  inaconferencecall: "In a conference call",
  inameeting: "In a meeting",
  offwork: "Off work",
  outofoffice: "Out of office",
  presenceunknown: "",
  urgentinterruptionsonly: "Urgent interruptions only",
};

export function stateOf(entry: PresenceEntry | undefined): PresenceState {
  if (!entry || entry.freshness === "unknown") {
    return "unknown";
  }
  return stateOfAvailability[entry.availability.toLowerCase()] ?? "unknown";
}

/** The activity in plain words; empty when it says no more than the state does. */
export function describeActivity(entry: PresenceEntry): string {
  const token = entry.activity.toLowerCase();
  const words = activityWords[token] ?? spaced(entry.activity);
  return token === entry.availability.toLowerCase() || words === stateLabels[stateOf(entry)] ? "" : words;
}

function spaced(token: string): string {
  const words = token.replace(/(?<=[a-z0-9])(?=[A-Z])/g, " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const weekdayTime = new Intl.DateTimeFormat(undefined, { weekday: "short", hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

const dayMs = 24 * 60 * 60 * 1000;

/** As short as it stays unambiguous: the time today, with the weekday within a week, else the date. */
export function describeInstant(iso: string, now: Date): string {
  const instant = new Date(iso);
  if (instant.toDateString() === now.toDateString()) {
    return time.format(instant);
  }
  const age = now.getTime() - instant.getTime();
  return (age < 6 * dayMs ? weekdayTime : day).format(instant);
}

export function describeInstantFully(iso: string): string {
  return full.format(new Date(iso));
}
