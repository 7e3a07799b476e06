import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PresenceClient } from "../src/index.js";
import { emulator } from "./emulator.js";
import { environment } from "./environment.js";
import { hub, otherThan } from "./hub.js";

const policyPath = process.env["PRESENCEHUB_POLICY_PATH"] ?? "";

const hide = (...HiddenSubjects: string[]): void =>
  writeFileSync(policyPath, JSON.stringify({ WatchPolicy: { HiddenSubjects } }));

// It needs a hub of its own, whose settings it may change.
describe.runIf(policyPath)("a client that watches a person who becomes hidden", () => {
  let client: PresenceClient;

  beforeEach(async () => {
    client = new PresenceClient({ url: `${environment.hub}/hubs/presence`, accessTokenFactory: () => hub.token() });
    await client.connect();
  });

  afterEach(async () => {
    hide();
    await client.stop();
  });

  it("forgets the person, gets no more changes, and is refused like for any denied subject", async () => {
    const ids = (await hub.people()).slice(0, 2).map(({ id }) => id);
    const [hidden, shown] = ids as [string, string];
    const revoked: string[] = [];
    const heard: string[] = [];
    client.on("revoked", (gone) => revoked.push(...gone));
    await client.watch(ids);
    await emulator.untilCovered(shown);

    hide(hidden);
    await vi.waitFor(() => expect(revoked).toEqual([hidden]), { timeout: 20_000, interval: 10 });
    expect([...client.entries.keys()]).toEqual([shown]);

    client.on("entriesChanged", (entries) => heard.push(...entries.map(({ id }) => id)));
    const next = otherThan(client.entries.get(shown)?.availability);
    await emulator.setPresence(hidden, next);
    await emulator.setPresence(shown, next);
    await vi.waitFor(() => expect(client.entries.get(shown)).toMatchObject(next), { timeout: 20_000, interval: 10 });
    expect(heard).not.toContain(hidden);
    expect((await client.watch([hidden])).rejected).toEqual([{ id: hidden, reason: "notVisible" }]);
    expect(await client.get([hidden])).toEqual([]);
  });
});
