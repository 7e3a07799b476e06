import { presenceState, type PresenceEntry } from "@presencehub/client";
import type { Person } from "./Person.js";

/** The person who has been available for longest, so that questions are spread over a team. */
export function firstAvailable(
  people: readonly Person[],
  entries: ReadonlyMap<string, PresenceEntry>,
): Person | undefined {
  const since = (person: Person) => entries.get(person.id)?.since ?? "";
  return people
    .filter(({ id }) => entries.get(id)?.freshness === "live" && presenceState(entries.get(id)) === "available")
    .sort((left, right) => since(left).localeCompare(since(right)))[0];
}
