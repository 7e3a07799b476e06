import type { ConnectionState, ConnectionStatus, PresenceErrorCode } from "../src/index.js";
import { setText } from "../pages/common/dom.js";
import { texts } from "./texts/index.js";

/** Errors that do not pass by themselves. */
const refusals: Partial<Record<PresenceErrorCode, string>> = {
  unauthorized: texts.unauthorized,
  tokenExpired: texts.tokenExpired,
  limitExceeded: texts.limitExceeded,
  invalidRequest: texts.invalidRequest,
};

/** Shows in one line whether the board is live. */
export class ConnectionIndicator {
  private readonly text: HTMLElement;
  private status: ConnectionStatus = { state: "idle", attempt: 0 };
  private isStale = false;
  private isSaying = false;

  constructor(private readonly root: HTMLElement) {
    this.text = root.querySelector<HTMLElement>(".connection-text") ?? root;
  }

  show(status: ConnectionStatus): void {
    this.status = status;
    this.isSaying = false;
    this.update();
  }

  /** @param stale Of how many people the presence could not be confirmed in time. */
  showStale(stale: number): void {
    this.isStale = stale > 0;
    if (!this.isSaying) {
      this.update();
    }
  }

  /** Says what the page does, until a status is shown. */
  say(text: string): void {
    this.isSaying = true;
    this.root.dataset["connectionState"] = "idle";
    setText(this.text, text);
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
    return isStale ? texts.connectedButStale : texts.live;
  }
  if (state === "stopped" || state === "idle") {
    return texts.notConnected;
  }
  return (error && refusals[error.code]) ?? outage(state);
}

function outage(state: ConnectionState): string {
  return state === "reconnecting" ? texts.reconnecting : texts.connecting;
}
