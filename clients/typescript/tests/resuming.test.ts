import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PresenceEntry } from "../src/index.js";
import { connected, range, reconnect, turn } from "./clientOfHub.js";
import { entry, FakeHub, subject, watchResult } from "./FakeHub.js";

describe("PresenceClient resuming", () => {
  let hub: FakeHub;

  beforeEach(() => {
    vi.useFakeTimers();
    hub = new FakeHub();
  });

  afterEach(() => vi.useRealTimers());

  it("sends the whole list with the last bookmark", async () => {
    const client = await connected(hub);
    await client.watch(range(1, 3));
    hub.link.tell("Bookmark", "later");
    await reconnect(hub);
    expect(hub.link.watches()).toEqual([{ ids: range(1, 3), cursor: "later" }]);
  });

  it("sends chunks with the cursor held before, and adopts the first answer's once all succeeded", async () => {
    const client = await connected(hub, { maxIdsPerCall: 2 });
    await client.watch(range(1, 5));
    hub.link.tell("Bookmark", "before");
    await reconnect(hub);
    expect(hub.link.watches().map(({ ids, cursor }) => [ids.length, cursor])).toEqual([
      [2, "before"],
      [2, "before"],
      [1, "before"],
    ]);
    await reconnect(hub);
    expect(hub.link.watches()[0]?.cursor).toBe("cursor-4");
  });

  it("keeps the old cursor when the connection is lost between chunks", async () => {
    const client = await connected(hub, { maxIdsPerCall: 2 });
    await client.watch(range(1, 4));
    hub.link.tell("Bookmark", "before");
    let calls = 0;
    hub.onCall = (method, argument) =>
      ++calls === 1 ? Promise.resolve(hub.answer(method, argument)) : new Promise(() => undefined);
    await reconnect(hub);
    hub.link.tell("Bookmark", "of a part of the list");
    hub.link.drop();
    client.unwatch([subject(1)]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(hub.links).toHaveLength(3);
    expect(hub.link.watches()[0]).toEqual({ ids: [subject(2), subject(3)], cursor: "before" });
  });

  it("asks in full for a subject that was never answered", async () => {
    const client = await connected(hub);
    await client.watch([subject(1)]);
    hub.onCall = () => new Promise(() => undefined);
    const waiting = client.watch([subject(2)]);
    await turn();
    hub.link.tell("Bookmark", "later");
    hub.onCall = (method, argument) => Promise.resolve(hub.answer(method, argument));
    await reconnect(hub);
    expect(hub.link.watches()).toEqual([{ ids: [subject(1)], cursor: "later" }, { ids: [subject(2)] }]);
    expect((await waiting).entries).toHaveLength(1);
  });

  it("marks subjects live that the answer leaves out", async () => {
    const client = await connected(hub);
    await client.watch(range(1, 3));
    hub.link.tell("PresenceChanged", [entry({ id: subject(1), freshness: "stale" })]);
    hub.onCall = () => Promise.resolve(watchResult([entry({ id: subject(3), freshness: "stale" })], "c"));
    const told: PresenceEntry[] = [];
    client.on("entriesChanged", (entries) => told.push(...entries));
    await reconnect(hub);
    expect(range(1, 3).map((id) => client.entries.get(id)?.freshness)).toEqual(["live", "live", "stale"]);
    expect(told.map(({ id, freshness }) => [id, freshness])).toEqual([
      [subject(3), "stale"],
      [subject(1), "live"],
    ]);
  });

  it("keeps an entry that was pushed before an older answer", async () => {
    const client = await connected(hub);
    await client.watch([subject(1)]);
    let answer: (result: unknown) => void = () => undefined;
    hub.onCall = () => new Promise((resolve) => (answer = resolve));
    await reconnect(hub);
    hub.link.tell("PresenceChanged", [entry({ freshness: "stale" })]);
    answer(watchResult([], "c"));
    await turn();
    expect(client.entries.get(subject(1))?.freshness).toBe("stale");
  });

  it("drops subjects that the resume rejects", async () => {
    const client = await connected(hub);
    await client.watch(range(1, 2));
    hub.onCall = () => Promise.resolve(watchResult([], "c", [{ id: subject(1), reason: "notVisible" }]));
    await reconnect(hub);
    expect([...client.entries.keys()]).toEqual([subject(2)]);
  });

  it("ignores messages of a lost connection", async () => {
    const client = await connected(hub);
    await client.watch([subject(1)]);
    const lost = hub.link;
    await reconnect(hub);
    lost.tell("PresenceChanged", [entry({ revision: 9, availability: "Busy" })]);
    lost.tell("Revoked", [subject(1)]);
    lost.tell("Draining", { reconnectAfterMs: 0 });
    await turn();
    expect(client.entries.get(subject(1))?.availability).toBe("Available");
    expect(hub.links).toHaveLength(2);
  });
});
