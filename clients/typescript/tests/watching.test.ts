import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PresenceClient, type PresenceClientOptions, type PresenceEntry } from "../src/index.js";
import type { WatchRequest } from "../src/contract.js";
import { entry, FakeHub, hubError, subject, watchResult } from "./FakeHub.js";

const turn = () => vi.advanceTimersByTimeAsync(0);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => subject(from + index));

describe("PresenceClient watching", () => {
  let hub: FakeHub;

  function create(options: Partial<PresenceClientOptions> = {}): PresenceClient {
    return new PresenceClient({
      url: "/hubs/presence",
      accessTokenFactory: () => "token",
      createLink: hub.createLink,
      random: () => 0.5,
      ...options,
    });
  }

  async function connected(options: Partial<PresenceClientOptions> = {}): Promise<PresenceClient> {
    const client = create(options);
    await client.connect();
    return client;
  }

  async function reconnect(): Promise<void> {
    hub.link.drop();
    await vi.advanceTimersByTimeAsync(1_000);
  }

  beforeEach(() => {
    vi.useFakeTimers();
    hub = new FakeHub();
  });

  afterEach(() => vi.useRealTimers());

  it("answers with the snapshot in the order of the call", async () => {
    const client = await connected();
    const { entries, rejected } = await client.watch([subject(2), subject(1).toUpperCase(), subject(2)]);
    expect(entries.map(({ id }) => id)).toEqual([subject(2), subject(1)]);
    expect(rejected).toEqual([]);
    expect(client.entries.size).toBe(2);
  });

  it("puts the calls of one turn into one hub call", async () => {
    const client = await connected();
    await Promise.all(range(1, 50).map((id) => client.watch([id])));
    expect(hub.link.watches()).toEqual([{ ids: range(1, 50) }]);
  });

  it("does not ask again for what is watched", async () => {
    const client = await connected();
    await client.watch([subject(1)]);
    expect((await client.watch([subject(1)])).entries).toHaveLength(1);
    expect(hub.link.watches()).toHaveLength(1);
  });

  it("remembers what is watched and unwatched while offline", async () => {
    const client = create();
    const watching = client.watch(range(1, 3));
    client.unwatch([subject(2)]);
    await client.connect();
    expect((await watching).entries.map(({ id }) => id)).toEqual([subject(1), subject(3)]);
    expect(hub.link.calls).toEqual([{ method: "Watch", argument: { ids: [subject(1), subject(3)] } }]);
  });

  it("tells changes to listeners and streams, and never goes back", async () => {
    const client = await connected();
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
    const client = await connected();
    hub.onCall = () => {
      hub.link.tell("PresenceChanged", [pushed]);
      return Promise.resolve(watchResult([answered], "cursor-9"));
    };
    await client.watch([subject(1)]);
    expect(client.entries.get(subject(1))?.freshness).toBe(shown);
  });

  it("ignores changes of subjects that are not watched", async () => {
    const client = await connected();
    await client.watch([subject(1)]);
    client.unwatch([subject(1)]);
    hub.link.tell("PresenceChanged", [entry({ revision: 3 })]);
    expect(client.entries.size).toBe(0);
  });

  it("unwatches at the hub", async () => {
    const client = await connected();
    await client.watch(range(1, 2));
    client.unwatch([subject(1)]);
    await turn();
    expect(hub.link.calls.at(-1)).toEqual({ method: "Unwatch", argument: [subject(1)] });
  });

  it("watches anew what is unwatched and watched again in one breath", async () => {
    const client = await connected();
    await client.watch([subject(1)]);
    client.unwatch([subject(1)]);
    expect((await client.watch([subject(1)])).entries).toHaveLength(1);
    expect(hub.link.calls.map(({ method }) => method)).toEqual(["Watch", "Watch"]);
  });

  it("rejects what is not a GUID without asking the hub", async () => {
    const client = await connected();
    const told = vi.fn();
    client.on("rejected", told);
    const outcome = await client.watch(["somebody", "x".repeat(100_000)]);
    expect(outcome.rejected.map(({ reason }) => reason)).toEqual(["invalidId", "invalidId"]);
    expect(told).toHaveBeenCalledOnce();
    expect(hub.link.calls).toEqual([]);
  });

  it("drops what the hub rejects from the list", async () => {
    hub.onCall = () => Promise.resolve(watchResult([entry()], "c", [{ id: subject(2), reason: "notVisible" }]));
    const client = await connected();
    const told = vi.fn();
    client.on("rejected", told);
    const { rejected } = await client.watch(range(1, 2));
    expect(rejected).toEqual([{ id: subject(2), reason: "notVisible" }]);
    expect(told).toHaveBeenCalledWith(rejected);
    await reconnect();
    expect(hub.link.watches()).toEqual([{ ids: [subject(1)], cursor: "c" }]);
  });

  it("forgets what is revoked and does not ask for it again", async () => {
    const client = await connected();
    await client.watch(range(1, 2));
    const told = vi.fn();
    client.on("revoked", told);
    hub.link.tell("Revoked", [subject(2)]);
    expect([...client.entries.keys()]).toEqual([subject(1)]);
    expect(told).toHaveBeenCalledWith([subject(2)]);
    await reconnect();
    expect(hub.link.watches()).toEqual([{ ids: [subject(1)], cursor: "cursor-1" }]);
  });

  describe("resuming", () => {
    it("sends the whole list with the last bookmark", async () => {
      const client = await connected();
      await client.watch(range(1, 3));
      hub.link.tell("Bookmark", "later");
      await reconnect();
      expect(hub.link.watches()).toEqual([{ ids: range(1, 3), cursor: "later" }]);
    });

    it("sends chunks with the cursor held before, and adopts the first answer's once all succeeded", async () => {
      const client = await connected({ maxIdsPerCall: 2 });
      await client.watch(range(1, 5));
      hub.link.tell("Bookmark", "before");
      await reconnect();
      expect(hub.link.watches().map(({ ids, cursor }) => [ids.length, cursor])).toEqual([
        [2, "before"],
        [2, "before"],
        [1, "before"],
      ]);
      await reconnect();
      expect(hub.link.watches()[0]?.cursor).toBe("cursor-4");
    });

    it("keeps the old cursor when the connection is lost between chunks", async () => {
      const client = await connected({ maxIdsPerCall: 2 });
      await client.watch(range(1, 4));
      hub.link.tell("Bookmark", "before");
      let calls = 0;
      hub.onCall = (method, argument) =>
        ++calls === 1 ? Promise.resolve(hub.answer(method, argument)) : new Promise(() => undefined);
      await reconnect();
      hub.link.tell("Bookmark", "of a part of the list");
      hub.link.drop();
      client.unwatch([subject(1)]);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(hub.links).toHaveLength(3);
      expect(hub.link.watches()[0]).toEqual({ ids: [subject(2), subject(3)], cursor: "before" });
    });

    it("asks in full for what was never answered: it may be older than the cursor", async () => {
      const client = await connected();
      await client.watch([subject(1)]);
      hub.onCall = () => new Promise(() => undefined);
      const waiting = client.watch([subject(2)]);
      await turn();
      hub.link.tell("Bookmark", "later");
      hub.onCall = (method, argument) => Promise.resolve(hub.answer(method, argument));
      await reconnect();
      expect(hub.link.watches()).toEqual([{ ids: [subject(1)], cursor: "later" }, { ids: [subject(2)] }]);
      expect((await waiting).entries).toHaveLength(1);
    });

    it("takes what the answer leaves out as unchanged and live", async () => {
      const client = await connected();
      await client.watch(range(1, 3));
      hub.link.tell("PresenceChanged", [entry({ id: subject(1), freshness: "stale" })]);
      hub.onCall = () => Promise.resolve(watchResult([entry({ id: subject(3), freshness: "stale" })], "c"));
      const told: PresenceEntry[] = [];
      client.on("entriesChanged", (entries) => told.push(...entries));
      await reconnect();
      expect(range(1, 3).map((id) => client.entries.get(id)?.freshness)).toEqual(["live", "live", "stale"]);
      expect(told.map(({ id, freshness }) => [id, freshness])).toEqual([
        [subject(3), "stale"],
        [subject(1), "live"],
      ]);
    });

    it("does not let an answer under way undo what the hub has told meanwhile", async () => {
      const client = await connected();
      await client.watch([subject(1)]);
      let answer: (result: unknown) => void = () => undefined;
      hub.onCall = () => new Promise((resolve) => (answer = resolve));
      await reconnect();
      hub.link.tell("PresenceChanged", [entry({ freshness: "stale" })]);
      answer(watchResult([], "c"));
      await turn();
      expect(client.entries.get(subject(1))?.freshness).toBe("stale");
    });

    it("drops what the hub no longer lets see", async () => {
      const client = await connected();
      await client.watch(range(1, 2));
      hub.onCall = () => Promise.resolve(watchResult([], "c", [{ id: subject(1), reason: "notVisible" }]));
      await reconnect();
      expect([...client.entries.keys()]).toEqual([subject(2)]);
    });

    it("ignores what a lost connection still says", async () => {
      const client = await connected();
      await client.watch([subject(1)]);
      const lost = hub.link;
      await reconnect();
      lost.tell("PresenceChanged", [entry({ revision: 9, availability: "Busy" })]);
      lost.tell("Revoked", [subject(1)]);
      lost.tell("Draining", { reconnectAfterMs: 0 });
      await turn();
      expect(client.entries.get(subject(1))?.availability).toBe("Available");
      expect(hub.links).toHaveLength(2);
    });
  });

  describe("going without the hub", () => {
    it("tells that entries are stale after the set time, and live again after the resume", async () => {
      const client = await connected({ staleAfterMs: 10_000 });
      await client.watch(range(1, 2));
      const told: PresenceEntry[] = [];
      client.on("entriesChanged", (entries) => told.push(...entries));
      hub.onStart = () => Promise.reject(new Error("refused"));
      hub.link.drop();
      await vi.advanceTimersByTimeAsync(9_999);
      expect(told).toEqual([]);
      await vi.advanceTimersByTimeAsync(1);
      expect(told.map(({ id, freshness, revision }) => [id, freshness, revision])).toEqual([
        [subject(1), "stale", 1],
        [subject(2), "stale", 1],
      ]);

      hub.onStart = () => Promise.resolve();
      await vi.advanceTimersByTimeAsync(30_000);
      expect([...client.entries.values()].map(({ freshness }) => freshness)).toEqual(["live", "live"]);
    });

    it("says nothing about a short interruption", async () => {
      const client = await connected();
      await client.watch([subject(1)]);
      const told = vi.fn();
      client.on("entriesChanged", told);
      await reconnect();
      await vi.advanceTimersByTimeAsync(60_000);
      expect(told).not.toHaveBeenCalled();
    });

    it("counts a connection that does not answer as being without", async () => {
      const client = await connected();
      await client.watch([subject(1)]);
      hub.onCall = () => Promise.reject(hubError("unavailable"));
      await reconnect();
      await vi.advanceTimersByTimeAsync(10_000);
      expect(client.status.state).toBe("connected");
      expect(client.entries.get(subject(1))?.freshness).toBe("stale");
    });
  });

  describe("errors of the hub", () => {
    it("retries unavailable with backoff on the same connection", async () => {
      const client = await connected();
      hub.onCall = () => Promise.reject(hubError("unavailable"));
      const failures = vi.fn();
      client.on("callFailed", failures);
      const watching = client.watch([subject(1)]);
      await vi.advanceTimersByTimeAsync(500 + 1_000 + 2_000);
      expect(hub.link.watches()).toHaveLength(4);
      hub.onCall = (method, argument) => Promise.resolve(hub.answer(method, argument));
      await vi.advanceTimersByTimeAsync(4_000);
      expect((await watching).entries).toHaveLength(1);
      expect(failures).toHaveBeenCalledTimes(4);
      expect(hub.links).toHaveLength(1);
    });

    it.each(["invalidRequest", "limitExceeded", "unauthorized"])("does not retry %s", async (code) => {
      const client = await connected();
      await client.watch([subject(1)]);
      hub.onCall = () => Promise.reject(hubError(code));
      await expect(client.watch([subject(2)])).rejects.toMatchObject({ name: "PresenceError", code });
      await vi.advanceTimersByTimeAsync(60_000);
      expect(hub.link.watches()).toHaveLength(2);
      hub.onCall = (method, argument) => Promise.resolve(hub.answer(method, argument));
      await reconnect();
      expect(hub.link.watches().flatMap(({ ids }) => ids)).toEqual([subject(1)]);
    });

    it("tells what a refused resume leaves unwatched, and asks for it in full next time", async () => {
      const client = await connected({ maxIdsPerCall: 1 });
      await client.watch(range(1, 2));
      const failures = vi.fn();
      client.on("callFailed", failures);
      hub.onCall = (method, argument) =>
        (argument as WatchRequest).ids[0] === subject(2)
          ? Promise.reject(hubError("limitExceeded"))
          : Promise.resolve(hub.answer(method, argument));
      await reconnect();
      expect(failures).toHaveBeenCalledOnce();
      expect(range(1, 2).map((id) => client.entries.get(id)?.freshness)).toEqual(["live", "stale"]);

      hub.onCall = (method, argument) => Promise.resolve(hub.answer(method, argument));
      hub.link.drop();
      await vi.advanceTimersByTimeAsync(1_000);
      expect(hub.link.watches()).toEqual([{ ids: [subject(1)], cursor: "cursor-3" }, { ids: [subject(2)] }]);
      expect(client.entries.get(subject(2))?.freshness).toBe("live");
    });
  });

  describe("reading once", () => {
    it("asks in chunks and watches nothing", async () => {
      const client = await connected({ maxIdsPerCall: 2 });
      expect(await client.get(range(1, 3))).toHaveLength(3);
      expect(hub.link.calls.map(({ method }) => method)).toEqual(["Get", "Get"]);
      expect(client.entries.size).toBe(0);
    });

    it("fails while disconnected", async () => {
      await expect(create().get([subject(1)])).rejects.toMatchObject({ code: "disconnected" });
    });

    it("retries unavailable a few times", async () => {
      const client = await connected();
      hub.onCall = () => Promise.reject(hubError("unavailable"));
      const reading = expect(client.get([subject(1)])).rejects.toMatchObject({ code: "unavailable" });
      await vi.advanceTimersByTimeAsync(10_000);
      await reading;
      expect(hub.link.calls).toHaveLength(4);
    });
  });
});
