import type { PresenceState } from "./PresenceState.js";

/**
 * The words of one language, as they stand in the middle of a sentence: the first letter of a label is raised when the
 * label is made.
 */
export interface PresenceLabels {
  /** A word or two for each state. */
  readonly states: Readonly<Record<PresenceState, string>>;
  /** By Graph's token of activity or availability, compared without case. A token that is missing shows as received. */
  readonly activities: Readonly<Record<string, string>>;
  /** Follows, in parentheses, the label of an entry that was not confirmed in time. */
  readonly stale: string;
}
