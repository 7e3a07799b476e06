import { PresenceProvider } from "@presencehub/client/react";
import { useState } from "react";
import { ChatPage } from "./ChatPage.js";
import type { Settings } from "./settings.js";
import type { Session } from "./signIn/Session.js";
import { SimulatedSignIn } from "./signIn/SimulatedSignIn.js";
import { TenantSignIn } from "./signIn/TenantSignIn.js";

/** Signs in, then gives the page one presence client. */
export function App({ settings }: { readonly settings: Settings }) {
  const [session, setSession] = useState<Session>();
  if (!session) {
    return settings.mode === "simulation" ? (
      <SimulatedSignIn presenceUrl={settings.presenceUrl} onSignedIn={setSession} />
    ) : (
      <TenantSignIn settings={settings} onSignedIn={setSession} />
    );
  }
  return (
    <PresenceProvider url={`${settings.presenceUrl}/hubs/presence`} accessTokenFactory={session.presenceToken}>
      <ChatPage session={session} />
    </PresenceProvider>
  );
}
