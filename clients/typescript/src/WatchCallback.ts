import type { PresenceEntry } from "./contract.js";

/** The callback of one `watch` call. Its exceptions end here: they must not stop other callbacks or the connection. */
export class WatchCallback {
  private hasFailed = false;

  constructor(private readonly callback: (entry: PresenceEntry) => void) {}

  call(entry: PresenceEntry): void {
    try {
      this.callback(entry);
    } catch (error) {
      // A callback that fails for each change would fill the console.
      if (!this.hasFailed) {
        this.hasFailed = true;
        console.error("A callback of watch() failed; further failures of it are not reported", error);
      }
    }
  }
}
