// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PresenceClient, PresenceEntry } from "../../src/index.js";
import { PresenceProvider, usePresence } from "../../src/react/index.js";
import { connected, range } from "../clientOfHub.js";
import { entry, FakeHub, subject } from "../FakeHub.js";
import { mount, settle, type Mounted } from "./mount.js";

describe("usePresence of several ids", () => {
  let hub: FakeHub;
  let client: PresenceClient;
  let mounted: Mounted;
  const maps: ReadonlyMap<string, PresenceEntry>[] = [];

  function List({ ids }: { readonly ids: readonly string[] }) {
    const entries = usePresence(ids);
    maps.push(entries);
    return <i>{[...entries].map(([id, { availability }]) => `${id.slice(6, 8)}:${availability}`).join(" ")}</i>;
  }

  const list = (ids: readonly string[]) => (
    <PresenceProvider client={client}>
      <List ids={ids} />
    </PresenceProvider>
  );
  const push = (...entries: PresenceEntry[]) => settle(() => hub.link.tell("PresenceChanged", entries));

  beforeEach(async () => {
    maps.length = 0;
    hub = new FakeHub();
    client = await connected(hub);
  });

  afterEach(async () => {
    await mounted.unmount();
    await client.stop();
  });

  it("holds the known entries in the order of the ids, by id as passed", async () => {
    mounted = await mount(list([subject(0xb).toUpperCase(), subject(0xa)]));
    expect(mounted.text()).toBe("0B:Available 0a:Available");
  });

  it("is the same map until one of its entries changes", async () => {
    mounted = await mount(list(range(1, 3)));
    await settle(() => client.watch([subject(9)]));
    const before = maps.at(-1);
    const count = maps.length;
    await push(entry({ id: subject(9), revision: 2, availability: "Away" }));
    expect(maps.length).toBe(count);
    await mounted.render(list(range(1, 3)));
    expect(maps.at(-1)).toBe(before);
    await push(...range(1, 3).map((id) => entry({ id, revision: 2, availability: "Busy" })));
    expect(maps.length).toBe(count + 2);
    expect(maps.at(-1)).not.toBe(before);
    expect(mounted.text()).toBe("01:Busy 02:Busy 03:Busy");
  });

  it("does not watch again for a new array with equal content", async () => {
    mounted = await mount(list(range(1, 3)));
    await mounted.render(list([...range(1, 3)]));
    expect(hub.link.calls).toHaveLength(1);
  });

  it("asks only for what is new and ends only what is gone", async () => {
    mounted = await mount(list(range(1, 3)));
    await mounted.render(list(range(2, 4).reverse()));
    expect(mounted.text()).toBe("04:Available 03:Available 02:Available");
    expect(hub.link.calls).toContainEqual({ method: "Watch", argument: { ids: [subject(4)] } });
    expect(hub.link.calls).toContainEqual({ method: "Unwatch", argument: [subject(1)] });
    expect(hub.link.calls).toHaveLength(3);
  });

  it("drops what the hub revokes", async () => {
    mounted = await mount(list(range(1, 2)));
    await settle(() => hub.link.tell("Revoked", [subject(1)]));
    expect(mounted.text()).toBe("02:Available");
  });

  it("takes an empty list", async () => {
    mounted = await mount(list([]));
    expect(maps.at(-1)?.size).toBe(0);
    expect(hub.link.calls).toEqual([]);
  });
});
