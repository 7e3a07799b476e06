import { PresenceClient } from "../PresenceClient.js";
import type { PresenceClientOptions } from "../PresenceClientOptions.js";

/** A client that is connected while a provider is mounted. */
export class OwnedClient {
  readonly client: PresenceClient;
  private holders = 0;

  constructor(options: PresenceClientOptions) {
    this.client = new PresenceClient(options);
  }

  /** Returns the function that ends the hold. */
  hold(): () => void {
    this.holders++;
    // The client says in its status, and on the console, what keeps it from connecting.
    this.client.connect().catch(() => undefined);
    return () => {
      this.holders--;
      // StrictMode mounts a provider twice in one turn; its connection is kept.
      queueMicrotask(() => {
        if (this.holders === 0) {
          void this.client.stop();
        }
      });
    };
  }
}
