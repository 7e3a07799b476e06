import type { WatchAdmission } from "./PendingWatches.js";

/** One `watch` call: the promise of its admission, and the way to end it. */
export interface PresenceWatch extends Promise<WatchAdmission> {
  /**
   * Ends this watch only: a subject leaves the list when no other watch holds it. A second call does nothing. A watch
   * that still waits resolves with what is known.
   */
  dispose(): void;
}

export function toWatch(admission: Promise<WatchAdmission>, dispose: () => void): PresenceWatch {
  // An application may need only `dispose`. A rejection that nothing awaits would end a Node process.
  admission.catch(() => undefined);
  return Object.assign(admission, { dispose });
}
