import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { localChannels, type Channel } from "../../src/shared/Channel.js";
import type { HostMessage } from "../../src/shared/messages.js";
import { SharedHost } from "../../src/shared/SharedHost.js";
import { createClient, turn } from "../clientOfHub.js";
import { entry, FakeHub, subject } from "../FakeHub.js";

describe("SharedHost", () => {
  let hub: FakeHub;
  let host: SharedHost;
  let pauses: string[];

  beforeEach(() => {
    vi.useFakeTimers();
    hub = new FakeHub();
    pauses = [];
    host = new SharedHost({
      createClient: () =>
        Object.assign(createClient(hub), {
          pause: () => void pauses.push("pause"),
          resume: () => void pauses.push("resume"),
        }),
    });
  });

  afterEach(() => {
    host.close();
    vi.useRealTimers();
  });

  async function join(tab: string, visible = true): Promise<{ channel: Channel; heard: HostMessage[] }> {
    const [channel, theirs] = localChannels();
    const heard: HostMessage[] = [];
    channel.listen((message) => heard.push(message as HostMessage));
    host.accept(theirs);
    channel.post({ kind: "hello", tab, url: "https://hub.example.com/hubs/presence", visible });
    await turn();
    return { channel, heard };
  }

  it("sends a hidden tab nothing, and the latest entries when it is shown again", async () => {
    const { channel, heard } = await join("a");
    channel.post({ kind: "call", call: 1, method: "Watch", ids: [subject(1)] });
    await turn();
    channel.post({ kind: "visible", visible: false });
    await turn();
    heard.length = 0;
    for (let revision = 2; revision < 50; revision++) {
      hub.link.tell("PresenceChanged", [entry({ revision })]);
    }
    await turn();
    expect(heard).toEqual([]);

    channel.post({ kind: "visible", visible: true });
    await turn();
    expect(heard).toEqual([{ kind: "changed", entries: [entry({ revision: 49 })] }]);
  });

  it("pauses when all tabs have been hidden for a minute, and goes on when one is shown", async () => {
    const [first] = [await join("a", false), await join("b", false)];
    await vi.advanceTimersByTimeAsync(59_000);
    expect(pauses).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(pauses).toEqual(["pause"]);
    first.channel.post({ kind: "visible", visible: true });
    await turn();
    expect(pauses).toEqual(["pause", "resume"]);
  });

  it("releases the watches of a tab that is silent, and tells it to look for a host", async () => {
    const { channel, heard } = await join("a");
    const other = await join("b");
    channel.post({ kind: "call", call: 1, method: "Watch", ids: [subject(1)] });
    await turn();
    const alive = setInterval(() => other.channel.post({ kind: "ping" }), 10_000);
    await vi.advanceTimersByTimeAsync(200_000);
    clearInterval(alive);
    expect(hub.link.calls.at(-1)).toEqual({ method: "Unwatch", argument: [subject(1)] });
    expect(other.heard.at(-1)).toEqual({ kind: "pong" });
    expect(heard.at(-1)).toEqual({ kind: "gone" });
    expect(other.heard.some(({ kind }) => kind === "gone")).toBe(false);
  });

  it("closes the connection soon after the last tab, and opens another for the next", async () => {
    const { channel } = await join("a");
    channel.post({ kind: "bye" });
    await vi.advanceTimersByTimeAsync(3_000);
    expect(hub.link.stops).toBeGreaterThan(0);
    await join("b");
    expect(hub.links).toHaveLength(2);
  });

  it.each([
    ["no object", "hello"],
    ["no kind", {}],
    ["a kind of another version", { kind: "constructor" }],
    ["a call without ids", { kind: "call", call: 1, method: "Watch", ids: "all" }],
    ["a call of another method", { kind: "call", call: 1, method: "stop", ids: [] }],
    ["a hello without a tab", { kind: "hello", url: "https://hub.example.com", visible: true }],
  ])("ignores %s", async (_, message) => {
    const { channel, heard } = await join("a");
    heard.length = 0;
    channel.post(message);
    await turn();
    expect(heard).toEqual([]);
    expect(hub.link.calls).toEqual([]);
  });
});
