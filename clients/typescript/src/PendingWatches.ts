import type { PresenceEntry, RejectedSubject } from "./contract.js";
import { Deferred } from "./Deferred.js";
import type { PresenceError } from "./PresenceError.js";

/** The answer to one `watch` call. */
export interface WatchAdmission {
  /** In the order of the call. */
  readonly entries: readonly PresenceEntry[];
  readonly rejected: readonly RejectedSubject[];
}

/** A `watch` call. */
export interface WatchCall {
  readonly ids: readonly string[];
  readonly rejected: readonly RejectedSubject[];
  /** Ends the watch, because the hub has refused a call for it. */
  readonly failed: () => void;
}

interface PendingWatch {
  readonly call: WatchCall;
  readonly remaining: Set<string>;
  readonly rejected: RejectedSubject[];
  readonly admission: Deferred<WatchAdmission>;
}

/** The `watch` calls that the hub has not answered yet. They outlive links. */
export class PendingWatches {
  private readonly watches = new Set<PendingWatch>();

  constructor(private readonly entries: ReadonlyMap<string, PresenceEntry>) {}

  wait(call: WatchCall, remaining: Iterable<string>): Promise<WatchAdmission> {
    const admission = new Deferred<WatchAdmission>();
    const watch = { call, remaining: new Set(remaining), rejected: [...call.rejected], admission };
    this.watches.add(watch);
    this.settle(watch);
    return admission.promise;
  }

  /** The hub has answered for the subject, or no watch holds it any more. */
  answer(id: string, rejection?: RejectedSubject): void {
    for (const watch of this.watches) {
      if (watch.remaining.delete(id)) {
        if (rejection) {
          watch.rejected.push(rejection);
        }
        this.settle(watch);
      }
    }
  }

  /** Answers one call with what is known. */
  abandon(call: WatchCall): void {
    for (const watch of this.watches) {
      if (watch.call === call) {
        watch.remaining.clear();
        this.settle(watch);
      }
    }
  }

  /** Fails the calls that wait for any of the ids. */
  fail(ids: readonly string[], error: PresenceError): void {
    const failed = [...this.watches].filter((watch) => ids.some((id) => watch.remaining.has(id)));
    for (const watch of failed) {
      this.watches.delete(watch);
      watch.admission.reject(error);
      watch.call.failed();
    }
  }

  stop(error: PresenceError): void {
    for (const watch of this.watches) {
      watch.admission.allowUnawaited();
      watch.admission.reject(error);
    }
    this.watches.clear();
  }

  private settle(watch: PendingWatch): void {
    if (watch.remaining.size === 0) {
      this.watches.delete(watch);
      const entries = watch.call.ids.map((id) => this.entries.get(id)).filter((entry) => entry !== undefined);
      watch.admission.resolve({ entries, rejected: watch.rejected });
    }
  }
}
