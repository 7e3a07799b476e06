import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PresenceError } from "../src/index.js";
import { connected, createClient, range, reconnect, turn } from "./clientOfHub.js";
import { FakeHub, hubError } from "./FakeHub.js";

const tooLarge = (most: number) =>
  new Error(
    "Server returned an error on close: Connection closed with an error. " +
      `HubException: limitExceeded: a message is larger than 65536 bytes; one call may carry ${most}`,
  );

describe("PresenceClient of a hub that takes fewer ids in a call", () => {
  let hub: FakeHub;

  /** Refuses every call with more ids. */
  function limitTo(most: number): void {
    hub.onCall = (method, argument) => {
      const ids = Array.isArray(argument) ? (argument as string[]) : (argument as { ids: string[] }).ids;
      return ids.length > most
        ? Promise.reject(hubError("limitExceeded", `ids holds ${ids.length} entries; one call may carry ${most}`))
        : Promise.resolve(hub.answer(method, argument));
    };
  }

  const sizes = () => hub.link.watches().map(({ ids }) => ids.length);

  beforeEach(() => {
    vi.useFakeTimers();
    hub = new FakeHub();
  });

  afterEach(() => vi.useRealTimers());

  it("repeats a watch in parts on the same connection, and reports no failure", async () => {
    limitTo(2);
    const client = await connected(hub);
    const failures: PresenceError[] = [];
    client.on("callFailed", (error) => failures.push(error));
    expect((await client.watch(range(1, 5))).entries).toHaveLength(5);
    expect(sizes()).toEqual([5, 2, 2, 1]);
    await client.watch(range(6, 8));
    expect(sizes().slice(4)).toEqual([2, 1]);
    expect(failures).toEqual([]);
    expect(hub.links).toHaveLength(1);
  });

  it("repeats reads, also when a watch was refused at the same time", async () => {
    limitTo(3);
    const client = await connected(hub);
    const [read, watched] = await Promise.all([client.get(range(1, 5)), client.watch(range(1, 5))]);
    expect(read.map(({ id }) => id)).toEqual(range(1, 5));
    expect(watched.entries).toHaveLength(5);
  });

  it("repeats a resume in parts with the same cursor", async () => {
    const client = await connected(hub);
    await client.watch(range(1, 5));
    limitTo(4);
    await reconnect(hub);
    expect(hub.link.watches().map(({ ids, cursor }) => [ids.length, cursor])).toEqual([
      [5, "cursor-1"],
      [4, "cursor-1"],
      [1, "cursor-1"],
    ]);
    expect(client.status.state).toBe("connected");
  });

  it("repeats an unwatch in parts", async () => {
    const client = await connected(hub);
    await client.watch(range(1, 5));
    limitTo(3);
    client.unwatch(range(1, 5));
    await turn();
    const unwatched = hub.link.calls.filter(({ method }) => method === "Unwatch");
    expect(unwatched.map(({ argument }) => (argument as string[]).length)).toEqual([5, 3, 2]);
  });

  it.each([5, 1_000])("fails a watch that kept the named limit of %i", async (most) => {
    const client = await connected(hub);
    hub.onCall = () => Promise.reject(hubError("limitExceeded", `ids; one call may carry ${most}`));
    await expect(client.watch(range(1, 5))).rejects.toMatchObject({ code: "limitExceeded" });
    expect(hub.link.calls).toHaveLength(1);
  });

  it("reconnects soon and sends parts when its message was too large", async () => {
    const client = await connected(hub);
    hub.onCall = () => new Promise(() => undefined);
    const watching = client.watch(range(1, 5));
    await turn();
    limitTo(3);
    hub.link.drop(tooLarge(3));
    await turn();
    expect(client.status).toMatchObject({ state: "reconnecting", retryInMs: 500, error: { code: "disconnected" } });
    await vi.advanceTimersByTimeAsync(500);
    expect((await watching).entries).toHaveLength(5);
    expect(sizes()).toEqual([3, 2]);
    expect(client.status.state).toBe("connected");
  });

  it("shows a message that was too large although the limit was kept, and asks again once a minute", async () => {
    hub.onStart = () => {
      const { link } = hub;
      setTimeout(() => link.drop(tooLarge(3)));
      return Promise.resolve();
    };
    const client = createClient(hub, { maxIdsPerCall: 3 });
    void client.connect();
    await turn();
    expect(client.status).toMatchObject({ retryInMs: 75_000, error: { code: "limitExceeded" } });
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(hub.links.length).toBeLessThanOrEqual(60);
  });
});
