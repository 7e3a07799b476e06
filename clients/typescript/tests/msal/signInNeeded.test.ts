// @vitest-environment happy-dom
import { expect, it, vi } from "vitest";
import { PresenceClient } from "../../src/index.js";
import { msalTokenFactory } from "../../src/msal/index.js";
import { FakeMsal, msalError } from "./FakeMsal.js";

it.each([
  ["InteractionRequiredAuthError", "login_required", "unauthorized"],
  ["ClientAuthError", "no_network_connectivity", "disconnected"],
])("a client without a token because of %s %s shows %s", async (name, errorCode, code) => {
  const msal = new FakeMsal();
  msal.silentError = msalError(name, errorCode);
  const client = new PresenceClient({
    url: "https://presence.example.com/hubs/presence",
    accessTokenFactory: msalTokenFactory(msal, { scopes: ["api://presence-hub/access"], interaction: "none" }),
  });
  void client.connect();
  await vi.waitFor(() => expect(client.status.error).toMatchObject({ code }));
  await client.stop();
});
