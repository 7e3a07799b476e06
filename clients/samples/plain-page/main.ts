import { PublicClientApplication } from "@azure/msal-browser";
import { PresenceClient, presenceLabel } from "@presencehub/client";
import { msalTokenFactory } from "@presencehub/client/msal";
import { settings } from "./settings.js";

const msal = new PublicClientApplication({
  auth: { clientId: settings.clientId, authority: settings.authority, redirectUri: `${location.origin}/redirect.html` },
});
await msal.initialize();
const returned = await msal.handleRedirectPromise();
if (returned) {
  msal.setActiveAccount(returned.account);
}

// A page that people only look at does not leave for a sign-in by itself: it shows a button.
const token = msalTokenFactory(msal, { scopes: [settings.scope], interaction: "none" });
const client = new PresenceClient({ url: settings.hub, accessTokenFactory: token });

const badges = [...document.querySelectorAll<HTMLElement>("[data-presence]")];
const idOf = (badge: HTMLElement) => badge.dataset["presence"] ?? "";
client.on("entriesChanged", (entries) => {
  for (const entry of entries) {
    badges.filter((badge) => idOf(badge) === entry.id).forEach((badge) => (badge.textContent = presenceLabel(entry)));
  }
});

const status = document.querySelector<HTMLElement>("#status");
const button = document.querySelector<HTMLButtonElement>("#sign-in");
client.on("connectionStateChanged", ({ state, error }) => {
  if (status && button) {
    status.textContent = state === "connected" ? "" : (error?.message ?? "Connecting…");
    button.hidden = error?.code !== "unauthorized";
  }
});
button?.addEventListener("click", () => {
  const signedIn = token.signIn().then(async () => {
    await client.stop();
    void client.connect();
  });
  signedIn.catch((error: unknown) => console.error(error));
});

void client.watch(badges.map(idOf));
client.connect().catch((error: unknown) => console.error(error));
