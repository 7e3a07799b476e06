import type { AccountInfo, IPublicClientApplication } from "@azure/msal-browser";

/** What is used of a `PublicClientApplication` of @azure/msal-browser 3, 4 or 5. The page creates it. */
export type MsalApplication = Pick<
  IPublicClientApplication,
  "acquireTokenSilent" | "acquireTokenPopup" | "acquireTokenRedirect" | "getActiveAccount" | "getAllAccounts"
>;

export type MsalAccount = AccountInfo;
