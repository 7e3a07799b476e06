import { existsSync, writeFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { PresenceClient } from "../src/index.js";
import { emulator } from "./emulator.js";
import { hub, otherThan } from "./hub.js";

const proxy = process.env["PRESENCEHUB_PROXY_URL"];
/** Where the proxy is told to cut the connection; it deletes the file when the client has another one. */
const cutPath = process.env["PRESENCEHUB_CUT_PATH"];

// They need a proxy between the client and the hub.
describe.runIf(proxy)("the client with default options behind a proxy", () => {
  let client: PresenceClient;

  afterEach(() => client.stop());

  async function seesAChange(id: string): Promise<void> {
    const next = otherThan(client.entries.get(id)?.availability);
    await emulator.setPresence(id, next);
    await vi.waitFor(() => expect(client.entries.get(id)).toMatchObject(next), { timeout: 20_000, interval: 10 });
  }

  it("gets changes, and goes on after its connection was cut", async () => {
    const id = (await hub.people())[2]?.id ?? "";
    const states: string[] = [];
    client = new PresenceClient({ url: `${proxy}/hubs/presence`, accessTokenFactory: () => hub.token() });
    client.on("connectionStateChanged", ({ state }) => states.push(state));
    await client.connect();
    await client.watch([id]);
    await emulator.untilCovered(id);
    await seesAChange(id);

    if (cutPath) {
      writeFileSync(cutPath, "");
      await vi.waitFor(() => expect(existsSync(cutPath)).toBe(false), { timeout: 40_000, interval: 20 });
      expect(states).toContain("reconnecting");
      await seesAChange(id);
    }
  });
});
