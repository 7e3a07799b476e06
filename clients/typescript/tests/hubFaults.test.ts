import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PresenceEntry } from "../src/index.js";
import type { WatchRequest } from "../src/contract.js";
import { connected, range, reconnect } from "./clientOfHub.js";
import { FakeHub, hubError, subject } from "./FakeHub.js";

describe("PresenceClient under faults of the hub", () => {
  let hub: FakeHub;

  beforeEach(() => {
    vi.useFakeTimers();
    hub = new FakeHub();
  });

  afterEach(() => vi.useRealTimers());

  describe("without the hub", () => {
    it("marks entries stale after the set time, and live after the resume", async () => {
      const client = await connected(hub, { staleAfterDisconnectMs: 10_000 });
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

    it("raises no event after a short interruption", async () => {
      const client = await connected(hub);
      await client.watch([subject(1)]);
      const told = vi.fn();
      client.on("entriesChanged", told);
      await reconnect(hub);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(told).not.toHaveBeenCalled();
    });

    it("marks entries stale while a connection does not answer", async () => {
      const client = await connected(hub);
      await client.watch([subject(1)]);
      hub.onCall = () => Promise.reject(hubError("unavailable"));
      await reconnect(hub);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(client.status.state).toBe("connected");
      expect(client.entries.get(subject(1))?.freshness).toBe("stale");
    });
  });

  describe("errors of the hub", () => {
    it("retries unavailable with backoff on the same connection", async () => {
      const client = await connected(hub);
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

    it("repeats unavailable no sooner than the hub asks for", async () => {
      const client = await connected(hub);
      hub.onCall = () => Promise.reject(hubError("unavailable", "too many calls; retry after 400 ms"));
      const watching = client.watch([subject(1)]);
      await vi.advanceTimersByTimeAsync(599);
      expect(hub.link.watches()).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(hub.link.watches()).toHaveLength(2);
      hub.onCall = (method, argument) => Promise.resolve(hub.answer(method, argument));
      await vi.advanceTimersByTimeAsync(600);
      expect((await watching).entries).toHaveLength(1);
      expect(hub.links).toHaveLength(1);
    });

    it.each(["invalidRequest", "limitExceeded", "unauthorized"])("does not retry %s", async (code) => {
      const client = await connected(hub);
      await client.watch([subject(1)]);
      hub.onCall = () => Promise.reject(hubError(code));
      await expect(client.watch([subject(2)])).rejects.toMatchObject({ name: "PresenceError", code });
      await vi.advanceTimersByTimeAsync(60_000);
      expect(hub.link.watches()).toHaveLength(2);
      hub.onCall = (method, argument) => Promise.resolve(hub.answer(method, argument));
      await reconnect(hub);
      expect(hub.link.watches().flatMap(({ ids }) => ids)).toEqual([subject(1)]);
    });

    it("marks the subjects of a refused resume stale, and asks for them in full on the next connection", async () => {
      const client = await connected(hub, { maxIdsPerCall: 1 });
      await client.watch(range(1, 2));
      const failures = vi.fn();
      client.on("callFailed", failures);
      hub.onCall = (method, argument) =>
        (argument as WatchRequest).ids[0] === subject(2)
          ? Promise.reject(hubError("limitExceeded"))
          : Promise.resolve(hub.answer(method, argument));
      await reconnect(hub);
      expect(failures).toHaveBeenCalledOnce();
      expect(range(1, 2).map((id) => client.entries.get(id)?.freshness)).toEqual(["live", "stale"]);

      hub.onCall = (method, argument) => Promise.resolve(hub.answer(method, argument));
      hub.link.drop();
      await vi.advanceTimersByTimeAsync(1_000);
      expect(hub.link.watches()).toEqual([{ ids: [subject(1)], cursor: "cursor-3" }, { ids: [subject(2)] }]);
      expect(client.entries.get(subject(2))?.freshness).toBe("live");
    });
  });
});
