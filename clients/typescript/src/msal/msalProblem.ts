import { PresenceError } from "../PresenceError.js";

/** MSAL's own names. They are compared instead of classes, so that MSAL is not bundled twice. */
const interactionErrors = ["InteractionRequiredAuthError"];

/** Codes of other errors that a sign-in solves: no account, or third-party cookies that keep the hidden frame waiting. */
const interactionCodes = ["no_account_error", "no_tokens_found", "monitor_window_timeout", "timed_out"];

const networkCodes = ["no_network_connectivity", "network_error", "post_request_failed", "get_request_failed"];

const adviceOfCode: Record<string, string> = {
  user_cancelled: "The sign-in was cancelled. Offer a button that calls signIn().",
  popup_window_error: "The browser blocked the sign-in window. Open it in a click: offer a button that calls signIn().",
  empty_window_error: "The browser blocked the sign-in window. Open it in a click: offer a button that calls signIn().",
  interaction_in_progress:
    "Another sign-in of this page is under way. Await handleRedirectPromise() before connecting.",
  uninitialized_public_client_application: "Await initialize() of the PublicClientApplication before connecting.",
};

export function needsInteraction(error: unknown): boolean {
  const { name, errorCode } = fields(error);
  return interactionErrors.includes(name) || interactionCodes.includes(errorCode);
}

/** The error of a token that could not be had. Only a lost network passes by itself. */
export function toPresenceError(error: unknown): PresenceError {
  if (error instanceof PresenceError) {
    return error;
  }
  const { errorCode, message } = fields(error);
  const code = networkCodes.includes(errorCode) ? "disconnected" : "unauthorized";
  return new PresenceError(code, adviceOfCode[errorCode] ?? `No token for the hub: ${message}`, { cause: error });
}

function fields(error: unknown): { name: string; errorCode: string; message: string } {
  const { name, errorCode, message } = (typeof error === "object" && error !== null ? error : {}) as Record<
    string,
    unknown
  >;
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return { name: text(name), errorCode: text(errorCode), message: text(message) || String(error) };
}

/** Nothing says which account to use: none is signed in, or several are and none is active. */
export class NoAccount extends Error {
  readonly errorCode = "no_account_error";
}
