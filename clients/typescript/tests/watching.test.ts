import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PresenceEntry } from "../src/index.js";
import { connected, createClient, range, reconnect, turn } from "./clientOfHub.js";
import { entry, FakeHub, subject, watchResult } from "./FakeHub.js";

describe("PresenceClient watching", () => {
  let hub: FakeHub;

  beforeEach(() => {
    vi.useFakeTimers();
    hub = new FakeHub();
  });

  afterEach(() => vi.useRealTimers());

  it("answers with the snapshot in the order of the call", async () => {
    const client = await connected(hub);
    const { entries, rejected } = await client.watch([subject(2), subject(1).toUpperCase(), subject(2)]);
    expect(entries.map(({ id }) => id)).toEqual([subject(2), subject(1)]);
    expect(rejected).toEqual([]);
    expect(client.entries.size).toBe(2);
  });

  it("puts the calls of one turn into one hub call", async () => {
    const client = await connected(hub);
    await Promise.all(range(1, 50).map((id) => client.watch([id])));
    expect(hub.link.watches()).toEqual([{ ids: range(1, 50) }]);
  });

  it("does not ask again for a watched subject", async () => {
    const client = await connected(hub);
    await client.watch([subject(1)]);
    expect((await client.watch([subject(1)])).entries).toHaveLength(1);
    expect(hub.link.watches()).toHaveLength(1);
  });

  it("remembers watches and unwatches while disconnected", async () => {
    const client = createClient(hub);
    const watching = client.watch(range(1, 3));
    client.unwatch([subject(2)]);
    await client.connect();
    expect((await watching).entries.map(({ id }) => id)).toEqual([subject(1), subject(3)]);
    expect(hub.link.calls).toEqual([{ method: "Watch", argument: { ids: [subject(1), subject(3)] } }]);
  });

  it("passes changes to listeners and streams, and never goes back", async () => {
    const client = await connected(hub);
    await client.watch([subject(1)]);
    const stream = client.changes();
    const told: PresenceEntry[] = [];
    client.on("entriesChanged", (entries) => told.push(...entries));
    hub.link.tell("PresenceChanged", [entry({ revision: 3, availability: "Busy" })]);
    hub.link.tell("PresenceChanged", [entry({ revision: 2, availability: "Away" })]);
    expect(told.map(({ availability }) => availability)).toEqual(["Busy"]);
    expect((await stream.next()).value).toMatchObject({ availability: "Busy" });
  });

  it.each([
    { pushed: entry({ revision: 3 }), answered: entry({ revision: 3, freshness: "stale" }), shown: "live" },
    { pushed: entry({ revision: 3 }), answered: entry({ revision: 4, freshness: "stale" }), shown: "stale" },
  ])("takes an answer that a push has overtaken for older: $shown", async ({ pushed, answered, shown }) => {
    const client = await connected(hub);
    hub.onCall = () => {
      hub.link.tell("PresenceChanged", [pushed]);
      return Promise.resolve(watchResult([answered], "cursor-9"));
    };
    await client.watch([subject(1)]);
    expect(client.entries.get(subject(1))?.freshness).toBe(shown);
  });

  it("ignores changes of subjects that are not watched", async () => {
    const client = await connected(hub);
    await client.watch([subject(1)]);
    client.unwatch([subject(1)]);
    hub.link.tell("PresenceChanged", [entry({ revision: 3 })]);
    expect(client.entries.size).toBe(0);
  });

  it("unwatches at the hub", async () => {
    const client = await connected(hub);
    await client.watch(range(1, 2));
    client.unwatch([subject(1)]);
    await turn();
    expect(hub.link.calls.at(-1)).toEqual({ method: "Unwatch", argument: [subject(1)] });
  });

  it("watches a subject again that is unwatched and watched in one turn", async () => {
    const client = await connected(hub);
    await client.watch([subject(1)]);
    client.unwatch([subject(1)]);
    expect((await client.watch([subject(1)])).entries).toHaveLength(1);
    expect(hub.link.calls.map(({ method }) => method)).toEqual(["Watch", "Watch"]);
  });

  it("rejects ids that are not GUIDs without asking the hub", async () => {
    const client = await connected(hub);
    const told = vi.fn();
    client.on("rejected", told);
    const outcome = await client.watch(["no-guid", "x".repeat(100_000)]);
    expect(outcome.rejected.map(({ reason }) => reason)).toEqual(["invalidId", "invalidId"]);
    expect(told).toHaveBeenCalledOnce();
    expect(hub.link.calls).toEqual([]);
  });

  it("drops rejected subjects from the list", async () => {
    hub.onCall = () => Promise.resolve(watchResult([entry()], "c", [{ id: subject(2), reason: "notVisible" }]));
    const client = await connected(hub);
    const told = vi.fn();
    client.on("rejected", told);
    const { rejected } = await client.watch(range(1, 2));
    expect(rejected).toEqual([{ id: subject(2), reason: "notVisible" }]);
    expect(told).toHaveBeenCalledWith(rejected);
    await reconnect(hub);
    expect(hub.link.watches()).toEqual([{ ids: [subject(1)], cursor: "c" }]);
  });

  it("forgets revoked subjects and does not ask for them again", async () => {
    const client = await connected(hub);
    await client.watch(range(1, 2));
    const told = vi.fn();
    client.on("revoked", told);
    hub.link.tell("Revoked", [subject(2)]);
    expect([...client.entries.keys()]).toEqual([subject(1)]);
    expect(told).toHaveBeenCalledWith([subject(2)]);
    await reconnect(hub);
    expect(hub.link.watches()).toEqual([{ ids: [subject(1)], cursor: "cursor-1" }]);
  });
});
