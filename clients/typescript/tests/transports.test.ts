import { HttpTransportType } from "@microsoft/signalr";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PresenceClient, PresenceError, type PresenceClientOptions } from "../src/index.js";
import { onDemandCode } from "../src/onDemandCode.js";
import { subject } from "./FakeHub.js";
import { type Treatment, TransportHub } from "./TransportHub.js";

describe("PresenceClient choosing a transport, over a real socket", () => {
  let hub: TransportHub;
  let url: string;
  let client: PresenceClient;
  let escaped: unknown[];
  const record = (reason: unknown) => escaped.push(reason);

  function create(options: Partial<PresenceClientOptions> = {}): PresenceClient {
    client = new PresenceClient({ url, accessTokenFactory: () => "token", random: () => 0, log: false, ...options });
    return client;
  }

  beforeEach(async () => {
    hub = new TransportHub();
    url = await hub.listen();
    escaped = [];
    process.on("unhandledRejection", record);
    process.on("uncaughtException", record);
  });

  afterEach(async () => {
    await client.stop();
    await hub.close();
    // Node reports rejections that were not handled after the turn in which they happened.
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", record);
    process.off("uncaughtException", record);
    vi.useRealTimers();
    vi.restoreAllMocks();
    expect(escaped).toEqual([]);
  });

  it("opens a WebSocket without negotiation, and sends one Watch for what was asked before", async () => {
    create();
    const failures = vi.fn();
    client.on("callFailed", failures);
    void client.connect();
    const outcomes = await Promise.all([client.watch([subject(1)]), client.watch([subject(2)])]);
    expect(outcomes.map(({ entries }) => entries.length)).toEqual([1, 1]);
    expect(hub.asked).toEqual(["WebSocket", "Watch"]);
    expect(failures).not.toHaveBeenCalled();
  });

  it.each<Treatment>([400, 403, 404, 426, 502, "die", "close"])(
    "falls back when WebSockets are treated with %s",
    async (treatment) => {
      hub.webSockets = treatment;
      void create().connect();
      expect((await client.watch([subject(1)])).entries).toHaveLength(1);
      expect(hub.asked).toEqual(["WebSocket", "negotiate", "negotiated WebSocket", "negotiate", "events", "Watch"]);
    },
  );

  it("falls back when WebSockets hang, without another one", async () => {
    hub.webSockets = "hang";
    void create({ connectTimeoutMs: 900 }).connect();
    expect((await client.watch([subject(1)])).entries).toHaveLength(1);
    expect(hub.asked).toEqual(["WebSocket", "negotiate", "events", "Watch"]);
  });

  it.each<[string, Partial<TransportHub>]>([
    ["answered with 502", { events: 502 }],
    ["held back by a proxy that buffers", { events: "hang" }],
    ["open while what is posted goes to another node", { posts: 404 }],
    ["open while what is posted is not answered", { posts: "hang" }],
    ["cut while the handshake is posted", { posts: "die" }],
    ["given up by the hub while the handshake is posted", { events: "die" }],
    ["held back until the hub has given it up", { events: "late" }],
  ])("falls back to long polling when the event stream is %s", async (_, treatment) => {
    Object.assign(hub, { webSockets: 400, ...treatment });
    void create({ connectTimeoutMs: 3_000 }).connect();
    expect((await client.watch([subject(1)])).entries).toHaveLength(1);
    expect(hub.asked.slice(0, 7)).toEqual([
      "WebSocket",
      "negotiate",
      "negotiated WebSocket",
      "negotiate",
      "events",
      "negotiate",
      "poll",
    ]);
  });

  it("remembers a fallback for the next connection, and tries WebSockets again after a while", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    hub.webSockets = 400;
    void create().connect();
    await client.watch([subject(1)]);

    hub.asked.length = 0;
    hub.cut();
    await vi.waitFor(() => expect(hub.asked).toEqual(["negotiate", "events", "Watch"]));

    vi.setSystemTime(Date.now() + 11 * 60_000);
    hub.webSockets = "pass";
    hub.asked.length = 0;
    hub.cut();
    await vi.waitFor(() => expect(hub.asked).toEqual(["WebSocket", "Watch"]));
  });

  it("starts again from WebSockets when the remembered fallback fails", async () => {
    hub.webSockets = 400;
    void create().connect();
    await client.watch([subject(1)]);

    Object.assign(hub, { webSockets: "pass", events: 502, polls: 502 });
    hub.asked.length = 0;
    hub.cut();
    await vi.waitFor(() => expect(hub.asked.at(-1)).toBe("Watch"));
    expect(hub.asked).toEqual(["negotiate", "events", "negotiate", "poll", "WebSocket", "Watch"]);
  });

  it("keeps a remembered fallback while the hub is away", async () => {
    hub.webSockets = 400;
    void create().connect();
    await client.watch([subject(1)]);

    hub.negotiation = { status: 502, headers: {}, body: "" };
    hub.asked.length = 0;
    hub.cut();
    await vi.waitFor(() => expect(hub.asked.length).toBeGreaterThan(1));
    hub.negotiation = undefined;
    await vi.waitFor(() => expect(hub.asked.at(-1)).toBe("Watch"));
    expect(hub.asked).not.toContain("WebSocket");
  });

  it.each<[number, Record<string, string>, string, object]>([
    [
      401,
      {},
      '{"code":"tokenExpired","detail":"The token has expired"}',
      { code: "tokenExpired", message: "The token has expired" },
    ],
    [401, {}, '{"code":"unauthorized"}', { code: "unauthorized" }],
    [403, {}, "", { code: "unauthorized" }],
    [404, {}, "", { code: "invalidRequest", message: "The hub's address answered 404." }],
    [503, { "Retry-After": "7" }, '{"code":"unavailable"}', { code: "unavailable", retryAfterMs: 7_000 }],
  ])("tells a refusal with %s from a network without WebSockets", async (status, headers, body, error) => {
    hub.webSockets = status;
    hub.negotiation = { status, headers, body };
    void create().connect();
    await vi.waitFor(() => expect(client.status.error).toMatchObject(error));
    expect(hub.asked.slice(0, 2)).toEqual(["WebSocket", "negotiate"]);
  });

  it("closes a hanging transport when it tries the next one", async () => {
    Object.assign(hub, { webSockets: "hang", events: "hang" });
    void create({ connectTimeoutMs: 1_500 }).connect();
    await vi.waitFor(() => expect(hub.hanging).toBe(1));
    await client.watch([subject(1)]);
    expect(hub.asked).toEqual(["WebSocket", "negotiate", "events", "negotiate", "poll", "Watch"]);
    await vi.waitFor(() => expect(hub.hanging).toBe(0));
  });

  it("asks for one token per attempt", async () => {
    hub.webSockets = 400;
    const factory = vi.fn(() => "token");
    void create({ accessTokenFactory: factory }).connect();
    await client.watch([subject(1)]);
    expect(factory).toHaveBeenCalledExactlyOnceWith({ refresh: false });
  });

  it("reports a token source that fails, and asks no transport", async () => {
    void create({ accessTokenFactory: () => Promise.reject(new Error("signed out")) }).connect();
    await vi.waitFor(() => expect(client.status.error).toMatchObject({ code: "disconnected", message: "signed out" }));
    expect(hub.asked).toEqual([]);
  });

  it("keeps the code of a token source that fails, and tries again soon", async () => {
    const failure = new PresenceError("unauthorized", "sign in first");
    const factory = vi.fn((): Promise<string> => Promise.reject(failure));
    const waits: number[] = [];
    const connecting = create({ accessTokenFactory: factory });
    client.on("connectionStateChanged", ({ retryInMs }) => waits.push(retryInMs ?? 0));
    void connecting.connect();
    await vi.waitFor(() => expect(factory.mock.calls.length).toBeGreaterThan(2));
    expect(client.status.error).toMatchObject({ code: "unauthorized", message: "sign in first", cause: failure });
    expect(factory).not.toHaveBeenCalledWith({ refresh: true });
    expect(Math.max(...waits)).toBe(0);
  });

  it("loads the code of the other transports once a WebSocket is open, before it is needed", async () => {
    const load = vi.spyOn(onDemandCode, "load");
    hub.webSockets = "hang";
    void create().connect();
    await vi.waitFor(() => expect(hub.asked).toEqual(["WebSocket"]));
    expect(load).not.toHaveBeenCalled();
    await client.stop();

    hub.webSockets = "pass";
    void client.connect();
    await client.watch([subject(1)]);
    expect(load).toHaveBeenCalledOnce();
    expect(hub.asked).toEqual(["WebSocket", "WebSocket", "Watch"]);
  });

  it("never loads the code of the other transports when only a WebSocket may be used", async () => {
    const load = vi.spyOn(onDemandCode, "load");
    void create({ http: { skipNegotiation: true, transport: HttpTransportType.WebSockets } }).connect();
    await client.watch([subject(1)]);
    hub.webSockets = 400;
    hub.cut();
    await vi.waitFor(() => expect(client.status.error?.code).toBe("disconnected"));
    expect(load).not.toHaveBeenCalled();
  });

  it("treats code that cannot be loaded as a failed connection, and asks for it again", async () => {
    hub.webSockets = 400;
    const load = vi.spyOn(onDemandCode, "load").mockRejectedValueOnce(new TypeError("Failed to fetch"));
    const errors: unknown[] = [];
    create().on("connectionStateChanged", ({ error }) => error && errors.push(error));
    void client.connect();
    expect((await client.watch([subject(1)])).entries).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      code: "disconnected",
      message: expect.stringMatching(
        /^WebSockets: .*; the code of the other transports could not be loaded$/,
      ) as string,
    });
    expect(load).toHaveBeenCalledTimes(2);
    expect(hub.asked.slice(0, 3)).toEqual(["WebSocket", "WebSocket", "negotiate"]);
    expect(hub.asked.at(-1)).toBe("Watch");
  });

  it("gives up code that takes too long to load, and can be stopped meanwhile", async () => {
    hub.webSockets = 400;
    const load = vi.spyOn(onDemandCode, "load").mockReturnValue(new Promise(() => undefined));
    void create({ connectTimeoutMs: 100 }).connect();
    await vi.waitFor(() => expect(load.mock.calls.length).toBeGreaterThan(1));
    expect(client.status.error?.code).toBe("disconnected");
    await client.stop();
  });
});
