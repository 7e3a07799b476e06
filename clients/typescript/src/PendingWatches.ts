import type { PresenceEntry, RejectedSubject } from "./contract.js";
import { Deferred } from "./Deferred.js";
import type { PresenceError } from "./PresenceError.js";

/** The answer to one `watch` call. */
export interface WatchOutcome {
  /** In the order of the call. */
  readonly entries: readonly PresenceEntry[];
  readonly rejected: readonly RejectedSubject[];
}

/** A `watch` call. */
export interface WatchCall {
  readonly ids: readonly string[];
  readonly rejected: readonly RejectedSubject[];
  /** Gives up what the call holds, because the hub has refused it. */
  readonly refused: () => void;
}

interface PendingWatch {
  readonly call: WatchCall;
  readonly remaining: Set<string>;
  readonly rejected: RejectedSubject[];
  readonly outcome: Deferred<WatchOutcome>;
}

/** The `watch` calls that still wait for the hub's word on some subject; they survive reconnects. */
export class PendingWatches {
  private readonly watches = new Set<PendingWatch>();

  constructor(private readonly entries: ReadonlyMap<string, PresenceEntry>) {}

  wait(call: WatchCall, remaining: Iterable<string>): Promise<WatchOutcome> {
    const outcome = new Deferred<WatchOutcome>();
    const watch = { call, remaining: new Set(remaining), rejected: [...call.rejected], outcome };
    this.watches.add(watch);
    this.settle(watch);
    return outcome.promise;
  }

  /** The subject was answered, or is not wanted any more. */
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
  refuse(ids: readonly string[], error: PresenceError): void {
    const failed = [...this.watches].filter((watch) => ids.some((id) => watch.remaining.has(id)));
    for (const watch of failed) {
      this.watches.delete(watch);
      watch.outcome.reject(error);
      watch.call.refused();
    }
  }

  stop(error: PresenceError): void {
    for (const watch of this.watches) {
      watch.outcome.allowUnawaited();
      watch.outcome.reject(error);
    }
    this.watches.clear();
  }

  private settle(watch: PendingWatch): void {
    if (watch.remaining.size === 0) {
      this.watches.delete(watch);
      const entries = watch.call.ids.map((id) => this.entries.get(id)).filter((entry) => entry !== undefined);
      watch.outcome.resolve({ entries, rejected: watch.rejected });
    }
  }
}
