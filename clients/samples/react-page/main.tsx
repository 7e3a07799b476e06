import { PublicClientApplication } from "@azure/msal-browser";
import { msalTokenFactory } from "@presencehub/client/msal";
import { PresenceProvider } from "@presencehub/client/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { settings } from "./settings.js";
import { Team } from "./Team.js";

const msal = new PublicClientApplication({
  auth: { clientId: settings.clientId, authority: settings.authority, redirectUri: `${location.origin}/redirect.html` },
});
await msal.initialize();
const returned = await msal.handleRedirectPromise();
if (returned) {
  msal.setActiveAccount(returned.account);
}
// Silently when the user is signed in; otherwise the page leaves for the sign-in and comes back.
const token = msalTokenFactory(msal, { scopes: [settings.scope], interaction: "redirect" });

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <PresenceProvider url={settings.hub} accessTokenFactory={token}>
      <Team
        members={[
          { id: "11111111-2222-3333-4444-555555555555", name: "Ada" },
          { id: "22222222-3333-4444-5555-666666666666", name: "Grace" },
        ]}
      />
    </PresenceProvider>
  </StrictMode>,
);
