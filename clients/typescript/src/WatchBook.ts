import type { PresenceEntry, RejectedSubject, WatchResult } from "./contract.js";
import { parseIds } from "./parseIds.js";
import { PendingWatches, type WatchCall } from "./PendingWatches.js";
import type { PresenceError } from "./PresenceError.js";
import { PresenceView } from "./PresenceView.js";
import { toWatch, type PresenceWatch } from "./PresenceWatch.js";
import { WatchCallback } from "./WatchCallback.js";
import { WatchHolds, type Hold } from "./WatchHolds.js";
import { WatchList, type HubCall } from "./WatchList.js";

export interface BookListener {
  changed(entries: readonly PresenceEntry[]): void;
  rejected(subjects: readonly RejectedSubject[]): void;
  revoked(ids: readonly string[]): void;
  /** The watch list has changed: there is a call to make. */
  work(): void;
}

/**
 * Keeps the watch list, the view and the waiting watches in step. A watch changes the list at once, and one loop per
 * link carries it to the hub: so a watch and an unwatch cannot overtake each other.
 */
export class WatchBook {
  readonly view = new PresenceView();
  private readonly list = new WatchList();
  private readonly holds = new WatchHolds();
  private readonly pending = new PendingWatches(this.view.entries);

  constructor(private readonly listener: BookListener) {}

  watch(ids: Iterable<string>, onEntry?: (entry: PresenceEntry) => void): PresenceWatch {
    const { subjects, invalid } = parseIds(ids);
    subjects.forEach((id) => this.list.add(id));
    const callback = onEntry && new WatchCallback(onEntry);
    const holds = this.holds.take(subjects, callback);
    if (callback) {
      this.tellKnown(holds, callback);
    }
    if (invalid.length > 0) {
      this.listener.rejected(invalid);
    }
    // The hub's refusal and each `dispose` end the watch here; only the first of them finds holds.
    const release = () => this.drop(this.holds.release(holds, callback));
    const call: WatchCall = { ids: subjects, rejected: invalid, failed: release };
    const unanswered = subjects.filter((id) => !this.list.isConfirmed(id));
    const admission = this.pending.wait(call, unanswered);
    this.listener.work();
    return toWatch(admission, () => {
      this.pending.abandon(call);
      release();
    });
  }

  /** Ends one watch of each subject. */
  unwatch(ids: Iterable<string>): void {
    this.drop(this.holds.releaseIds(parseIds(ids).subjects));
  }

  openLink(): void {
    this.list.beginConnection();
  }

  closeLink(): void {
    this.list.endConnection();
  }

  nextCall(maxIds: number): HubCall | undefined {
    return this.list.nextCall(maxIds);
  }

  unwatched(ids: readonly string[]): void {
    this.list.unwatched(ids);
  }

  /**
   * Applies the hub's answer to a call.
   * @param pushed Subjects that the hub has pushed since the call began.
   */
  answer(call: HubCall & { method: "Watch" }, result: WatchResult, pushed: ReadonlySet<string>): void {
    // The answer may overtake a push that followed it, but the hub pushes every state after its read: between equal
    // revisions the push is right.
    const current = result.entries.filter((entry) => !pushed.has(entry.id) || this.view.isBehind(entry));
    const changed = current.map((entry) => this.merge(entry));

    const rejected = result.rejected.filter(({ id }) => this.list.has(id.toLowerCase()));
    rejected.forEach(({ id }) => this.remove(id.toLowerCase()));

    const answered = new Set(result.entries.map((entry) => entry.id));
    for (const id of call.ids) {
      if (call.cursor === undefined) {
        this.list.confirm(id);
      } else if (this.view.entries.has(id)) {
        this.list.confirm(id);
        // With a cursor the hub leaves out the subjects that are unchanged and live.
        if (!answered.has(id) && !pushed.has(id)) {
          changed.push(this.view.markLive(id));
        }
      } else {
        this.list.askInFull(id);
      }
    }
    this.list.answered(result.cursor);

    this.tell(changed);
    if (rejected.length > 0) {
      this.listener.rejected(rejected);
    }
    rejected.forEach((rejection) => this.pending.answer(rejection.id.toLowerCase(), rejection));
    call.ids.filter((id) => this.list.isConfirmed(id)).forEach((id) => this.pending.answer(id));
  }

  /** The hub has refused a call for good. */
  fail(call: HubCall, error: PresenceError): void {
    if (call.method === "Unwatch") {
      this.list.unwatched(call.ids);
      return;
    }
    call.ids.forEach((id) => this.list.refuse(id));
    this.pending.fail(call.ids, error);
    this.tell(call.ids.map((id) => this.view.markStale(id)));
  }

  /** Takes entries that the hub has pushed. Subjects that are not watched are ignored. */
  push(entries: readonly PresenceEntry[]): void {
    this.tell(entries.map((entry) => this.merge(entry)));
  }

  bookmark(cursor: string): void {
    this.list.bookmark(cursor);
  }

  /** Drops subjects that may no longer be seen. */
  revoke(ids: readonly string[]): void {
    const revoked = ids.map((id) => id.toLowerCase()).filter((id) => this.list.has(id));
    revoked.forEach((id) => this.remove(id));
    if (revoked.length > 0) {
      this.listener.revoked(revoked);
    }
    revoked.forEach((id) => this.pending.answer(id));
  }

  /** Marks the entries stale that the present link has not confirmed. */
  markStale(): void {
    const unconfirmed = [...this.view.entries.keys()].filter((id) => !this.list.isConfirmed(id));
    this.tell(unconfirmed.map((id) => this.view.markStale(id)));
  }

  /** Ends every wait and every stream. */
  stop(reason: PresenceError): void {
    this.pending.stop(reason);
    this.view.endStreams();
  }

  private merge(entry: PresenceEntry): PresenceEntry | undefined {
    return this.list.has(entry.id) ? this.view.merge(entry) : undefined;
  }

  private tell(changed: readonly (PresenceEntry | undefined)[]): void {
    const entries = changed.filter((entry) => entry !== undefined);
    if (entries.length > 0) {
      this.listener.changed(entries);
      this.holds.tell(entries);
    }
  }

  /** Calls back with the entries that are known, after the call has returned. */
  private tellKnown(holds: readonly Hold[], callback: WatchCallback): void {
    const known = holds.map(({ id }) => this.view.entries.get(id));
    queueMicrotask(() =>
      holds.forEach(({ id, callbacks }, index) => {
        const entry = known[index];
        // An entry that has changed since then has called back already.
        if (entry && callbacks.has(callback) && this.view.entries.get(id) === entry) {
          callback.call(entry);
        }
      }),
    );
  }

  /** No watch holds these any more. */
  private drop(ids: readonly string[]): void {
    for (const id of ids) {
      this.list.remove(id);
      this.view.remove(id);
      this.pending.answer(id);
    }
    this.listener.work();
  }

  /** The hub does not watch the subject any more. */
  private remove(id: string): void {
    this.list.forget(id);
    this.holds.forget(id);
    this.view.remove(id);
  }
}
