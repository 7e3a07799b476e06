import type { TokenRequest } from "../PresenceClientOptions.js";
import { PresenceError } from "../PresenceError.js";
import { interact } from "./interactions.js";
import type { MsalAccount, MsalApplication } from "./MsalApplication.js";
import { needsInteraction, NoAccount, toPresenceError } from "./msalProblem.js";
import type { MsalInteraction, MsalTokenOptions } from "./MsalTokenOptions.js";
import { redirectGuard } from "./redirectGuard.js";

type Interaction = Exclude<MsalInteraction, "none">;

/** An access token factory that can also be told that the user wants to sign in. */
export interface MsalTokenFactory {
  (request: TokenRequest): Promise<string>;
  /**
   * Signs in by a window, for the click on a button. Resolves when there is a token; the client takes it at its next
   * attempt, or at once after `stop()` and `connect()`. Rejects with a PresenceError.
   */
  signIn(): Promise<void>;
}

/**
 * Tokens for the hub by MSAL: silently first, past the cache when the hub has refused the last one, then by the
 * interaction that the options allow. There is never more than one interaction, none from a hidden page, and none after
 * one that has failed.
 *
 * @param application An initialised `PublicClientApplication` whose `handleRedirectPromise` has been awaited.
 * @returns A factory whose errors are PresenceErrors that say what to do: `unauthorized` when a sign-in is needed,
 * `disconnected` when the network is away.
 */
export function msalTokenFactory(application: MsalApplication, options: MsalTokenOptions): MsalTokenFactory {
  /** The account of the last window. MSAL does not make it the active one. */
  let signedIn: MsalAccount | undefined;
  /** Why the last interaction failed. The user is not asked again by itself. */
  let refused: PresenceError | undefined;

  const account = () => options.account ?? application.getActiveAccount() ?? signedIn ?? onlyAccount(application);

  const silent = async (forceRefresh: boolean): Promise<string> => {
    const known = account();
    if (!known) {
      throw new NoAccount();
    }
    const request = { scopes: [...options.scopes], account: known, forceRefresh };
    const { accessToken } = await application.acquireTokenSilent(request);
    redirectGuard.succeeded();
    refused = undefined;
    return accessToken;
  };

  const popup = async (): Promise<string> => {
    const result = await application.acquireTokenPopup(request());
    signedIn = result.account;
    refused = undefined;
    return result.accessToken;
  };

  const redirect = async (): Promise<string> => {
    const now = Date.now();
    if (!redirectGuard.mayRedirect(now)) {
      throw new PresenceError(
        "unauthorized",
        "The sign-in yielded no token for the hub. Check that the page awaits handleRedirectPromise() before it " +
          `connects, and that the scope ${options.scopes.join(" ")} exists and is consented to.`,
      );
    }
    redirectGuard.redirecting(now);
    await application.acquireTokenRedirect(request());
    throw new PresenceError("unauthorized", "The page leaves for the sign-in. Reload it if it stays.");
  };

  const request = () => {
    const known = account();
    return { scopes: [...options.scopes], ...(known && { account: known }) };
  };

  const signIn = async (interaction: Interaction): Promise<string> => {
    for (;;) {
      const token = await interact(application, interaction === "redirect" ? redirect : popup);
      if (token !== undefined) {
        return token;
      }
      try {
        return await silent(false);
      } catch (error) {
        // The interaction of the other caller was for other scopes.
        if (!needsInteraction(error)) {
          throw error;
        }
      }
    }
  };

  const factory = async ({ refresh }: TokenRequest): Promise<string> => {
    try {
      return await silent(refresh);
    } catch (error) {
      if (!needsInteraction(error)) {
        throw toPresenceError(error);
      }
      if (refused) {
        throw refused;
      }
      const interaction = allowed(options.interaction, error);
      return signIn(interaction).catch((failure: unknown) => {
        const problem = toPresenceError(failure);
        refused = problem.code === "unauthorized" ? problem : undefined;
        throw problem;
      });
    }
  };

  return Object.assign(factory, {
    signIn: async () => {
      await signIn("popup").catch((error: unknown) => {
        throw toPresenceError(error);
      });
    },
  });
}

function allowed(interaction: MsalInteraction, cause: unknown): Interaction {
  if (interaction === "none") {
    throw new PresenceError("unauthorized", "Sign-in needed: offer a button that calls signIn().", { cause });
  }
  if (typeof document === "undefined" || document.visibilityState === "hidden") {
    throw new PresenceError("unauthorized", "Sign-in needed: it begins when the page is visible.", { cause });
  }
  return interaction;
}

function onlyAccount(application: MsalApplication): MsalAccount | undefined {
  const accounts = application.getAllAccounts();
  return accounts.length === 1 ? accounts[0] : undefined;
}
