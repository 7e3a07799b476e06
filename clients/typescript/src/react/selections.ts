import { toSubjectId, type PresenceEntry } from "../contract.js";
import { advise } from "./advice.js";
import type { SubjectStore } from "./SubjectStore.js";

/** What one component shows, as `useSyncExternalStore` wants it. */
export interface Selection<T> {
  readonly subscribe: (onChange: () => void) => () => void;
  /** The same value until an entry of the selection has changed. */
  readonly snapshot: () => T;
  /** For rendering on a server and the first render in the browser: nothing is known yet. */
  readonly serverSnapshot: () => T;
}

const none: ReadonlyMap<string, PresenceEntry> = new Map<string, PresenceEntry>();
const nothing = () => undefined;

/** The entry of one subject. */
export function selectOne(store: SubjectStore | undefined, asked: string): Selection<PresenceEntry | undefined> {
  const id = toSubjectId(asked);
  return {
    subscribe: (onChange) => subscribe(store, [asked], onChange),
    snapshot: () => (id === undefined ? undefined : store?.client.entries.get(id)),
    serverSnapshot: nothing,
  };
}

/** The entries of several subjects, by id as asked. */
export function selectMany(
  store: SubjectStore | undefined,
  asked: readonly string[],
): Selection<ReadonlyMap<string, PresenceEntry>> {
  const subjects = asked.map((key) => ({ key, id: toSubjectId(key) ?? "" }));
  let held = none;
  let subscriptions = 0;
  /** Whether `held` needs no comparison: no change is missed while subscribed. */
  let isCurrent = false;

  const read = (): ReadonlyMap<string, PresenceEntry> => {
    const entries = new Map<string, PresenceEntry>();
    for (const { key, id } of subjects) {
      const entry = store?.client.entries.get(id);
      if (entry) {
        entries.set(key, entry);
      }
    }
    return entries;
  };

  return {
    subscribe: (onChange) => {
      const end = subscribe(store, asked, () => {
        isCurrent = false;
        onChange();
      });
      subscriptions++;
      isCurrent = false;
      return () => {
        subscriptions--;
        isCurrent = false;
        end();
      };
    },
    snapshot: () => {
      if (!isCurrent) {
        const entries = read();
        held = areEqual(held, entries) ? held : entries;
        isCurrent = subscriptions > 0;
      }
      return held;
    },
    serverSnapshot: () => none,
  };
}

function areEqual<T>(left: ReadonlyMap<string, T>, right: ReadonlyMap<string, T>): boolean {
  return left.size === right.size && [...left].every(([key, value]) => right.get(key) === value);
}

function subscribe(store: SubjectStore | undefined, asked: readonly string[], onChange: () => void): () => void {
  const ids = new Set<string>();
  for (const text of asked) {
    const id = toSubjectId(text);
    if (id !== undefined) {
      ids.add(id);
    } else if (text !== "") {
      advise(
        `usePresence takes Entra object ids, such as 11111111-2222-3333-4444-555555555555, and "${text}" is none. ` +
          `Resolve addresses to ids first.`,
      );
    }
  }
  return store && ids.size > 0 ? store.subscribe([...ids], onChange) : nothing;
}
