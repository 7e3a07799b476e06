import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PresenceError, type PresenceEntry } from "../../src/index.js";
import { TokenSourceError } from "../../src/PresenceError.js";
import type { SharedPresenceClient } from "../../src/shared/index.js";
import { range, turn } from "../clientOfHub.js";
import { entry, hubError, subject, watchResult } from "../FakeHub.js";
import { Browser, tokenOf } from "./Browser.js";

async function settle(): Promise<void> {
  for (let round = 0; round < 20; round++) {
    await turn();
  }
}

describe("SharedPresenceClient", () => {
  let browser: Browser;
  let tabs: SharedPresenceClient[];
  const open = async (...options: Parameters<Browser["tab"]>) => {
    const tab = browser.tab(...options);
    tabs.push(tab);
    void tab.connect();
    await settle();
    return tab;
  };

  beforeEach(() => {
    vi.useFakeTimers();
    browser = new Browser();
    tabs = [];
  });

  afterEach(async () => {
    await Promise.all(tabs.map((tab) => tab.stop()));
    vi.useRealTimers();
  });

  it("serves twelve tabs from one connection, and asks the hub once for each subject", async () => {
    for (let tab = 0; tab < 12; tab++) {
      await open();
    }
    const admissions = await Promise.all([...tabs.map((tab) => tab.watch(range(1, 200))), settle()]);
    expect(browser.hub.links).toHaveLength(1);
    expect(browser.hub.link.watches().flatMap(({ ids }) => ids)).toHaveLength(200);
    expect(admissions[11]?.entries).toHaveLength(200);
    expect(tabs.every((tab) => tab.status.state === "connected")).toBe(true);

    browser.hub.link.tell("PresenceChanged", [entry({ revision: 2, availability: "Busy" })]);
    await settle();
    expect(tabs.map((tab) => tab.entries.get(subject(1))?.availability)).toEqual(Array(12).fill("Busy"));
  });

  it("asks a tab for the token, and the next one when the first fails", async () => {
    let refused = false;
    await open({
      accessTokenFactory: ({ refresh }) => {
        if (refused) {
          throw new Error(`no token ${refresh}`);
        }
        return tokenOf("ada");
      },
    });
    await open();
    refused = true;
    browser.hub.link.drop();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(browser.tokens).toEqual([tokenOf("ada"), tokenOf("ada")]);
    expect(tabs[0]?.status.state).toBe("connected");
  });

  it("asks a token source that fails with growing waits, and connects when it has a token", async () => {
    let asked = 0;
    let signedIn = false;
    const accessTokenFactory = () => {
      asked++;
      if (!signedIn) {
        throw new Error("signed out");
      }
      return tokenOf("ada");
    };
    const tab = await open({ accessTokenFactory, random: () => 0.5 });
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    // Every 15 seconds and more; without a back-off of its own it would be every 2.5 seconds.
    expect(asked).toBeGreaterThan(10);
    expect(asked).toBeLessThan(50);
    expect(tab.status.error?.message).toBe("signed out");
    signedIn = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(tab.status.state).toBe("connected");
  });

  it("shows with which code a token source has failed, and that it was not the hub", async () => {
    let isSignedIn = true;
    const accessTokenFactory = () => {
      if (!isSignedIn) {
        throw new PresenceError("unauthorized", "Sign-in needed");
      }
      return tokenOf("ada");
    };
    const tab = await open({ accessTokenFactory });
    isSignedIn = false;
    browser.hub.link.drop();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(browser.tokenProblems.at(-1)).toMatchObject({ code: "unauthorized", message: "Sign-in needed" });
    expect(tab.status.error).toMatchObject({ code: "unauthorized", message: "Sign-in needed" });
    expect(tab.status.error).toBeInstanceOf(TokenSourceError);
  });

  it("shares nothing with another user, nor without knowing the user", async () => {
    await open();
    await open({ accessTokenFactory: () => tokenOf("bob") });
    expect(browser.hosts.size).toBe(2);
    expect(browser.hub.links).toHaveLength(2);
    await open({ accessTokenFactory: () => "opaque", createCarriers: () => [] });
    expect(browser.hosts.size).toBe(2);
  });

  it("shares by the user key when the token says nothing of the user", async () => {
    for (let tab = 0; tab < 2; tab++) {
      await open({ accessTokenFactory: () => `opaque ${tab}`, userKey: "ada" });
    }
    expect(browser.hub.links).toHaveLength(1);
  });

  it("leaves the connection of the user before when another one signs in", async () => {
    let user = "ada";
    await open({ accessTokenFactory: () => tokenOf(user) });
    user = "bob";
    browser.hub.link.drop();
    await vi.advanceTimersByTimeAsync(2_000);
    expect([...browser.hosts.keys()].at(-1)).toContain("bob");
    expect(browser.tokens).toEqual([tokenOf("ada"), tokenOf("bob")]);
  });

  it("goes on with another host, and never shows an older state", async () => {
    const tab = await open();
    const seen: PresenceEntry[] = [];
    tab.on("entriesChanged", (entries) => seen.push(...entries));
    void tab.watch([subject(1)]);
    await settle();
    browser.hub.link.tell("PresenceChanged", [entry({ revision: 7, availability: "Busy" })]);
    await settle();
    // The next node is behind.
    browser.hub.onCall = () => Promise.resolve(watchResult([entry({ revision: 5, availability: "Away" })], "c"));
    browser.endHosts();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(tab.status.state).toBe("connected");
    expect(browser.hub.links).toHaveLength(2);
    expect(tab.entries.get(subject(1))?.availability).toBe("Busy");
    expect(seen.map(({ revision }) => revision)).toEqual([1, 7]);
  });

  it("shows the status of the shared connection, its errors and its stale entries", async () => {
    const tab = await open();
    void tab.watch([subject(1)]);
    await settle();
    browser.hub.onStart = () => Promise.reject(hubError("unauthorized", "no scope"));
    browser.hub.link.drop();
    await vi.advanceTimersByTimeAsync(11_000);
    expect(tab.status.state).toBe("reconnecting");
    expect(tab.status.error?.code).toBe("unauthorized");
    expect(tab.status.error?.message).toContain("no scope");
    expect(tab.entries.get(subject(1))?.freshness).toBe("stale");
  });

  it("shows a new tab at once what another tab watches, also without a connection", async () => {
    const first = await open();
    void first.watch([subject(1)]);
    await settle();
    browser.hub.onStart = () => new Promise(() => undefined);
    browser.hub.link.drop();
    await vi.advanceTimersByTimeAsync(1_000);
    const second = await open();
    void second.watch([subject(1)]);
    await settle();
    expect(second.entries.get(subject(1))?.availability).toBe("Available");
  });

  it("watches a subject until the last tab has ended its watch or is gone", async () => {
    const [first, second] = [await open(), await open()];
    const watch = first.watch([subject(1)]);
    void second.watch([subject(1)]);
    await settle();
    watch.dispose();
    await settle();
    expect(browser.hub.link.calls.map(({ method }) => method)).toEqual(["Watch"]);
    await second.stop();
    await settle();
    expect(browser.hub.link.calls.at(-1)).toEqual({ method: "Unwatch", argument: [subject(1)] });
  });

  it("tells each tab what was rejected and what was revoked", async () => {
    const tab = await open();
    browser.hub.onCall = () => Promise.resolve(watchResult([entry()], "c", [{ id: subject(2), reason: "notVisible" }]));
    const revoked: string[] = [];
    tab.on("revoked", (ids) => revoked.push(...ids));
    const watch = tab.watch([subject(1), subject(2), "me"]);
    await settle();
    expect((await watch).rejected).toEqual([
      { id: "me", reason: "invalidId" },
      { id: subject(2), reason: "notVisible" },
    ]);
    browser.hub.link.tell("Revoked", [subject(1)]);
    await settle();
    expect(revoked).toEqual([subject(1)]);
    expect(tab.entries.size).toBe(0);
  });

  it("calls back for a watch with what is known and with each change, until it is disposed", async () => {
    const tab = await open();
    void tab.watch([subject(1)]);
    await settle();
    const seen: string[] = [];
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    void tab.watch([subject(1)], () => {
      throw new Error("a fault of the page");
    });
    const watch = tab.watch([subject(1)], ({ availability }) => seen.push(availability));
    await settle();
    browser.hub.link.tell("PresenceChanged", [entry({ revision: 2, availability: "Busy" })]);
    await settle();
    watch.dispose();
    browser.hub.link.tell("PresenceChanged", [entry({ revision: 3, availability: "Away" })]);
    await settle();
    expect(seen).toEqual(["Available", "Busy"]);
    vi.restoreAllMocks();
  });

  it("goes back to the shared connection when the way to it is open again", async () => {
    let isOpen = false;
    let tell: () => void = () => undefined;
    const createCarriers = (name: string) => {
      const shared = browser.carrier(name);
      const open = () => (isOpen ? shared.open("") : Promise.reject(new Error("No tab leads.")));
      return [{ ...shared, open, onceAvailable: (callback: () => void) => (tell = callback) }, browser.carrier("own")];
    };
    const tab = await open({ createCarriers });
    expect([...browser.hosts.keys()]).toEqual(["own"]);
    isOpen = true;
    tell();
    await vi.advanceTimersByTimeAsync(10_000);
    expect([...browser.hosts.keys()].at(-1)).toContain("presencehub/");
    expect(tab.status.state).toBe("connected");
    expect(browser.hub.links).toHaveLength(2);
    expect(browser.hub.links[0]?.stops).toBeGreaterThan(0);
  });

  it("goes back to the shared connection when the way to it opens before another one serves the tab", async () => {
    let opens = 0;
    const createCarriers = (name: string) => {
      const shared = browser.carrier(name);
      const open = () => (opens++ > 0 ? shared.open("") : Promise.reject(new Error("No tab leads.")));
      return [{ ...shared, open, onceAvailable: (callback: () => void) => callback() }, browser.carrier("own")];
    };
    const tab = await open({ createCarriers });
    await vi.advanceTimersByTimeAsync(10_000);
    expect([...browser.hosts.keys()].at(-1)).toContain("presencehub/");
    expect(tab.status.state).toBe("connected");
  });

  it("looks for another host when the present one does not answer", async () => {
    const tab = await open();
    void tab.watch([subject(1)]);
    await settle();
    Object.assign(browser.channels[0] ?? {}, { post: () => undefined });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(browser.channels.length).toBeGreaterThan(1);
    expect(tab.status.state).toBe("connected");
    browser.hub.link.tell("PresenceChanged", [entry({ revision: 2, availability: "Busy" })]);
    await settle();
    expect(tab.entries.get(subject(1))?.availability).toBe("Busy");
  });

  it("resolves connect with the hub's connection, and rejects it when stopped before", async () => {
    browser.hub.onStart = () => new Promise(() => undefined);
    const tab = browser.tab();
    const connected = tab.connect();
    await settle();
    expect(tab.status.state).toBe("connecting");
    await tab.stop();
    await expect(connected).rejects.toMatchObject({ code: "stopped" });
    expect(tab.status.state).toBe("stopped");
  });
});
