import { PublicClientApplication } from "@azure/msal-browser";
import { msalTokenFactory } from "@presencehub/client/msal";
import { tenantDirectory } from "../people/tenantDirectory.js";
import type { TenantSettings } from "../settings.js";
import type { Session } from "./Session.js";

/**
 * Signs in by a redirect. One sign-in gives two tokens: one for the presence hub, and one for this chat. Each server
 * accepts only tokens that were issued for it, so neither can act as the user at the other.
 *
 * @returns Undefined when the page leaves for the sign-in.
 */
export async function tenantSession(settings: TenantSettings): Promise<Session | undefined> {
  const msal = new PublicClientApplication({
    auth: {
      clientId: settings.clientId,
      authority: settings.authority.replace(/\/v2\.0\/?$/, ""),
      redirectUri: `${location.origin}/redirect.html`,
    },
  });
  await msal.initialize();
  const returned = await msal.handleRedirectPromise();
  const account = returned?.account ?? msal.getActiveAccount() ?? msal.getAllAccounts()[0];
  if (!account) {
    await msal.loginRedirect({ scopes: [settings.hubScope], extraScopesToConsent: [settings.chatScope] });
    return undefined;
  }
  msal.setActiveAccount(account);
  const presenceToken = msalTokenFactory(msal, { scopes: [settings.hubScope], interaction: "redirect" });
  const chat = msalTokenFactory(msal, { scopes: [settings.chatScope], interaction: "redirect" });
  return {
    userId: account.localAccountId.toLowerCase(),
    directory: tenantDirectory(settings.presenceUrl, () => presenceToken({ refresh: false })),
    presenceToken,
    chatToken: () => chat({ refresh: false }),
  };
}
