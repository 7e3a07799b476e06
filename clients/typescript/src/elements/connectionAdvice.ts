import type { ConnectionStatus } from "../ConnectionStatus.js";
import { TokenSourceError } from "../PresenceError.js";

const advice: Partial<Record<string, string>> = {
  unauthorized: "Check that the token is issued for this hub with the scope it needs, and that the user may use it.",
  tokenExpired: "The token source returns an expired token even when it is asked for another one.",
  limitExceeded: "Close other pages of this user, or let the elements share one connection.",
  invalidRequest: "Check the URL of the hub: it ends in /hubs/presence.",
};

/** What is wrong with the connection for longer than a moment, and what to do. Undefined when nothing is to be done. */
export function connectionAdvice({ error }: ConnectionStatus, url: string): string | undefined {
  if (!error) {
    return undefined;
  }
  if (error instanceof TokenSourceError && error.code !== "disconnected") {
    // The source says what to do: the hub has not been asked.
    return `The token source of this page gives no token (${error.code}: ${error.message}).`;
  }
  const known = advice[error.code];
  return known && `The hub at ${url} refuses the connection (${error.code}: ${error.message}). ${known}`;
}

/** Failed attempts until a hub that gives no answer at all is reported: an interruption is not worth a line. */
const silentAttempts = 4;

/** A page does not learn why a connection attempt got no answer, so the text names what it can be. */
export function unreachableAdvice({ attempt, error }: ConnectionStatus, url: string): string | undefined {
  return error?.code === "disconnected" && attempt >= silentAttempts
    ? `Cannot connect to the hub at ${url} (${error.message}). If it is running, check the URL and the token source, ` +
        "and that Http:AllowedOrigins of the hub lists this page's origin. Retrying."
    : undefined;
}
