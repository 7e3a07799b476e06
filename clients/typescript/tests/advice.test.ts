import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PresenceClient, PresenceError, type PresenceClientOptions } from "../src/index.js";
import { onDemandCode } from "../src/onDemandCode.js";
import { TokenSourceError } from "../src/PresenceError.js";
import { connected, createClient, range, turn } from "./clientOfHub.js";
import { FakeHub, subject, watchResult } from "./FakeHub.js";

const hour = 60 * 60_000;
const tokenLine = (reason: string) =>
  `PresenceHub: accessTokenFactory gives no token: ${reason}. ` +
  "Check that the user is signed in, and what accessTokenFactory calls. Retrying.";

describe("PresenceClient with a lasting problem", () => {
  let hub: FakeHub;
  let lines: string[];
  const create = (options: Partial<PresenceClientOptions> = {}) =>
    createClient(hub, { log: (line) => lines.push(line), ...options });
  const fail = (error: () => Error) => (hub.onStart = () => Promise.reject(error()));

  beforeEach(() => {
    vi.useFakeTimers();
    hub = new FakeHub();
    lines = [];
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it.each([
    ["limitExceeded", "too many connections of this user", /Close other pages/],
    ["unauthorized", "The token lacks the scope access.", /scope/],
    ["tokenExpired", "The token has expired", /another token .* refresh/],
    ["invalidRequest", "The hub's address answered 404.", /option url/],
  ] as const)("shows %s in the status and says once what to do", async (code, message, advice) => {
    fail(() => new PresenceError(code, message));
    const client = create();
    void client.connect();
    await vi.advanceTimersByTimeAsync(hour);
    expect(client.status).toMatchObject({ state: "connecting", error: { code } });
    expect(hub.links.length).toBeGreaterThan(20);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^PresenceHub: \/hubs\/presence refuses the connection: /);
    expect(lines[0]).toContain(message.replace(/\.$/, ""));
    expect(lines[0]).toMatch(advice);
  });

  it("says it in one line of bounded length, whatever the server answers", async () => {
    fail(() => new PresenceError("invalidRequest", `<html>\n${"x\n".repeat(100_000)}`));
    void create().connect();
    await turn();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^PresenceHub: .{100,700}$/);
  });

  it("says nothing of a token that the next one replaces", async () => {
    fail(() => new PresenceError("tokenExpired", "The token has expired"));
    const client = create();
    void client.connect();
    await turn();
    hub.onStart = () => Promise.resolve();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(client.status.state).toBe("connected");
    expect(lines).toEqual([]);
  });

  it("says a problem again that comes back after a connection has held", async () => {
    const client = create();
    const refuse = async () => {
      fail(() => new PresenceError("limitExceeded", "too many connections"));
      hub.link.drop();
      await vi.advanceTimersByTimeAsync(10 * 60_000);
      hub.onStart = () => Promise.resolve();
      await vi.advanceTimersByTimeAsync(2 * 60_000);
    };
    await client.connect();
    await refuse();
    expect(lines).toHaveLength(1);
    await refuse();
    expect(lines).toHaveLength(2);
  });

  it("ends with an address that cannot be used, and shows why", async () => {
    const client = create({
      createLink: () => {
        throw new TypeError("Invalid URL");
      },
    });
    await expect(client.connect()).rejects.toMatchObject({ code: "invalidRequest" });
    await turn();
    expect(client.status).toMatchObject({
      state: "stopped",
      error: { code: "invalidRequest", message: "Invalid URL" },
    });
    expect(lines).toEqual([
      "PresenceHub: /hubs/presence cannot be used: Invalid URL. " +
        "Check the option url, which usually ends in /hubs/presence.",
    ]);
  });

  it("finds a malformed address itself, and retries nothing", async () => {
    const client = new PresenceClient({ url: "https://exa mple/", accessTokenFactory: () => "", log: false });
    await expect(client.connect()).rejects.toMatchObject({ code: "invalidRequest" });
    expect(client.status.state).toBe("stopped");
    expect(vi.getTimerCount()).toBe(0);
  });

  describe("when nothing answers", () => {
    const unreachable = () => new TypeError("WebSockets: not connected; negotiation: TypeError: Failed to fetch");

    async function lineOf(url: string, page?: string): Promise<string | undefined> {
      if (page) {
        vi.stubGlobal("location", new URL(page));
      }
      fail(unreachable);
      void create({ url }).connect();
      await vi.advanceTimersByTimeAsync(hour);
      expect(lines).toHaveLength(1);
      return lines[0];
    }

    it("says what it can be, without a page", async () => {
      expect(await lineOf("https://hub.example/hubs/presence")).toBe(
        "PresenceHub: https://hub.example/hubs/presence gives no answer (Failed to fetch). " +
          "Check that the hub runs, and check the option url. Retrying.",
      );
    });

    it("names the setting for the page's origin when it is another one", async () => {
      const line = await lineOf("https://hub.example/hubs/presence", "https://intranet.example/page");
      expect(line).toContain("Http:AllowedOrigins of the hub (it needs https://intranet.example)");
      expect(line).toContain("connect-src");
    });

    it("names no origin for a page of the hub", async () => {
      expect(await lineOf("/hubs/presence", "https://hub.example/page")).not.toContain("AllowedOrigins");
    });

    it("says that a page over https needs https", async () => {
      const line = await lineOf("http://hub.example/hubs/presence", "https://intranet.example/page");
      expect(line).toContain("A page over https needs a hub over https.");
    });

    it("says nothing of two failures", async () => {
      fail(unreachable);
      const client = create();
      void client.connect();
      await vi.advanceTimersByTimeAsync(500);
      expect(client.status.attempt).toBe(2);
      expect(lines).toEqual([]);
    });

    it("says nothing of an outage after a connection", async () => {
      await create().connect();
      fail(unreachable);
      hub.link.drop();
      await vi.advanceTimersByTimeAsync(hour);
      expect(lines).toEqual([]);
    });

    it("says nothing while the browser is offline", async () => {
      vi.stubGlobal("navigator", { onLine: false });
      fail(unreachable);
      void create().connect();
      await vi.advanceTimersByTimeAsync(hour);
      expect(lines).toEqual([]);
    });

    it("says that the token source fails", async () => {
      fail(() => new TokenSourceError(new Error("signed out")));
      const client = create();
      void client.connect();
      await vi.advanceTimersByTimeAsync(hour);
      expect(client.status.error?.message).toBe("signed out");
      expect(lines).toEqual([tokenLine("signed out")]);
    });

    it("leaves a token source that names the hub's code to the back-off, before and after a connection", async () => {
      const signInNeeded = () => new TokenSourceError(new PresenceError("unauthorized", "Sign-in needed"));
      fail(signInNeeded);
      const client = create();
      const waits: number[] = [];
      client.on("connectionStateChanged", ({ retryInMs }) => waits.push(retryInMs ?? 0));
      void client.connect();
      await vi.advanceTimersByTimeAsync(hour);
      expect(client.status.error).toMatchObject({ code: "unauthorized", message: "Sign-in needed" });
      expect(Math.max(...waits)).toBe(15_000);
      expect(lines).toEqual([tokenLine("Sign-in needed")]);
      hub.onStart = () => Promise.resolve();
      await vi.advanceTimersByTimeAsync(hour);
      fail(signInNeeded);
      hub.link.drop();
      await vi.advanceTimersByTimeAsync(hour);
      expect(Math.max(...waits)).toBe(15_000);
      expect(lines).toEqual([tokenLine("Sign-in needed"), tokenLine("Sign-in needed")]);
    });

    it("does not take a failure of the token source for a refused token", async () => {
      fail(() => new TokenSourceError(new PresenceError("tokenExpired", "session over")));
      const asked: boolean[] = [];
      const createLink = (refresh?: boolean) => {
        asked.push(refresh === true);
        return hub.createLink();
      };
      void create({ createLink }).connect();
      await vi.advanceTimersByTimeAsync(60_000);
      expect(asked.length).toBeGreaterThan(3);
      expect(asked).not.toContain(true);
    });
  });

  it("says once for each reason that ids are rejected", async () => {
    hub.onCall = () =>
      Promise.resolve(
        watchResult(
          [],
          "c",
          range(1, 3).map((id) => ({ id, reason: "notVisible" })),
        ),
      );
    const client = await connected(hub, { log: (line) => lines.push(line) });
    await client.watch(range(1, 3));
    await client.watch(["ada@example.com", "x".repeat(1_000)]);
    await client.watch(range(1, 3));
    await turn();
    expect(lines).toEqual([
      `PresenceHub: Not watched: ${subject(1)}, … (notVisible). This user may not see them, or they do not exist.`,
      "PresenceHub: Not watched: ada@example.com, … (invalidId). An id is a person's Entra object id, a GUID.",
    ]);
  });

  it("does not throw for ids that are no text", async () => {
    const client = create();
    const told: string[] = [];
    client.on("rejected", (subjects) => told.push(...subjects.map(({ id }) => id.toLowerCase())));
    const ids = [undefined, null, 7, Symbol("id"), {}, Object.create(null)] as never[];
    const { rejected } = await client.watch(ids);
    expect(rejected.map(({ id }) => id)).toEqual([
      "undefined",
      "null",
      "7",
      "Symbol(id)",
      "[object Object]",
      "[object Object]",
    ]);
    expect(told).toEqual(rejected.map(({ id }) => id.toLowerCase()));
    await turn();
    expect(lines).toHaveLength(1);
  });

  it("says the reason alone, once, when the code of its advice cannot be loaded", async () => {
    vi.spyOn(onDemandCode, "load").mockRejectedValue(new TypeError("Failed to fetch"));
    fail(() => new PresenceError("disconnected", "WebSockets: refused"));
    void create().connect();
    await vi.advanceTimersByTimeAsync(hour);
    expect(lines).toEqual(["PresenceHub: /hubs/presence: WebSockets: refused"]);
  });

  it("warns in the console by default, and stays silent without a log", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    fail(() => new PresenceError("limitExceeded", "too many"));
    void create({ log: false }).connect();
    await turn();
    expect(warn).not.toHaveBeenCalled();
    const { createLink } = hub;
    void new PresenceClient({ url: "/hub", accessTokenFactory: () => "", createLink }).connect();
    await turn();
    expect(warn).toHaveBeenCalledOnce();
  });

  it("goes on when the log throws", async () => {
    fail(() => new PresenceError("limitExceeded", "too many"));
    const client = create({
      log: () => {
        throw new Error("mine");
      },
    });
    void client.connect();
    await turn();
    hub.onStart = () => Promise.resolve();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(client.status.state).toBe("connected");
  });
});
