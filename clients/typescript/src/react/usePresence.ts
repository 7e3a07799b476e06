import { useMemo, useSyncExternalStore } from "react";
import type { PresenceEntry } from "../contract.js";
import { useStore } from "./context.js";
import { selectMany, selectOne, type Selection } from "./selections.js";

/** Does not occur in ids. */
const separator = "\n";

/**
 * Watches a subject while the component is mounted, and renders it again when the subject's entry changes.
 *
 * @param id The subject's Entra object id; null, undefined or empty while it is not known yet.
 * @returns The latest entry. Undefined until the hub has answered, when the subject may not be seen, and on a server.
 */
export function usePresence(id: string | null | undefined): PresenceEntry | undefined;
/**
 * Watches subjects while the component is mounted, and renders it again when one of their entries changes.
 *
 * @param ids Entra object ids. An array with equal content is the same, so it need not be memoised.
 * @returns The entries that are known, by id as it was passed. The same map until one of them changes.
 */
export function usePresence(ids: readonly string[]): ReadonlyMap<string, PresenceEntry>;
export function usePresence(
  asked: string | readonly string[] | null | undefined,
): PresenceEntry | undefined | ReadonlyMap<string, PresenceEntry> {
  const store = useStore("usePresence");
  const isList = typeof asked === "object" && asked !== null;
  const key = isList ? asked.join(separator) : (asked ?? "");
  const selection = useMemo(
    (): Selection<PresenceEntry | undefined | ReadonlyMap<string, PresenceEntry>> =>
      isList ? selectMany(store, key.split(separator)) : selectOne(store, key),
    [store, isList, key],
  );
  return useSyncExternalStore(selection.subscribe, selection.snapshot, selection.serverSnapshot);
}
