// @vitest-environment happy-dom
import { StrictMode, useState, version, type ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Deferred } from "../../src/Deferred.js";
import type { PresenceClient, PresenceEntry } from "../../src/index.js";
import { PresenceProvider, usePresence } from "../../src/react/index.js";
import { connected, range } from "../clientOfHub.js";
import { entry, FakeHub, hubError, subject, watchResult } from "../FakeHub.js";
import { mount, settle, type Mounted } from "./mount.js";

describe(`usePresence in React ${version.split(".")[0] ?? ""}`, () => {
  let hub: FakeHub;
  let client: PresenceClient;
  let mounted: Mounted | undefined;
  const renders = new Map<string, number>();

  function Badge({ id }: { readonly id: string }) {
    renders.set(id, (renders.get(id) ?? 0) + 1);
    const presence = usePresence(id);
    return <i>{presence?.availability ?? "-"}</i>;
  }

  const provided = (children: ReactNode) => <PresenceProvider client={client}>{children}</PresenceProvider>;
  const show = async (children: ReactNode) => (mounted = await mount(provided(children)));
  const push = (...entries: PresenceEntry[]) => settle(() => hub.link.tell("PresenceChanged", entries));
  const calls = () => hub.links.flatMap((link) => link.calls);

  beforeEach(async () => {
    renders.clear();
    hub = new FakeHub();
    client = await connected(hub);
  });

  afterEach(async () => {
    await mounted?.unmount();
    mounted = undefined;
    await client.stop();
    vi.restoreAllMocks();
  });

  it("shows nothing, then the entry, then each change", async () => {
    const answer = new Deferred<unknown>();
    hub.onCall = () => answer.promise;
    const page = await show(<Badge id={subject(1)} />);
    expect(page.text()).toBe("-");
    await settle(() => answer.resolve(watchResult([entry()], "c")));
    expect(page.text()).toBe("Available");
    await push(entry({ revision: 2, availability: "Busy" }));
    expect(page.text()).toBe("Busy");
  });

  it("renders only the component whose subject has changed, among 1,000", async () => {
    await show(range(1, 1_000).map((id) => <Badge key={id} id={id} />));
    expect(calls()).toEqual([{ method: "Watch", argument: { ids: range(1, 1_000) } }]);
    renders.clear();
    await push(entry({ id: subject(7), revision: 2, availability: "Busy" }));
    expect([...renders]).toEqual([[subject(7), 1]]);
  });

  it("does not render for subjects that only others watch", async () => {
    await show(<Badge id={subject(1)} />);
    await settle(() => client.watch([subject(2)]));
    renders.clear();
    await push(entry({ id: subject(2), revision: 2, availability: "Busy" }));
    expect(renders.size).toBe(0);
  });

  it("watches once in StrictMode, and not again", async () => {
    const page = await show(
      <StrictMode>
        <Badge id={subject(1)} />
      </StrictMode>,
    );
    expect(page.text()).toBe("Available");
    expect(calls().map(({ method }) => method)).toEqual(["Watch"]);
  });

  it("shares the watch of components that show one subject, and ends it with the last", async () => {
    const page = await show([<Badge key="a" id={subject(1)} />, <Badge key="b" id={subject(1).toUpperCase()} />]);
    expect(page.text()).toBe("AvailableAvailable");
    await page.render(provided(<Badge key="b" id={subject(1)} />));
    expect(calls().map(({ method }) => method)).toEqual(["Watch"]);
    await page.render(provided(null));
    expect(calls().at(-1)).toEqual({ method: "Unwatch", argument: [subject(1)] });
    expect(client.entries.size).toBe(0);
  });

  it("keeps the watch when another component takes over the subject", async () => {
    const page = await show(<Badge key="a" id={subject(1)} />);
    await page.render(provided(<Badge key="b" id={subject(1)} />));
    expect(page.text()).toBe("Available");
    expect(calls().map(({ method }) => method)).toEqual(["Watch"]);
  });

  it("follows a changed id", async () => {
    hub.onCall = (method, argument) =>
      Promise.resolve(
        method === "Watch"
          ? watchResult(
              (argument as { ids: string[] }).ids.map((id) => entry({ id, availability: `of ${id[7] ?? ""}` })),
              "c",
            )
          : null,
      );
    const page = await show(<Badge id={subject(1)} />);
    await page.render(provided(<Badge id={subject(2)} />));
    expect(page.text()).toBe("of 2");
    expect(calls()).toContainEqual({ method: "Unwatch", argument: [subject(1)] });
  });

  it("shows nothing of a revoked subject, and asks again for the next component that shows it", async () => {
    const page = await show(<Badge key="a" id={subject(1)} />);
    await settle(() => hub.link.tell("Revoked", [subject(1)]));
    expect(page.text()).toBe("-");
    await page.render(provided([<Badge key="a" id={subject(1)} />, <Badge key="b" id={subject(1)} />]));
    expect(page.text()).toBe("AvailableAvailable");
  });

  it("does not watch while the id is unknown, and says once that an address is no id", async () => {
    const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const Unknown = () => <i>{usePresence(undefined)?.availability ?? "?"}</i>;
    const page = await show([<Unknown key="a" />, <Badge key="b" id="ada@contoso.com" />, <Badge key="c" id="" />]);
    await page.render(provided(<Badge key="d" id="ada@contoso.com" />));
    expect(page.text()).toBe("-");
    expect(calls()).toEqual([]);
    const lines = errors.mock.calls.map(([line]) => String(line));
    expect(lines.filter((line) => line.includes("ada@contoso.com"))).toHaveLength(1);
  });

  it.each([[null], [undefined]])("shows nothing and watches nothing for %s, until the id is known", async (unknown) => {
    const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const seen: unknown[] = [];
    const Later = ({ id }: { readonly id: string | null | undefined }) => {
      const presence = usePresence(id);
      seen.push(presence);
      return <i>{presence?.availability ?? "?"}</i>;
    };
    const page = await show(<Later id={unknown} />);
    expect(seen).toEqual([undefined]);
    expect(page.text()).toBe("?");
    expect(calls()).toEqual([]);
    expect(errors).not.toHaveBeenCalled();
    await page.render(provided(<Later id={subject(1)} />));
    expect(page.text()).toBe("Available");
    await page.render(provided(<Later id={unknown} />));
    expect(page.text()).toBe("?");
    expect(client.entries.size).toBe(0);
  });

  it("says what a refused call means, and goes on", async () => {
    const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
    hub.onCall = () => Promise.reject(hubError("limitExceeded", "too many"));
    const page = await show(<Badge key="a" id={subject(1)} />);
    expect(page.text()).toBe("-");
    expect(errors.mock.calls.flat().join()).toContain("too many");
    hub.onCall = (method, argument) => Promise.resolve(hub.answer(method, argument));
    await page.render(provided(<Badge key="b" id={subject(1)} />));
    expect(page.text()).toBe("Available");
  });

  it("watches after a stop what was mounted before and during it", async () => {
    const page = await show(<Badge key="a" id={subject(1)} />);
    await settle(() => client.stop());
    await page.render(provided(range(1, 2).map((id, index) => <Badge key={"ab"[index]} id={id} />)));
    expect(page.text()).toBe("Available-");
    await settle(() => client.connect());
    expect(page.text()).toBe("AvailableAvailable");
    await page.render(provided(null));
    expect(client.entries.size).toBe(0);
  });

  it("keeps the entry of a subject while the page shows another part", async () => {
    function Tabs() {
      const [tab, setTab] = useState(1);
      return (
        <>
          <button onClick={() => setTab(2)}>next</button>
          <Badge key={tab} id={subject(1)} />
        </>
      );
    }
    const page = await show(<Tabs />);
    await push(entry({ revision: 2, availability: "Busy" }));
    await settle(() => page.container.querySelector("button")?.click());
    expect(page.text()).toBe("nextBusy");
    expect(calls().map(({ method }) => method)).toEqual(["Watch"]);
  });
});
