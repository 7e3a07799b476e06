import type { PresenceEntry } from "../contract.js";

/** The few states that a reader distinguishes at a glance. Each has a colour and a shape of its own. */
export const presenceStates = [
  "available",
  "busy",
  "doNotDisturb",
  "beRightBack",
  "away",
  "outOfOffice",
  "offline",
  "unknown",
] as const;

export type PresenceState = (typeof presenceStates)[number];

// A map, since a token such as "constructor" would find a member of an object.
const states = new Map<string, PresenceState>([
  ["available", "available"],
  ["availableidle", "available"],
  ["busy", "busy"],
  ["busyidle", "busy"],
  ["inacall", "busy"],
  ["inameeting", "busy"],
  ["donotdisturb", "doNotDisturb"],
  ["presenting", "doNotDisturb"],
  ["focusing", "doNotDisturb"],
  ["berightback", "beRightBack"],
  ["away", "away"],
  ["outofoffice", "outOfOffice"],
  ["offline", "offline"],
]);

/**
 * The state to show. Graph's tokens are an open set: an availability that is not known here is `unknown`, and so is a
 * subject without an entry or one that was never observed. A person whose activity is `OutOfOffice` is `outOfOffice`,
 * whatever the availability. A stale entry keeps its state; show its `freshness` too.
 */
export function presenceState(entry: PresenceEntry | undefined): PresenceState {
  return isOutOfOffice(entry) ? "outOfOffice" : availabilityState(entry);
}

/** The state without regard to the activity. */
export function availabilityState(entry: PresenceEntry | undefined): PresenceState {
  return (isObserved(entry) && stateOfToken(entry.availability)) || "unknown";
}

/** The state that has the token as its availability. */
export function stateOfToken(token: unknown): PresenceState | undefined {
  return states.get(tokenKey(token));
}

/** Whether the activity, or the optional field, says that the person is out of office. */
export function isOutOfOffice(entry: PresenceEntry | undefined): boolean {
  if (!isObserved(entry)) {
    return false;
  }
  const field: unknown = entry.outOfOffice;
  const isSet = typeof field === "object" && field !== null && "isOutOfOffice" in field ? field.isOutOfOffice : field;
  return isSet === true || stateOfToken(entry.activity) === "outOfOffice";
}

/** Whether there is an entry that says something about the person. */
export function isObserved(entry: PresenceEntry | undefined): entry is PresenceEntry {
  return entry !== undefined && entry.freshness !== "unknown";
}

/** Tokens are compared without case: Graph's documentation and its answers differ in it. */
export function tokenKey(token: unknown): string {
  return typeof token === "string" ? token.toLowerCase() : "";
}
