import type { PresenceEntry } from "../contract.js";
import {
  availabilityState,
  isObserved,
  isOutOfOffice,
  presenceState,
  stateOfToken,
  tokenKey,
  type PresenceState,
} from "./PresenceState.js";
import { capitalize, findWord } from "./registry.js";

const longestToken = 80;

/** The state in words, for instance "Do not disturb". */
export function stateLabel(state: PresenceState, locale?: string): string {
  return capitalize(stateWord(state, locale), locale);
}

/**
 * State and activity in words, for instance "Busy, in a meeting", as text for a person and for screen readers. An entry
 * that was not confirmed in time says so. Tokens that no language knows are shown as words: `JugglingFourBalls` as
 * "juggling four balls".
 * @param locale A language tag; without it the page's language counts. English where there are no labels.
 */
export function presenceLabel(entry: PresenceEntry | undefined, locale?: string): string {
  if (!isObserved(entry)) {
    return stateLabel("unknown", locale);
  }
  const label = capitalize([leadingWord(entry, locale), ...activityWords(entry, locale)].join(", "), locale);
  // A freshness that this version does not know is no confirmation.
  return entry.freshness === "live" ? label : `${label} (${findWord("=stale", locale) ?? ""})`;
}

/** What the label says more than {@link stateLabel} of the state: "In a meeting", or an empty text. */
export function activityLabel(entry: PresenceEntry | undefined, locale?: string): string {
  if (!isObserved(entry)) {
    return "";
  }
  const shown = stateWord(presenceState(entry), locale);
  const words = [leadingWord(entry, locale), ...activityWords(entry, locale)].filter((word) => word !== shown);
  return words.length > 0 ? capitalize(words.join(", "), locale) : "";
}

function stateWord(state: PresenceState, locale: string | undefined): string {
  return findWord(`=${state}`, locale) ?? state;
}

/** Out of office comes first only for a person who is not there either. */
function leadingWord(entry: PresenceEntry, locale: string | undefined): string {
  const state = availabilityState(entry);
  if (isOutOfOffice(entry) && !isReachable(state)) {
    return stateWord("outOfOffice", locale);
  }
  return state === "unknown" ? tokenWord(entry.availability, locale) : stateWord(state, locale);
}

function isReachable(state: PresenceState): boolean {
  return state === "available" || state === "busy" || state === "doNotDisturb" || state === "beRightBack";
}

/** The words that say more than the leading one. */
function activityWords(entry: PresenceEntry, locale: string | undefined): string[] {
  const words = [
    // Newer values of availability are activities, such as `InACall`.
    findWord(tokenKey(entry.availability), locale) ?? "",
    ["", "presenceunknown"].includes(tokenKey(entry.activity)) ? "" : tokenWord(entry.activity, locale),
    isOutOfOffice(entry) ? stateWord("outOfOffice", locale) : "",
  ];
  const leading = leadingWord(entry, locale);
  return [...new Set(words)].filter((word) => word !== "" && word !== leading);
}

function tokenWord(token: unknown, locale: string | undefined): string {
  const key = tokenKey(token);
  const state = key === "" || key === "presenceunknown" ? "unknown" : stateOfToken(token);
  const word = findWord(key === "availableinactive" ? "inactive" : key, locale);
  return word ?? (state ? stateWord(state, locale) : spaced(String(token)));
}

/** `JugglingFourBalls` and `juggling_four_balls` as words. */
function spaced(token: string): string {
  return token
    .slice(0, longestToken)
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .replace(/[\s_-]+/g, " ")
    .trim()
    .toLowerCase();
}
