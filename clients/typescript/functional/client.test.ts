import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PresenceClient } from "../src/index.js";
import { emulator } from "./emulator.js";
import { environment } from "./environment.js";
import { hub, otherThan, type SimulatedPerson } from "./hub.js";

const unknownId = "ffffffff-ffff-4fff-bfff-ffffffffffff";

describe("the client on Node", () => {
  let client: PresenceClient;
  let person: SimulatedPerson;

  beforeEach(async () => {
    const [first] = await hub.people();
    if (!first) {
      throw new Error("The hub simulates no people.");
    }
    person = first;
    client = new PresenceClient({ url: `${environment.hub}/hubs/presence`, accessTokenFactory: () => hub.token() });
    await client.connect();
  });

  afterEach(() => client.stop());

  it("sees a change within two seconds", async () => {
    await client.watch([person.id]);
    await emulator.untilCovered(person.id);
    const before = client.entries.get(person.id);
    const next = otherThan(before?.availability);

    await emulator.setPresence(person.id, next);
    await vi.waitFor(() => expect(client.entries.get(person.id)).toMatchObject(next), { timeout: 2_000, interval: 10 });
    const after = client.entries.get(person.id);
    expect(after?.freshness).toBe("live");
    expect([after?.epoch, after?.revision]).not.toEqual([before?.epoch, before?.revision]);
  });

  it("gets an entry for each subject it may watch, and a reason for the others", async () => {
    const ids = (await hub.people()).map(({ id }) => id);
    const { entries, rejected } = await client.watch([...ids, "no-guid"]);
    expect(entries.map(({ id }) => id)).toEqual(ids);
    expect(rejected).toEqual([{ id: "no-guid", reason: "invalidId" }]);
  });

  it("reads once without watching", async () => {
    expect((await client.get([person.id])).map(({ id }) => id)).toEqual([person.id]);
    expect(client.entries.size).toBe(0);
  });

  it("gets an answer for an id that does not exist", async () => {
    const { entries, rejected } = await client.watch([unknownId]);
    expect(entries.length + rejected.length).toBe(1);
    expect(entries.every(({ freshness }) => freshness === "unknown")).toBe(true);
  });

  it("keeps trying with a refused token, and says so", async () => {
    const refused = new PresenceClient({ url: `${environment.hub}/hubs/presence`, accessTokenFactory: () => "a.b.c" });
    void refused.connect();
    await vi.waitFor(() => expect(refused.status.error?.code).toBe("unauthorized"), { timeout: 5_000 });
    await refused.stop();
  });
});
