import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connected, createClient, range } from "./clientOfHub.js";
import { FakeHub, hubError, subject } from "./FakeHub.js";

describe("PresenceClient reading once", () => {
  let hub: FakeHub;

  beforeEach(() => {
    vi.useFakeTimers();
    hub = new FakeHub();
  });

  afterEach(() => vi.useRealTimers());

  it("asks in chunks and watches nothing", async () => {
    const client = await connected(hub, { maxIdsPerCall: 2 });
    expect(await client.get(range(1, 3))).toHaveLength(3);
    expect(hub.link.calls.map(({ method }) => method)).toEqual(["Get", "Get"]);
    expect(client.entries.size).toBe(0);
  });

  it("fails while disconnected", async () => {
    await expect(createClient(hub).get([subject(1)])).rejects.toMatchObject({ code: "disconnected" });
  });

  it("retries unavailable a few times", async () => {
    const client = await connected(hub);
    hub.onCall = () => Promise.reject(hubError("unavailable"));
    const reading = expect(client.get([subject(1)])).rejects.toMatchObject({ code: "unavailable" });
    await vi.advanceTimersByTimeAsync(10_000);
    await reading;
    expect(hub.link.calls).toHaveLength(4);
  });

  it("repeats unavailable no sooner than the hub asks for", async () => {
    const client = await connected(hub);
    hub.onCall = () => Promise.reject(hubError("unavailable", "busy; retry after 2000 ms"));
    const reading = client.get([subject(1)]);
    await vi.advanceTimersByTimeAsync(2_999);
    expect(hub.link.calls).toHaveLength(1);
    hub.onCall = (method, argument) => Promise.resolve(hub.answer(method, argument));
    await vi.advanceTimersByTimeAsync(1);
    expect(await reading).toHaveLength(1);
  });
});
