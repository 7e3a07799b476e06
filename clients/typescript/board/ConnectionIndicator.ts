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
  private status: ConnectionStatus = { state: "idle", attempt: 0 };
  private isStale = false;

  constructor(private readonly root: HTMLElement) {
    this.text = root.querySelector<HTMLElement>(".connection-text") ?? root;
  }

  show(status: ConnectionStatus): void {
    this.status = status;
    this.update();
  }

  /** @param stale Of how many people the presence could not be confirmed in time. */
  showStale(stale: number): void {
    this.isStale = stale > 0;
    this.update();
  }

  private update(): void {
    this.root.dataset["connectionState"] = this.status.state;
    this.root.dataset["stale"] = String(this.isStale);
    setText(this.text, describe(this.status, this.isStale));
  }
}

/**
 * The same text for every further attempt, and without numbers, so that a screen reader announces an outage once.
 * @param isStale Whether some presence could not be confirmed in time.
 */
export function describe({ state, error }: ConnectionStatus, isStale = false): string {
  if (state === "connected") {
    return isStale ? "Connected, but some presence is stale" : "Live";
  }
  if (state === "stopped" || state === "idle") {
    return "Not connected";
  }
  return (error && refusals[error.code]) ?? outage(state);
}

function outage(state: ConnectionState): string {
  return state === "reconnecting" ? "Reconnecting, showing last known presence…" : "Connecting…";
}
