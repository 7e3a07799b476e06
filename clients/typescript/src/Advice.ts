import type { ConnectionStatus } from "./ConnectionStatus.js";
import type { RejectionReason } from "./contract.js";
import { TokenSourceError, type PresenceErrorCode } from "./PresenceError.js";
import { attemptsUntilUnreachable } from "./ProblemLines.js";
import { needsAttention, refusalWaitMs } from "./Refusals.js";

const afterRefusal: Partial<Record<PresenceErrorCode, string>> = {
  unauthorized: "Check the scope of the token, and that its user may use this hub.",
  tokenExpired: "accessTokenFactory must return another token when it is called with refresh.",
  limitExceeded: "Close other pages of this user, or let them share a client.",
  invalidRequest: "Check the option url, which usually ends in /hubs/presence.",
};

const afterRejection: Record<RejectionReason, string> = {
  invalidId: "An id is a person's Entra object id, a GUID.",
  limitExceeded: "The connection watches as many people as it may: watch only those on screen.",
  notVisible: "This user may not see them, or they do not exist.",
};

const longestLine = 700;

/** Some causes are named by the hub. */
const mostCauses = 20;

/** Says what to do about a lasting problem: one line for each cause, until a connection has held. */
export class Advice {
  private readonly said = new Set<string>();

  constructor(
    private readonly url: string,
    private readonly log: (message: string) => void,
  ) {}

  onStatus(status: ConnectionStatus): void {
    const { error, state, attempt } = status;
    if (!error) {
      return;
    }
    const reason = error.message.replace(/\.$/, "");
    if (isRefused(status)) {
      const problem = state === "stopped" ? "cannot be used" : "refuses the connection";
      this.say(error.code, `${this.url} ${problem}: ${reason}. ${afterRefusal[error.code] ?? ""}`);
    } else if (attempt < attemptsUntilUnreachable || (error.code === "disconnected" && state !== "connecting")) {
      return;
    } else if (error instanceof TokenSourceError) {
      const todo = "Check that the user is signed in, and what accessTokenFactory calls. Retrying.";
      this.say("token", `accessTokenFactory gives no token: ${reason}. ${todo}`);
    } else if (error.code !== "disconnected") {
      return;
    } else if ((globalThis as { navigator?: Navigator }).navigator?.onLine !== false) {
      // The last failure is the shortest; status.error has them all.
      const last = reason.slice(reason.lastIndexOf(": ") + 1).trim();
      this.say("unreachable", `${this.url} gives no answer (${last}). ${possibleCauses(this.url)} Retrying.`);
    }
  }

  onRejected(subjects: readonly { readonly id: unknown; readonly reason: RejectionReason }[]): void {
    for (const { id, reason } of subjects) {
      const first = String(id).slice(0, 40);
      this.say(`rejected ${reason}`, `Not watched: ${first}, … (${reason}). ${afterRejection[reason]}`);
    }
  }

  /** A connection has held: what comes now is another problem. */
  reset(): void {
    this.said.clear();
  }

  private say(cause: string, message: string): void {
    if (!this.said.has(cause) && this.said.size < mostCauses) {
      this.said.add(cause);
      try {
        // What a server answers can be of any length and form.
        this.log(`PresenceHub: ${message}`.replace(/\s+/g, " ").slice(0, longestLine));
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
    return "Check that the hub runs, and check the option url.";
  }
  const { origin, protocol } = new URL(url, location.href);
  if (location.protocol === "https:" && protocol === "http:") {
    return "A page over https needs a hub over https.";
  }
  const origins = origin === location.origin ? "" : `, Http:AllowedOrigins of the hub (it needs ${location.origin})`;
  return `Check that the hub runs, and check the option url${origins} and connect-src of the page's Content-Security-Policy.`;
}

/** Whether the status shows a refusal that stays until something is changed elsewhere. */
function isRefused({ state, error, retryInMs = 0 }: ConnectionStatus): boolean {
  return error !== undefined && needsAttention(error) && (state === "stopped" || retryInMs >= refusalWaitMs);
}
