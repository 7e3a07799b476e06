import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ConnectionStatus, type PresenceClient, PresenceError } from "../src/index.js";
import { createClient, turn } from "./clientOfHub.js";
import { FakeHub } from "./FakeHub.js";

const onClose = (text: string) =>
  new Error(`Server returned an error on close: Connection closed with an error. ${text}`);
const tooMany = onClose("HubException: limitExceeded: this user holds as many connections as it may");
const expired = onClose("HubException: tokenExpired: The token has expired");

describe("PresenceClient refused by the hub", () => {
  let hub: FakeHub;
  let states: ConnectionStatus[];
  let refreshes: boolean[];

  function create(): PresenceClient {
    const client = createClient(hub, {
      createLink: (refreshToken) => {
        refreshes.push(refreshToken);
        return hub.createLink();
      },
    });
    client.on("connectionStateChanged", (status) => states.push(status));
    return client;
  }

  /** Accepts every connection and closes it with this error. */
  function refuse(error: Error): void {
    hub.onStart = () => {
      const { link } = hub;
      setTimeout(() => link.drop(error));
      return Promise.resolve();
    };
  }

  const connections = () => states.filter(({ state }) => state === "connected").length;

  beforeEach(() => {
    vi.useFakeTimers();
    hub = new FakeHub();
    states = [];
    refreshes = [];
  });

  afterEach(() => vi.useRealTimers());

  it("shows the limit, asks again once a minute at most, and does not flap", async () => {
    refuse(tooMany);
    const client = create();
    void client.connect();
    await turn();
    expect(client.status).toMatchObject({
      retryInMs: 75_000,
      error: { code: "limitExceeded", message: "this user holds as many connections as it may" },
    });

    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(hub.links.length).toBeGreaterThan(40);
    expect(hub.links.length).toBeLessThanOrEqual(60);
    expect(connections()).toBe(1);
    expect(states.length).toBeGreaterThan(2);
    expect(states.slice(2).every(({ error }) => error?.code === "limitExceeded")).toBe(true);
  });

  it("connects when another connection of the user has closed", async () => {
    refuse(tooMany);
    const client = create();
    void client.connect();
    await turn();
    hub.onStart = () => Promise.resolve();
    await vi.advanceTimersByTimeAsync(75_000 + 1_000);
    expect(client.status).toEqual({ state: "connected", attempt: 1 });
  });

  it.each([
    ["a wrong address", () => new PresenceError("invalidRequest", "The hub's address answered 404.")],
    ["another hub protocol", () => new Error("Server returned handshake error: The protocol 'x' is not supported.")],
  ])("asks once a minute after %s", async (_, error) => {
    hub.onStart = () => Promise.reject(error());
    const client = create();
    void client.connect();
    await turn();
    expect(client.status).toMatchObject({ state: "connecting", retryInMs: 75_000, error: { code: "invalidRequest" } });
  });

  it("gets another token when the one of an open connection expires", async () => {
    const client = create();
    await client.connect();
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    hub.link.drop(expired);
    await turn();
    expect(client.status).toMatchObject({ state: "reconnecting", retryInMs: 500, error: { code: "tokenExpired" } });

    await vi.advanceTimersByTimeAsync(500);
    expect(client.status.state).toBe("connected");
    expect(refreshes).toEqual([false, true]);
    await vi.advanceTimersByTimeAsync(5_000);
    hub.link.drop();
    await vi.advanceTimersByTimeAsync(500);
    expect(refreshes).toEqual([false, true, false]);
  });

  it.each([
    [
      "at negotiation",
      () => (hub.onStart = () => Promise.reject(new PresenceError("tokenExpired", "The token has expired"))),
    ],
    ["after opening", () => refuse(expired)],
  ])("does not loop with a token source that keeps its expired token, refused %s", async (_, arrange) => {
    arrange();
    const client = create();
    void client.connect();
    await turn();
    expect(client.status).toMatchObject({ retryInMs: 500, error: { code: "tokenExpired" } });
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(hub.links.length).toBeLessThanOrEqual(61);
    expect(refreshes.length).toBeGreaterThan(2);
    expect(refreshes.slice(1).every(Boolean)).toBe(true);
    expect(client.status.error?.code).toBe("tokenExpired");
    expect(connections()).toBeLessThanOrEqual(1);
  });

  it("asks for a refused token's successor at once, and then once a minute", async () => {
    hub.onStart = () => Promise.reject(new PresenceError("unauthorized", "A valid bearer token is needed"));
    const client = create();
    void client.connect();
    await turn();
    expect(client.status.retryInMs).toBe(500);
    await vi.advanceTimersByTimeAsync(500);
    expect(client.status).toMatchObject({ retryInMs: 75_000, error: { code: "unauthorized" } });
  });
});
