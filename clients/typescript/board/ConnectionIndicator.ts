import type { ConnectionStatus } from "../src/index.js";
import { setText } from "./dom.js";

/** Tells in one line whether the board is live. */
export class ConnectionIndicator {
  private readonly text: HTMLElement;

  constructor(private readonly root: HTMLElement) {
    this.text = root.querySelector<HTMLElement>(".connection-text") ?? root;
  }

  show(status: ConnectionStatus): void {
    this.root.dataset["connectionState"] = status.state;
    setText(this.text, describe(status));
  }
}

/** The same text for every further attempt, so that a screen reader announces an outage once. */
export function describe({ state, error }: ConnectionStatus): string {
  if (state === "connected") {
    return "Live";
  }
  if (state === "stopped" || state === "idle") {
    return "Not connected";
  }
  if (error?.code === "unauthorized") {
    return "Sign-in refused, trying again…";
  }
  return state === "reconnecting" ? "Reconnecting, showing last known presence…" : "Connecting…";
}
