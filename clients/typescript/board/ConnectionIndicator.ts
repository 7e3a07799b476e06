import type { ConnectionState, ConnectionStatus, PresenceErrorCode } from "../src/index.js";
import { setText } from "./dom.js";

/** Errors that do not pass by themselves. */
const refusals: Partial<Record<PresenceErrorCode, string>> = {
  unauthorized: "Sign-in refused, trying again…",
  tokenExpired: "Sign-in expired, signing in again…",
  limitExceeded: "You have this page open too often. Close another one; this one tries again every minute…",
  invalidRequest: "This page does not fit the hub. Reload it; it tries again every minute…",
};

/** Shows in one line whether the board is live. */
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
  return (error && refusals[error.code]) ?? outage(state);
}

function outage(state: ConnectionState): string {
  return state === "reconnecting" ? "Reconnecting, showing last known presence…" : "Connecting…";
}
