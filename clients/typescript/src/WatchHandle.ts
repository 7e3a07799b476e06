import type { WatchOutcome } from "./PendingWatches.js";

/** One `watch` call: the promise of its outcome, and the way to end it. */
export interface WatchHandle extends Promise<WatchOutcome> {
  /**
   * Ends this call's watch. A subject leaves the list when no other call watches it. Calling it again does nothing. A call
   * that still waits resolves with what is known.
   */
  dispose(): void;
}

export function toHandle(outcome: Promise<WatchOutcome>, dispose: () => void): WatchHandle {
  // A handle may be used for its end alone. A refusal that nothing awaits would end a Node process.
  outcome.catch(() => undefined);
  let isDisposed = false;
  return Object.assign(outcome, {
    dispose: () => {
      if (!isDisposed) {
        isDisposed = true;
        dispose();
      }
    },
  });
}
