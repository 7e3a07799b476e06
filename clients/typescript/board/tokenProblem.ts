import type { PresenceError } from "../src/index.js";
import { TokenSourceError } from "../src/PresenceError.js";

/** The message for a user whose access token the hub refuses; undefined when another token would change nothing. */
export function tokenProblem(error: PresenceError | undefined): string | undefined {
  if (error instanceof TokenSourceError) {
    return undefined;
  }
  switch (error?.code) {
    case "tokenExpired":
      return "The access token has expired. Paste a new one.";
    case "unauthorized":
      return `The hub refused this access token (${error.message}). Paste another one.`;
    default:
      return undefined;
  }
}
