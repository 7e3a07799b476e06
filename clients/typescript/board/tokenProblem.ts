import type { PresenceError } from "../src/index.js";
import { TokenSourceError } from "../src/PresenceError.js";
import { texts } from "./texts/index.js";

/** The message for a user whose access token the hub refuses; undefined when another token would change nothing. */
export function tokenProblem(error: PresenceError | undefined): string | undefined {
  if (error instanceof TokenSourceError) {
    return undefined;
  }
  switch (error?.code) {
    case "tokenExpired":
      return texts.pasteAfterExpiry;
    case "unauthorized":
      return texts.pasteAfterRefusal(error.message);
    default:
      return undefined;
  }
}
