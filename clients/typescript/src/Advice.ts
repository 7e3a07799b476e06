import type { ConnectionStatus } from "./ConnectionStatus.js";
import type { RejectedSubject } from "./contract.js";
import { TokenSourceError, type PresenceErrorCode } from "./PresenceError.js";
import { isRefused } from "./Refusals.js";

/** Attempts that fail before it counts as a mistake rather than an interruption that a connection was never opened. */
const attemptsUntilUnreachable = 3;

const afterRefusal: Partial<Record<PresenceErrorCode, string>> = {
  unauthorized: "Check the scope of the token, and that its user may use this hub.",
  tokenExpired: "accessTokenFactory must return another token when it is called with refresh.",
  limitExceeded: "Close other pages of this user, or let them share a client.",
  invalidRequest: "Check the option url, which usually ends in /hubs/presence.",
};

const afterRejection: Record<string, string> = {
  invalidId: "An id is a person's Entra object id, a GUID.",
  limitExceeded: "The connection watches as many people as it may: watch only those on screen.",
  notVisible: "This user may not see them, or they do not exist.",
};

/** The hub names some of the causes. */
const mostCauses = 20;

/** Says what to do about a lasting problem: one line for each cause, until a connection has held. */
export class Advice {
  private readonly said = new Set<string>();

  constructor(
    private readonly url: string,
    private readonly log: false | ((message: string) => void) = (message) => console.warn(message),
  ) {}

  onStatus(status: ConnectionStatus): void {
    const { error, state, attempt } = status;
    if (!error) {
      return;
    }
    const reason = error.message.replace(/\.$/, "");
    if (isRefused(status)) {
      this.say(error.code, `${this.url} refuses the connection: ${reason}. ${afterRefusal[error.code] ?? ""}`);
    } else if (state !== "connecting" || attempt < attemptsUntilUnreachable || error.code !== "disconnected") {
      return;
    } else if (error instanceof TokenSourceError) {
      this.say("token", `accessTokenFactory fails: ${reason}. Retrying.`);
    } else if ((globalThis as { navigator?: Navigator }).navigator?.onLine !== false) {
      this.say("unreachable", `${this.url} gives no answer: ${reason}. ${possibleCauses(this.url)} Retrying.`);
    }
  }

  onRejected(subjects: readonly RejectedSubject[]): void {
    for (const { id, reason } of subjects) {
      this.say(`rejected ${reason}`, `Not watched: ${id.slice(0, 40)}, … (${reason}). ${afterRejection[reason] ?? ""}`);
    }
  }

  /** A connection has held: what comes now is another problem. */
  reset(): void {
    this.said.clear();
  }

  private say(cause: string, message: string): void {
    if (this.log && !this.said.has(cause) && this.said.size < mostCauses) {
      this.said.add(cause);
      try {
        this.log(`PresenceHub: ${message}`);
      } catch {
        // A logger of the application must not stop the connection.
      }
    }
  }
}

/** A page does not learn why an address gives no answer. */
function possibleCauses(url: string): string {
  const { location } = globalThis as { location?: Location };
  if (!location) {
    return "Check that the hub runs, and the option url.";
  }
  const { origin, protocol } = new URL(url, location.href);
  if (location.protocol === "https:" && protocol === "http:") {
    return "A page over https needs a hub over https.";
  }
  const origins = origin === location.origin ? "" : `, that Http:AllowedOrigins of the hub has ${location.origin}`;
  return `Check that the hub runs, the option url${origins}, and connect-src of the page's Content-Security-Policy.`;
}
