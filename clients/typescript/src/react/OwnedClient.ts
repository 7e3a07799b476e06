import { PresenceClient } from "../PresenceClient.js";
import type { PresenceClientOptions } from "../PresenceClientOptions.js";
import { PresenceError } from "../PresenceError.js";
import { advise } from "./advice.js";

/** A client that is connected while a provider is mounted. */
export class OwnedClient {
  readonly client: PresenceClient;
  private holders = 0;

  constructor(private readonly options: PresenceClientOptions) {
    this.client = new PresenceClient(options);
  }

  /** Returns the function that ends the hold. */
  hold(): () => void {
    this.holders++;
    this.client.connect().catch((error: unknown) => {
      if (!(error instanceof PresenceError && error.code === "stopped")) {
        advise(`the hub's address "${this.options.url}" cannot be used: ${String(error)}`);
      }
    });
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
