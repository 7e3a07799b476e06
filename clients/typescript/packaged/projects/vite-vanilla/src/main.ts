import { PresenceClient, presenceLabel, type PresenceEntry } from "@presencehub/client";

const client = new PresenceClient({ url: "/hubs/presence", accessTokenFactory: () => "", log: false });
const show = (entry: PresenceEntry | undefined) => {
  const text = document.querySelector("#presence");
  if (text) {
    text.textContent = `${presenceLabel(entry)} (${client.status.error?.code ?? client.status.state})`;
  }
};
client.on("connectionStateChanged", () => show(undefined));
client.watch(["11111111-2222-3333-4444-555555555555"], show);
void client.connect();
