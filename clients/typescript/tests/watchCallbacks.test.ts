import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PresenceEntry } from "../src/index.js";
import { connected, createClient, range, reconnect, turn } from "./clientOfHub.js";
import { entry, FakeHub, subject, watchResult } from "./FakeHub.js";

describe("PresenceClient with callbacks of watches", () => {
  let hub: FakeHub;
  let told: PresenceEntry[];
  const note = (changed: PresenceEntry) => void told.push(changed);
  const change = (number: number, revision: number) =>
    hub.link.tell("PresenceChanged", [entry({ id: subject(number), revision })]);

  beforeEach(() => {
    vi.useFakeTimers();
    hub = new FakeHub();
    told = [];
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it("calls back with the snapshot and with each new entry of its own subjects", async () => {
    const client = await connected(hub);
    await Promise.all([client.watch(range(1, 2), note), client.watch([subject(3)])]);
    change(2, 2);
    change(3, 2);
    change(2, 1);
    expect(told.map(({ id, revision }) => [id, revision])).toEqual([
      [subject(1), 1],
      [subject(2), 1],
      [subject(2), 2],
    ]);
  });

  it("calls back with a known entry right after the call has returned, connected or not", async () => {
    const client = await connected(hub);
    await client.watch([subject(1)]);
    hub.link.drop();
    void client.watch(range(1, 2), note);
    expect(told).toEqual([]);
    await Promise.resolve();
    expect(told.map(({ id }) => id)).toEqual([subject(1)]);
  });

  it("tells an entry once that changes in the turn in which it is watched", async () => {
    const client = await connected(hub);
    await client.watch([subject(1)]);
    void client.watch([subject(1)], note);
    change(1, 2);
    await turn();
    expect(told.map(({ revision }) => revision)).toEqual([2]);
  });

  it("tells that an entry has turned stale", async () => {
    const client = await connected(hub);
    await client.watch([subject(1)], note);
    hub.onStart = () => Promise.reject(new Error("refused"));
    hub.link.drop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(told.map(({ freshness }) => freshness)).toEqual(["live", "stale"]);
  });

  it("does not call back after dispose, not even with a known entry", async () => {
    const client = await connected(hub);
    const other = vi.fn();
    await client.watch([subject(1)], other);
    const watch = client.watch([subject(1)], note);
    watch.dispose();
    await turn();
    change(1, 2);
    expect(told).toEqual([]);
    expect(other).toHaveBeenCalledTimes(2);
  });

  it("calls one function once for each watch that has it", async () => {
    const client = await connected(hub);
    const [first] = [client.watch([subject(1)], note), client.watch([subject(1)], note)];
    await turn();
    first.dispose();
    change(1, 2);
    expect(told.map(({ revision }) => revision)).toEqual([1, 1, 2]);
  });

  it("lets a callback end another watch and begin a new one", async () => {
    const client = await connected(hub);
    await client.watch([subject(1)], ({ revision }) => {
      if (revision === 2) {
        ended.dispose();
        void client.watch([subject(1)], note);
      }
    });
    const notCalled = vi.fn();
    const ended = client.watch([subject(1)], notCalled);
    await turn();
    change(1, 2);
    await turn();
    expect(notCalled).toHaveBeenCalledOnce();
    expect(told.map(({ revision }) => revision)).toEqual([2]);
  });

  it.each([
    [
      "rejects",
      () => (hub.onCall = () => Promise.resolve(watchResult([], "c", [{ id: subject(1), reason: "notVisible" }]))),
    ],
    ["revokes", () => hub.link.tell("Revoked", [subject(1)])],
  ])("does not call back for a subject that the hub %s, also when it is watched again", async (_, lose) => {
    const client = await connected(hub);
    await client.watch([subject(1)], note);
    lose();
    await reconnect(hub);
    hub.onCall = (method, argument) => Promise.resolve(hub.answer(method, argument));
    await client.watch([subject(1)]);
    change(1, 5);
    expect(client.entries.get(subject(1))?.revision).toBe(5);
    expect(told.map(({ revision }) => revision)).toEqual([1]);
  });

  it("calls the others when one throws, and reports it once", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const client = await connected(hub);
    void client.watch([subject(1)], () => {
      throw new Error("mine");
    });
    await client.watch(range(1, 2), note);
    change(1, 2);
    change(2, 2);
    expect(told).toHaveLength(4);
    expect(log).toHaveBeenCalledOnce();
    expect(client.status.state).toBe("connected");
  });

  it("survives a callback that is no function", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const client = createClient(hub);
    void client.watch([subject(1)], {} as never);
    await client.connect();
    await turn();
    expect(client.entries.size).toBe(1);
    expect(log).toHaveBeenCalledOnce();
  });

  it("runs one of 1,000 callbacks for one change", async () => {
    const client = await connected(hub);
    let calls = 0;
    range(1, 1_000).forEach((id) => void client.watch([id], () => calls++));
    await turn();
    calls = 0;
    change(500, 2);
    expect(calls).toBe(1);
  });
});
