import type { Activity, Availability } from "./presenceValues.js";

/** Whether the hub confirms an entry. A value that this client does not know is treated as `stale`. */
export type Freshness = "live" | "stale" | "unknown";

/** The presence of one subject. Entries of a subject are ordered by (epoch, revision). */
export interface PresenceEntry {
  /** The subject's Entra object id, a lower-case GUID. */
  readonly id: string;
  /** Graph's token as received; new ones may come. */
  readonly availability: Availability;
  /** Graph's token as received; new ones may come. */
  readonly activity: Activity;
  readonly freshness: Freshness;
  /** ISO 8601 UTC: when this availability and activity was first observed; null exactly when freshness is `unknown`. */
  readonly since: string | null;
  /** ISO 8601 UTC: when Graph last confirmed it; null exactly when freshness is `unknown`. */
  readonly observedAt: string | null;
  readonly epoch: number;
  readonly revision: number;
  /** Present only when granted. */
  readonly statusMessage?: unknown;
  /** Present only when granted. */
  readonly outOfOffice?: unknown;
  /** Present only when granted. */
  readonly workLocation?: unknown;
}

/** Why a subject is not watched. */
export type RejectionReason = "notVisible" | "invalidId" | "limitExceeded";

/** An id that is not watched. */
export interface RejectedSubject {
  readonly id: string;
  readonly reason: RejectionReason;
}

export interface WatchRequest {
  readonly ids: readonly string[];
  readonly cursor?: string;
}

export interface WatchResult {
  readonly entries: readonly PresenceEntry[];
  readonly rejected: readonly RejectedSubject[];
  readonly cursor: string;
}

/** This node is going away; the client reconnects by itself. */
export interface DrainNotice {
  readonly reconnectAfterMs: number;
}

const subjectId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The id as the hub writes it, or undefined when it is not a GUID. */
export function toSubjectId(id: unknown): string | undefined {
  const lowerCase = typeof id === "string" ? id.trim().toLowerCase() : "";
  return subjectId.test(lowerCase) ? lowerCase : undefined;
}
