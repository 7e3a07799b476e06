import type { MsalAccount, MsalApplication } from "../../src/msal/index.js";

type Result = Awaited<ReturnType<MsalApplication["acquireTokenPopup"]>>;

/** An error as MSAL throws it. */
export function msalError(name: string, errorCode: string): Error {
  return Object.assign(new Error(`${errorCode}: said MSAL`), { name, errorCode });
}

export function account(name: string): MsalAccount {
  return { homeAccountId: name, environment: "login", tenantId: "tenant", username: name, localAccountId: name };
}

/** Stands in for a `PublicClientApplication`: the test decides what a token costs. */
export class FakeMsal implements MsalApplication {
  readonly calls: string[] = [];
  accounts: MsalAccount[] = [account("ada")];
  active: MsalAccount | null = null;
  /** What stands between the user and a silent token. */
  silentError: Error | undefined;
  onPopup: () => Promise<void> = () => Promise.resolve();

  acquireTokenSilent: MsalApplication["acquireTokenSilent"] = ({ account: asked, forceRefresh }) => {
    this.calls.push(`silent${forceRefresh ? " refresh" : ""} ${asked?.username ?? "-"}`);
    return this.silentError ? Promise.reject(this.silentError) : Promise.resolve(this.result(asked));
  };

  acquireTokenPopup: MsalApplication["acquireTokenPopup"] = async (request) => {
    this.calls.push(`popup ${request.account?.username ?? "-"}`);
    await this.onPopup();
    this.silentError = undefined;
    return this.result(account("grace"));
  };

  acquireTokenRedirect: MsalApplication["acquireTokenRedirect"] = () => {
    this.calls.push("redirect");
    return Promise.resolve();
  };

  getActiveAccount = () => this.active;
  getAllAccounts = () => this.accounts;

  private result(signedIn: MsalAccount | undefined): Result {
    return { accessToken: `token of ${signedIn?.username ?? "-"}`, account: signedIn } as Result;
  }
}
