import type { PresenceEntry } from "../contract.js";
import { parseIds } from "../parseIds.js";
import type { PresenceClient } from "../PresenceClient.js";
import { toWatch, type PresenceWatch } from "../PresenceWatch.js";

type Callback = (entry: PresenceEntry) => void;

/** The callbacks of watches by subject, so that a change runs only those of its subject. */
export class WatchCallbacks {
  private readonly callbacks = new Map<string, Set<Callback>>();

  constructor(private readonly client: PresenceClient) {
    client.on("entriesChanged", (entries) => entries.forEach((entry) => this.run(entry)));
  }

  watch(ids: Iterable<string>, callback?: Callback): PresenceWatch {
    const all = [...ids];
    const watch = this.client.watch(all);
    if (!callback) {
      return watch;
    }
    const { subjects } = parseIds(all);
    // A function of its own per watch: given twice, it is called twice.
    const own: Callback = (entry) => callback(entry);
    subjects.forEach((id) => this.callbacks.set(id, (this.callbacks.get(id) ?? new Set()).add(own)));
    queueMicrotask(() => subjects.forEach((id) => this.runKnown(id, own)));
    return toWatch(
      watch.then((admission) => admission),
      () => {
        subjects.forEach((id) => this.remove(id, own));
        watch.dispose();
      },
    );
  }

  private runKnown(id: string, callback: Callback): void {
    const known = this.client.entries.get(id);
    if (known && this.callbacks.get(id)?.has(callback)) {
      call(callback, known);
    }
  }

  private run(entry: PresenceEntry): void {
    [...(this.callbacks.get(entry.id) ?? [])].forEach((callback) => call(callback, entry));
  }

  private remove(id: string, callback: Callback): void {
    const callbacks = this.callbacks.get(id);
    callbacks?.delete(callback);
    if (callbacks?.size === 0) {
      this.callbacks.delete(id);
    }
  }
}

function call(callback: Callback, entry: PresenceEntry): void {
  try {
    callback(entry);
  } catch (error) {
    // The failure of one callback must not stop the others.
    console.error("A callback of a watch failed", error);
  }
}
