import { PublicClientApplication } from "@azure/msal-browser";
import type { AccessTokenFactory } from "../src/index.js";
import { msalTokenFactory, type MsalApplication } from "../src/msal/index.js";
import type { SignInSettings } from "./configuration.js";

type Application = MsalApplication &
  Pick<PublicClientApplication, "initialize" | "handleRedirectPromise" | "loginRedirect" | "setActiveAccount">;

/** A user who signs in, or has signed in, at the authority of the tenant. */
export interface Session {
  /** Leaves the page for the sign-in when that is needed, once a minute at most. */
  readonly accessToken: AccessTokenFactory;
  /** Leaves the page for the sign-in, because the user wants to. */
  signIn(): Promise<void>;
}

/** Takes the answer of a sign-in that has just ended, or the account of an earlier one. */
export async function openSession(
  settings: SignInSettings,
  createApplication: (settings: SignInSettings) => Application = createMsal,
): Promise<Session> {
  const { scope } = settings;
  const application = createApplication(settings);
  await application.initialize();
  // The user may have cancelled the sign-in: the token source then says what is missing.
  const returned = await application.handleRedirectPromise().catch(() => null);
  if (returned?.account) {
    application.setActiveAccount(returned.account);
  }
  return {
    accessToken: msalTokenFactory(application, { scopes: [scope], interaction: "redirect" }),
    signIn: () => application.loginRedirect({ scopes: [scope] }),
  };
}

function createMsal({ clientId, authority }: SignInSettings): Application {
  return new PublicClientApplication({
    auth: {
      clientId,
      authority,
      // The page's policy allows requests to this authority only, so none is asked whether it can be trusted.
      knownAuthorities: [new URL(authority).host],
      redirectUri: new URL("redirect.html", document.baseURI).href,
    },
  });
}
