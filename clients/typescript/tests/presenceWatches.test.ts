import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { WatchRequest } from "../src/contract.js";
import { connected, createClient, range, reconnect, turn } from "./clientOfHub.js";
import { entry, FakeHub, hubError, subject, watchResult } from "./FakeHub.js";

describe("PresenceClient with several watches of one subject", () => {
  let hub: FakeHub;
  const methods = () => hub.link.calls.map(({ method }) => method);

  beforeEach(() => {
    vi.useFakeTimers();
    hub = new FakeHub();
  });

  afterEach(() => vi.useRealTimers());

  it("watches a subject until its last watch is disposed", async () => {
    const client = await connected(hub);
    const [first, second] = [client.watch([subject(1)]), client.watch([subject(1)])];
    await Promise.all([first, second]);
    first.dispose();
    first.dispose();
    await turn();
    hub.link.tell("PresenceChanged", [entry({ revision: 2, availability: "Busy" })]);
    expect(client.entries.get(subject(1))?.availability).toBe("Busy");
    expect(methods()).toEqual(["Watch"]);

    second.dispose();
    await turn();
    expect(client.entries.size).toBe(0);
    expect(hub.link.calls.at(-1)).toEqual({ method: "Unwatch", argument: [subject(1)] });
  });

  it("watches on after one of two calls was ended by unwatch", async () => {
    const client = await connected(hub);
    await client.watch([subject(1)]);
    await client.watch([subject(1)]);
    client.unwatch([subject(1)]);
    await turn();
    expect([...client.entries.keys()]).toEqual([subject(1)]);
    client.unwatch([subject(1)]);
    client.unwatch([subject(1)]);
    await turn();
    expect(client.entries.size).toBe(0);
    expect(methods()).toEqual(["Watch", "Unwatch"]);
  });

  it("leaves no unhandled rejection when only dispose is used", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    const client = await connected(hub);
    hub.onCall = () => Promise.reject(hubError("invalidRequest"));
    void client.watch([subject(1)]);
    await turn();
    void client.stop();
    client.watch([subject(2)]).dispose();
    vi.useRealTimers();
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });

  it("counts across a reconnect and a stop", async () => {
    const client = await connected(hub);
    const handles = [client.watch(range(1, 2)), client.watch([subject(1)])];
    await Promise.all(handles);
    await reconnect(hub);
    handles[0]?.dispose();
    await client.stop();
    await client.connect();
    await turn();
    expect(hub.link.watches().flatMap(({ ids }) => ids)).toEqual([subject(1)]);
  });

  it("puts the watches of one turn into one Watch and one Unwatch", async () => {
    const client = await connected(hub);
    const handles = range(1, 50).map((id) => client.watch([id]));
    await Promise.all(handles);
    handles.forEach((handle) => handle.dispose());
    await turn();
    expect(hub.link.calls).toEqual([
      { method: "Watch", argument: { ids: range(1, 50) } },
      { method: "Unwatch", argument: range(1, 50) },
    ]);
  });

  it("answers a call that is disposed while it waits, and leaves the others waiting", async () => {
    const client = createClient(hub);
    const [first, second] = [client.watch(range(1, 2)), client.watch([subject(2)])];
    first.dispose();
    expect((await first).entries).toEqual([]);
    await client.connect();
    expect((await second).entries.map(({ id }) => id)).toEqual([subject(2)]);
    expect(hub.link.watches()).toEqual([{ ids: [subject(2)] }]);
  });

  it.each([
    [
      "rejects",
      () => (hub.onCall = () => Promise.resolve(watchResult([], "c", [{ id: subject(1), reason: "notVisible" }]))),
    ],
    ["revokes", () => hub.link.tell("Revoked", [subject(1)])],
  ])("an old handle ends no watch that began after the hub %s the subject", async (_, lose) => {
    const client = await connected(hub);
    const old = client.watch([subject(1)]);
    await old;
    lose();
    await reconnect(hub);
    hub.onCall = (method, argument) => Promise.resolve(hub.answer(method, argument));
    await client.watch([subject(1)]);
    old.dispose();
    await turn();
    expect(client.entries.size).toBe(1);
  });

  it("does not end the watch of another call when a refused call is disposed, even twice", async () => {
    const client = await connected(hub);
    const other = client.watch([subject(1)]);
    await other;
    hub.onCall = () => Promise.reject(hubError("limitExceeded"));
    const refused = client.watch(range(1, 2));
    await expect(refused).rejects.toMatchObject({ code: "limitExceeded" });
    refused.dispose();
    refused.dispose();
    await turn();
    expect([...client.entries.keys()]).toEqual([subject(1)]);
    expect(methods()).toEqual(["Watch", "Watch"]);
    other.dispose();
    expect(client.entries.size).toBe(0);
  });

  it("releases once when a watch is disposed twice while its call is under way", async () => {
    const client = await connected(hub);
    let answer: () => void = () => undefined;
    hub.onCall = (method, argument) => new Promise((resolve) => (answer = () => resolve(hub.answer(method, argument))));
    const [first, second] = [client.watch([subject(1)]), client.watch([subject(1)])];
    await turn();
    first.dispose();
    first.dispose();
    expect((await first).entries).toEqual([]);
    answer();
    expect((await second).entries).toHaveLength(1);
    expect([...client.entries.keys()]).toEqual([subject(1)]);
  });

  it("ends the watch of a refused call, and no other", async () => {
    const client = await connected(hub);
    await client.watch([subject(1)]);
    hub.onCall = (method, argument) =>
      method === "Watch" && (argument as WatchRequest).ids.includes(subject(2))
        ? Promise.reject(hubError("limitExceeded"))
        : Promise.resolve(hub.answer(method, argument));
    await expect(client.watch(range(1, 2))).rejects.toMatchObject({ code: "limitExceeded" });
    await turn();
    expect([...client.entries.keys()]).toEqual([subject(1)]);
    client.unwatch([subject(1)]);
    await turn();
    expect(client.entries.size).toBe(0);
    expect(methods()).toEqual(["Watch", "Watch", "Unwatch"]);
  });
});
