import { TokenSourceError, type PresenceError } from "./PresenceError.js";

/** The wait after a refusal, plus up to half as long: another connection of the user may close meanwhile. */
export const refusalWaitMs = 60_000;

/**
 * Connections that the hub refused. A refusal that only a change elsewhere can end is tried again once a minute. A
 * refused token is tried again at once the first time, since the token source may have another one.
 */
export class Refusals {
  private tokens = 0;

  /** @param random Returns a number in [0, 1). */
  constructor(private readonly random: () => number) {}

  /** Whether the hub refused the last token. */
  get needNewToken(): boolean {
    return this.tokens > 0;
  }

  /** How long to wait before the next attempt; undefined when the backoff decides. */
  waitAfter(error: PresenceError): number | undefined {
    if (!needsAttention(error)) {
      return undefined;
    }
    const isToken = error.code === "unauthorized" || error.code === "tokenExpired";
    this.tokens += isToken ? 1 : 0;
    return !isToken || this.tokens > 1 ? refusalWaitMs + this.random() * (refusalWaitMs / 2) : undefined;
  }

  reset(): void {
    this.tokens = 0;
  }
}

/**
 * Whether the hub has answered and refused, so that an attempt soon would change nothing. A token source uses the same
 * codes, but it may have a token at the next attempt.
 */
export function needsAttention(error: PresenceError): boolean {
  const { code } = error;
  const isRefusal =
    code === "limitExceeded" || code === "invalidRequest" || code === "unauthorized" || code === "tokenExpired";
  return isRefusal && !(error instanceof TokenSourceError);
}
