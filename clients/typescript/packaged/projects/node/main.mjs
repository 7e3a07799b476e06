import { PresenceClient, presenceLabel } from "@presencehub/client";

const client = new PresenceClient({ url: process.argv[2], accessTokenFactory: () => "", log: false });
client.on("connectionStateChanged", ({ error }) => {
  if (error) {
    console.log(JSON.stringify({ code: error.code, label: presenceLabel(undefined, "en") }));
    void client.stop();
  }
});
client.connect().catch(() => undefined);
