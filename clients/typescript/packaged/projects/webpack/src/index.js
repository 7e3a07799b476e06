import { PresenceClient, presenceLabel } from "@presencehub/client";

const client = new PresenceClient({ url: "/hubs/presence", accessTokenFactory: () => "", log: false });
client.on("connectionStateChanged", ({ state, error }) => {
  document.querySelector("#presence").textContent = `${presenceLabel(undefined)} (${error?.code ?? state})`;
});
void client.connect();
