import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ConnectionStatus, type PresenceClient, type PresenceClientOptions, PresenceError } from "../src/index.js";
import { createClient, turn } from "./clientOfHub.js";
import { entry, FakeHub, subject } from "./FakeHub.js";

describe("PresenceClient connecting", () => {
  let hub: FakeHub;
  let states: ConnectionStatus[];

  function create(options: Partial<PresenceClientOptions> = {}): PresenceClient {
    const client = createClient(hub, options);
    client.on("connectionStateChanged", (status) => states.push(status));
    return client;
  }

  beforeEach(() => {
    vi.useFakeTimers();
    hub = new FakeHub();
    states = [];
  });

  afterEach(() => vi.useRealTimers());

  it("retries the first connect until it succeeds", async () => {
    hub.onStart = () => Promise.reject(new Error("refused"));
    const client = create();
    const connected = client.connect();
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(hub.links.length).toBeGreaterThan(200);
    expect(client.status).toMatchObject({ state: "connecting", error: { code: "disconnected" } });

    hub.onStart = () => Promise.resolve();
    await vi.advanceTimersByTimeAsync(30_000);
    await connected;
    expect(client.status.state).toBe("connected");
  });

  it("waits a random time below a doubling bound between attempts", async () => {
    hub.onStart = () => Promise.reject(new Error("refused"));
    void create().connect();
    await vi.advanceTimersByTimeAsync(120_000);
    const waits = states.flatMap((status) => (status.retryInMs === undefined ? [] : [status.retryInMs]));
    expect(waits.slice(0, 8)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  it("waits at least as long as a busy hub asks for, and its backoff goes on afterwards", async () => {
    hub.onStart = () => Promise.reject(new PresenceError("unavailable", "busy", { retryAfterMs: 20_000 }));
    const client = create();
    void client.connect();
    await turn();
    expect(client.status).toMatchObject({ retryInMs: 30_000, error: { code: "unavailable", retryAfterMs: 20_000 } });
    await vi.advanceTimersByTimeAsync(29_999);
    expect(hub.links).toHaveLength(1);
    hub.onStart = () => Promise.reject(new Error("refused"));
    await vi.advanceTimersByTimeAsync(1);
    expect(hub.links).toHaveLength(2);
    expect(client.status).toMatchObject({ retryInMs: 1_000, error: { code: "disconnected" } });
  });

  it("sends what is watched while it connects once the connection is open", async () => {
    let accept: () => void = () => undefined;
    hub.onStart = () => new Promise((resolve) => (accept = resolve));
    const client = create();
    const failures = vi.fn();
    client.on("callFailed", failures);
    void client.connect();
    const watching = client.watch([subject(1)]);
    client.unwatch([subject(2)]);
    await vi.advanceTimersByTimeAsync(5_000);
    accept();
    await turn();
    expect((await watching).entries).toHaveLength(1);
    expect(hub.link.calls).toEqual([{ method: "Watch", argument: { ids: [subject(1)] } }]);
    expect(failures).not.toHaveBeenCalled();
  });

  it("reconnects without end after a connection was lost", async () => {
    const client = create();
    await client.connect();
    hub.onStart = () => Promise.reject(new Error("refused"));
    hub.link.drop();
    await vi.advanceTimersByTimeAsync(24 * 60 * 60_000);
    expect(client.status.state).toBe("reconnecting");

    hub.onStart = () => Promise.resolve();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(client.status.state).toBe("connected");
  });

  it("keeps backing off from a hub that accepts and closes at once", async () => {
    void create().connect();
    for (let round = 0; round < 4; round++) {
      await turn();
      hub.link.drop();
      await turn();
      await vi.advanceTimersByTimeAsync(states.at(-1)?.retryInMs ?? 0);
    }
    const waits = states.flatMap((status) => (status.retryInMs === undefined ? [] : [status.retryInMs]));
    expect(waits).toEqual([500, 1_000, 2_000, 4_000]);
  });

  it("starts over with short waits once a connection has held", async () => {
    hub.onStart = () => Promise.reject(new Error("refused"));
    const client = create();
    void client.connect();
    await vi.advanceTimersByTimeAsync(60_000);
    hub.onStart = () => Promise.resolve();
    await vi.advanceTimersByTimeAsync(30_000);
    hub.link.drop();
    await turn();
    expect(client.status.retryInMs).toBe(500);
  });

  it("never has two connections at a time", async () => {
    let starting = 0;
    let most = 0;
    hub.onStart = async () => {
      most = Math.max(most, ++starting);
      await new Promise((resolve) => setTimeout(resolve, 700)); // by the fake clock
      starting--;
    };
    const client = create();
    void client.connect();
    void client.connect();
    for (let round = 0; round < 20; round++) {
      await vi.advanceTimersByTimeAsync(450);
      hub.link.drop();
    }
    expect(most).toBe(1);
  });

  it("gives up an attempt that hangs, and tries again", async () => {
    hub.onStart = () => new Promise(() => undefined);
    void create({ connectTimeoutMs: 5_000 }).connect();
    await vi.advanceTimersByTimeAsync(5_600);
    expect(hub.links).toHaveLength(2);
    expect(hub.links[0]?.stops).toBe(1);
  });

  it("surfaces a refused token and keeps trying", async () => {
    hub.onStart = () =>
      Promise.reject(new Error("Failed to complete negotiation: Error: Unauthorized: Status code '401'"));
    const client = create();
    void client.connect();
    await turn();
    expect(client.status).toMatchObject({ state: "connecting", error: { code: "unauthorized" } });
    hub.onStart = () => Promise.resolve();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(client.status.state).toBe("connected");
  });

  it("rejects when not even a connection can be made", async () => {
    const client = create({
      createLink: () => {
        throw new Error("Cannot resolve the URL.");
      },
    });
    await expect(client.connect()).rejects.toThrow("Cannot resolve");
    expect(client.status.state).toBe("stopped");
  });

  describe("draining", () => {
    it("reconnects once, after the time the hub has asked for", async () => {
      const client = create();
      const notices: number[] = [];
      client.on("draining", (notice) => notices.push(notice.reconnectAfterMs));
      await client.connect();
      hub.link.tell("Draining", { reconnectAfterMs: 3_000 });
      hub.link.tell("Draining", { reconnectAfterMs: 9_000 });
      await vi.advanceTimersByTimeAsync(2_999);
      expect(hub.links).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(hub.links).toHaveLength(2);
      expect(hub.links[0]?.stops).toBeGreaterThan(0);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(hub.links).toHaveLength(2);
      expect(client.status.state).toBe("connected");
      expect(notices).toEqual([3_000, 9_000]);
    });

    it("waits that time even when the connection closes before", async () => {
      await create().connect();
      hub.link.tell("Draining", { reconnectAfterMs: 3_000 });
      await vi.advanceTimersByTimeAsync(1_000);
      hub.link.drop();
      await vi.advanceTimersByTimeAsync(1_999);
      expect(hub.links).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(hub.links).toHaveLength(2);
    });

    it("takes changes until then", async () => {
      const client = create();
      await client.connect();
      await client.watch([subject(1)]);
      hub.link.tell("Draining", { reconnectAfterMs: 3_000 });
      hub.link.tell("PresenceChanged", [entry({ revision: 2, availability: "Busy" })]);
      expect(client.entries.get(subject(1))?.availability).toBe("Busy");
    });
  });

  describe("stopping", () => {
    it.each([
      ["during the attempt", 0],
      ["between attempts", 100],
    ])("wins %s", async (_, milliseconds) => {
      hub.onStart =
        milliseconds === 0 ? () => new Promise(() => undefined) : () => Promise.reject(new Error("refused"));
      const client = create();
      const connected = client.connect();
      await vi.advanceTimersByTimeAsync(milliseconds);
      await client.stop();
      await expect(connected).rejects.toMatchObject({ code: "stopped" });
      await vi.advanceTimersByTimeAsync(120_000);
      expect(hub.links).toHaveLength(1);
      expect(states.at(-1)?.state).toBe("stopped");
      expect(vi.getTimerCount()).toBe(0);
    });

    it("wins over an attempt that succeeds afterwards", async () => {
      let succeed: () => void = () => undefined;
      hub.onStart = () => new Promise((resolve) => (succeed = resolve));
      const client = create();
      void client.connect();
      const stopped = client.stop();
      succeed();
      await stopped;
      await turn();
      expect(client.status.state).toBe("stopped");
      expect(states.map((status) => status.state)).not.toContain("connected");
      expect(hub.link.stops).toBeGreaterThan(0);
    });

    it("wins when a listener stops at the first event", async () => {
      const client = create();
      client.on("connectionStateChanged", ({ state }) => {
        if (state === "connected") {
          void client.stop();
        }
      });
      void client.connect();
      await vi.advanceTimersByTimeAsync(60_000);
      expect(client.status.state).toBe("stopped");
      expect(hub.links).toHaveLength(1);
    });

    it("fails the waiting calls, ends the streams and raises no further event", async () => {
      const client = create();
      const stream = client.changes();
      const watching = client.watch([subject(1)]);
      const changed = vi.fn();
      client.on("entriesChanged", changed);
      await client.stop();
      await expect(watching).rejects.toMatchObject({ code: "stopped" });
      await expect(client.watch([subject(2)])).rejects.toMatchObject({ code: "stopped" });
      expect((await stream.next()).done).toBe(true);
      expect(changed).not.toHaveBeenCalled();
    });

    it("can be followed by another connect, which resumes", async () => {
      const client = create();
      await client.connect();
      await client.watch([subject(1)]);
      await client.stop();
      await client.connect();
      await turn();
      expect(hub.links).toHaveLength(2);
      expect(hub.link.watches()).toEqual([{ ids: [subject(1)], cursor: "cursor-1" }]);
    });
  });

  it("goes on when a listener throws", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const client = create();
    const removed = vi.fn();
    client.on("connectionStateChanged", removed)();
    client.on("connectionStateChanged", () => {
      throw new Error("mine");
    });
    await client.connect();
    expect(client.status.state).toBe("connected");
    expect(removed).not.toHaveBeenCalled();
    expect(log).toHaveBeenCalled();
    log.mockRestore();
  });
});
