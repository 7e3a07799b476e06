import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PresenceEntry } from "../src/index.js";
import { connected, createClient, range, turn } from "./clientOfHub.js";
import { entry, FakeHub, subject, watchResult } from "./FakeHub.js";

describe("PresenceClient that is paused", () => {
  let hub: FakeHub;

  beforeEach(() => {
    vi.useFakeTimers();
    hub = new FakeHub();
  });

  afterEach(() => vi.useRealTimers());

  it("closes its connection, keeps its entries and makes no other", async () => {
    const client = await connected(hub);
    await client.watch(range(1, 2));
    const told: PresenceEntry[] = [];
    client.on("entriesChanged", (entries) => told.push(...entries));
    client.pause();
    client.pause();
    await vi.advanceTimersByTimeAsync(24 * 60 * 60_000);
    expect(client.status).toEqual({ state: "paused", attempt: 0 });
    expect(hub.links).toHaveLength(1);
    expect(hub.link.stops).toBeGreaterThan(0);
    expect([...client.entries.values()].map(({ freshness }) => freshness)).toEqual(["live", "live"]);
    expect(told).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("connects at once when it is resumed, and catches up from its cursor", async () => {
    const client = await connected(hub);
    await client.watch(range(1, 2));
    hub.link.tell("Bookmark", "later");
    client.pause();
    await vi.advanceTimersByTimeAsync(60_000);
    const states: string[] = [];
    client.on("connectionStateChanged", ({ state }) => states.push(state));
    const told: PresenceEntry[] = [];
    client.on("entriesChanged", (entries) => told.push(...entries));
    hub.onCall = () => Promise.resolve(watchResult([entry({ id: subject(2), revision: 7 })], "c"));
    client.resume();
    await turn();
    expect(hub.link.watches()).toEqual([{ ids: range(1, 2), cursor: "later" }]);
    expect(told.map(({ id, revision }) => [id, revision])).toEqual([[subject(2), 7]]);
    expect(states).toEqual(["reconnecting", "connected"]);
  });

  it("turns entries stale after it was resumed only if the hub does not confirm them in time", async () => {
    const client = await connected(hub, { staleAfterDisconnectMs: 10_000 });
    await client.watch([subject(1)]);
    client.pause();
    await vi.advanceTimersByTimeAsync(60_000);
    hub.onStart = () => Promise.reject(new Error("refused"));
    client.resume();
    await vi.advanceTimersByTimeAsync(9_999);
    expect(client.entries.get(subject(1))?.freshness).toBe("live");
    await vi.advanceTimersByTimeAsync(1);
    expect(client.entries.get(subject(1))?.freshness).toBe("stale");
    hub.onStart = () => Promise.resolve();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(client.entries.get(subject(1))?.freshness).toBe("live");
  });

  it("lets what is watched meanwhile wait, and reads nothing", async () => {
    const client = await connected(hub);
    client.pause();
    const watching = client.watch([subject(1)]);
    await expect(client.get([subject(1)])).rejects.toMatchObject({ code: "disconnected" });
    await client.connect();
    expect(hub.links).toHaveLength(1);
    client.resume();
    expect((await watching).entries).toHaveLength(1);
  });

  it("can be paused before the first connection, which connect() awaits", async () => {
    hub.onStart = () => Promise.reject(new Error("refused"));
    const client = createClient(hub);
    const connecting = client.connect();
    await turn();
    client.pause();
    hub.onStart = () => Promise.resolve();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(hub.links).toHaveLength(1);
    client.resume();
    await connecting;
    expect(client.status.state).toBe("connected");
  });

  it("can be stopped, and does not pause or resume before connect or after stop", async () => {
    const client = createClient(hub);
    client.pause();
    client.resume();
    expect(client.status.state).toBe("idle");
    await client.connect();
    const stream = client.changes();
    client.pause();
    await client.stop();
    expect((await stream.next()).done).toBe(true);
    client.resume();
    client.pause();
    await turn();
    expect(client.status.state).toBe("stopped");
    expect(hub.links).toHaveLength(1);
  });
});

describe("PresenceClient of a hidden page", () => {
  let hub: FakeHub;
  let page: EventTarget & { visibilityState: string };

  async function show(visibilityState: "hidden" | "visible", forMs = 0): Promise<void> {
    page.visibilityState = visibilityState;
    page.dispatchEvent(new Event("visibilitychange"));
    await vi.advanceTimersByTimeAsync(forMs);
  }

  beforeEach(() => {
    vi.useFakeTimers();
    hub = new FakeHub();
    page = Object.assign(new EventTarget(), { visibilityState: "visible" });
    vi.stubGlobal("document", page);
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("pauses after the page was hidden for a minute, and connects when it is visible", async () => {
    const client = await connected(hub, { whenHidden: "pause" });
    await client.watch([subject(1)]);
    await show("hidden", 59_999);
    expect(client.status.state).toBe("connected");
    await vi.advanceTimersByTimeAsync(1);
    expect(client.status.state).toBe("paused");
    await show("visible");
    expect(client.status.state).toBe("connected");
    expect(hub.link.watches()).toEqual([{ ids: [subject(1)], cursor: "cursor-1" }]);
  });

  it("keeps its connection by default, and when the page is visible in between", async () => {
    const keeping = await connected(hub);
    const pausing = await connected(hub, { whenHidden: "pause", pauseAfterMs: 5_000 });
    await show("hidden", 4_000);
    await show("visible", 4_000);
    await show("hidden", 4_000);
    expect(pausing.status.state).toBe("connected");
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(pausing.status.state).toBe("paused");
    expect(keeping.status.state).toBe("connected");
  });

  it("pauses when it connects in a page that is hidden already", async () => {
    page.visibilityState = "hidden";
    const client = await connected(hub, { whenHidden: "pause" });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.status.state).toBe("paused");
  });

  it("leaves a pause to the application that asked for it", async () => {
    const client = await connected(hub, { whenHidden: "pause" });
    client.pause();
    await show("hidden", 60_000);
    await show("visible");
    expect(client.status.state).toBe("paused");
    client.resume();
    await show("hidden", 60_000);
    client.pause();
    await show("visible");
    expect(client.status.state).toBe("paused");
  });

  it("does not look at the page after it was stopped, and does again after connect", async () => {
    const removed = vi.spyOn(page, "removeEventListener");
    const client = await connected(hub, { whenHidden: "pause" });
    await show("hidden", 1_000);
    await client.stop();
    await show("visible");
    expect(client.status.state).toBe("stopped");
    expect(removed).toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
    await client.connect();
    await show("hidden", 60_000);
    expect(client.status.state).toBe("paused");
  });

  it("pauses again when it is stopped and connected in a page that stays hidden", async () => {
    const client = await connected(hub, { whenHidden: "pause" });
    await show("hidden", 60_000);
    expect(client.status.state).toBe("paused");
    await client.stop();
    await client.connect();
    await vi.advanceTimersByTimeAsync(59_999);
    expect(client.status.state).toBe("connected");
    await vi.advanceTimersByTimeAsync(1);
    expect(client.status.state).toBe("paused");
    await show("visible");
    expect(client.status.state).toBe("connected");
  });

  it("pauses again when the application resumes it in a page that stays hidden", async () => {
    const client = await connected(hub, { whenHidden: "pause" });
    await show("hidden", 60_000);
    client.resume();
    await vi.advanceTimersByTimeAsync(59_999);
    expect(client.status.state).toBe("connected");
    await vi.advanceTimersByTimeAsync(1);
    expect(client.status.state).toBe("paused");
  });

  it.each([
    [40 * 24 * 60 * 60_000, "paused"],
    [Infinity, "connected"],
  ])("waits %d ms, which is longer than a timer of the browser can be", async (pauseAfterMs, then) => {
    const client = await connected(hub, { whenHidden: "pause", pauseAfterMs });
    await show("hidden", 40 * 24 * 60 * 60_000 - 1);
    expect(client.status.state).toBe("connected");
    await vi.advanceTimersByTimeAsync(1);
    expect(client.status.state).toBe(then);
    await client.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("never pauses without a document", async () => {
    vi.unstubAllGlobals();
    const client = await connected(hub, { whenHidden: "pause" });
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(client.status.state).toBe("connected");
  });
});
