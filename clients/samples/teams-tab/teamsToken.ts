import { app, authentication } from "@microsoft/teams-js";
import { PresenceError } from "@presencehub/client";

/** As long as Teams may take to answer the page. A page outside of Teams gets no answer. */
const initializeTimeoutMs = 10_000;

let initialized: Promise<void> | undefined;

/**
 * The token that Teams issues for the tab by single sign-on. Its audience is the application in the manifest, which is
 * the hub's registration, so the hub takes it as it is. Teams renews the token before it expires.
 */
export async function teamsToken(): Promise<string> {
  initialized ??= withinTimeout(app.initialize());
  try {
    await initialized;
    return await authentication.getAuthToken();
  } catch (error) {
    initialized = undefined;
    throw new PresenceError(
      "unauthorized",
      `Teams gave no token: ${error instanceof Error ? error.message : String(error)}. ` +
        "Open the page as a tab, and check webApplicationInfo in the manifest.",
      { cause: error },
    );
  }
}

function withinTimeout(promise: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the page is not in Teams")), initializeTimeoutMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
