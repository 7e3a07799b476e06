import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Channel } from "../../src/shared/Channel.js";
import { ElectedCarrier } from "../../src/shared/ElectedCarrier.js";
import type { SharedHost } from "../../src/shared/SharedHost.js";
import { systemTimers } from "../../src/Timers.js";
import { FakeLocks } from "./FakeLocks.js";

/** A host that answers every message with its name. */
class EchoHost {
  closed = false;
  readonly channels: Channel[] = [];

  constructor(readonly name: string) {}

  accept(channel: Channel): void {
    this.channels.push(channel);
    channel.listen((message) => channel.post(`${this.name} heard ${String(message)}`));
  }

  close(): void {
    this.closed = true;
    this.channels.forEach((channel) => channel.close());
  }
}

describe("ElectedCarrier", () => {
  let hosts: EchoHost[];
  let carriers: ElectedCarrier[];
  let locks: FakeLocks;

  function tab(name: string): ElectedCarrier {
    const carrier = new ElectedCarrier("test", systemTimers, () => {
      const host = new EchoHost(name);
      hosts.push(host);
      return host as unknown as SharedHost;
    });
    carriers.push(carrier);
    return carrier;
  }

  async function ask(channel: Channel, question: string): Promise<unknown> {
    return new Promise((resolve) => {
      channel.listen(resolve);
      channel.post(question);
    });
  }

  beforeEach(() => {
    hosts = [];
    carriers = [];
    locks = new FakeLocks();
    vi.stubGlobal("navigator", { locks });
  });

  afterEach(() => {
    carriers.forEach((carrier) => carrier.close());
    vi.unstubAllGlobals();
  });

  it("elects one tab, and takes the others to its host", async () => {
    const [first, second, third] = [tab("first"), tab("second"), tab("third")];
    expect(await ask(await first.open("1"), "a")).toBe("first heard a");
    expect(await ask(await second.open("2"), "b")).toBe("first heard b");
    expect(await ask(await third.open("3"), "c")).toBe("first heard c");
    expect(hosts).toHaveLength(1);
  });

  it("hands over to the next tab when the leader closes, and tells the others", async () => {
    const [first, second, third] = [tab("first"), tab("second"), tab("third")];
    await first.open("1");
    const channel = await second.open("2");
    const other = await third.open("3");
    const closed = Promise.all([channel, other].map((each) => new Promise<void>((resolve) => each.onclose(resolve))));
    first.close();
    await closed;
    expect(hosts[0]?.closed).toBe(true);
    expect(await ask(await second.open("2"), "b")).toBe("second heard b");
    expect(await ask(await third.open("3"), "c")).toBe("second heard c");
  });

  it("takes over from a leader that answers no one", async () => {
    vi.useFakeTimers();
    const frozen = tab("frozen");
    await frozen.open("1");
    const heard = vi.spyOn(hosts[0] as EchoHost, "accept").mockImplementation(() => {
      throw new Error("frozen");
    });
    // The leader's messages are not handled while it is frozen.
    (frozen as unknown as { notices: BroadcastChannel }).notices.onmessage = null;
    const second = tab("second");
    const opened = second.open("2");
    await vi.advanceTimersByTimeAsync(6_000);
    vi.useRealTimers();
    expect(await ask(await opened, "b")).toBe("second heard b");
    expect(hosts[0]?.closed).toBe(true);
    expect(heard).not.toHaveBeenCalled();
  });

  it("tells once when the hand-over that took too long is over", async () => {
    vi.useFakeTimers();
    // Another page holds the lock and is frozen, and the browser is slow to give it away.
    locks.request("test/leader", {}, () => new Promise(() => undefined)).catch(() => undefined);
    const steal = locks.holdSteals();
    const second = tab("second");
    const opened = expect(second.open("2")).rejects.toThrow("No tab leads");
    await vi.advanceTimersByTimeAsync(9_000);
    await opened;
    const told = vi.fn();
    second.onceAvailable(told);
    expect(told).not.toHaveBeenCalled();
    steal();
    vi.useRealTimers();
    expect(told).toHaveBeenCalledOnce();
    expect(await ask(await second.open("2"), "b")).toBe("second heard b");
  });

  it("asks no later leader to let in a tab that has stopped waiting", async () => {
    const [first, second] = [tab("first"), tab("second")];
    await first.open("1");
    await second.open("2");
    const third = tab("third");
    const channel = await third.open("3");
    const closed = new Promise<void>((resolve) => channel.onclose(resolve));
    first.close();
    await closed;
    expect(await ask(await third.open("3"), "c")).toBe("second heard c");
    expect(hosts[1]?.channels).toHaveLength(1);
  });

  it("fails where the browser gives no locks", async () => {
    locks.isRefusing = true;
    await expect(tab("first").open("1")).rejects.toThrow("No tab leads");
  });
});
