// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { configurePresence, type PresenceChange, type PresenceProvider } from "../../src/elements/index.js";
import { createClient } from "../clientOfHub.js";
import { entry, FakeHub, hubError, subject, watchResult } from "../FakeHub.js";
import { person, problem } from "../people/FakePeopleHub.js";
import { ElementPage, part, settle } from "./page.js";

const fail = (): never => {
  throw new Error("no session");
};

describe("presence-badge", () => {
  let page: ElementPage;

  beforeEach(() => {
    page = new ElementPage();
  });

  afterEach(() => page.end());

  it("shows the presence of an id in shape and words, and each change", async () => {
    page.configure();
    const badge = await page.show(`<presence-badge user-id="${subject(1).toUpperCase()}"></presence-badge>`);
    expect(badge.getAttribute("state")).toBe("available");
    expect(part(badge, "badge").getAttribute("role")).toBe("img");
    expect(part(badge, "badge").getAttribute("aria-label")).toBe("Available");

    const changes: PresenceChange[] = [];
    document.addEventListener("presence-changed", (event) =>
      changes.push((event as CustomEvent<PresenceChange>).detail),
    );
    page.hub.link.tell("PresenceChanged", [entry({ revision: 2, availability: "Busy", activity: "InAMeeting" })]);
    await settle();
    expect(badge.getAttribute("state")).toBe("busy");
    expect(part(badge, "badge").title).toBe("Busy, in a meeting");
    expect(changes.map(({ state }) => state)).toEqual(["busy"]);
  });

  it("draws each state in a shape of its own", async () => {
    page.configure();
    const badge = await page.show(`<presence-badge user-id="${subject(1)}"></presence-badge>`);
    const shapes = new Set<string>();
    const states: [string, string, string][] = [
      ["Available", "Available", "available"],
      ["Busy", "Busy", "busy"],
      ["DoNotDisturb", "Presenting", "doNotDisturb"],
      ["BeRightBack", "BeRightBack", "beRightBack"],
      ["Away", "Away", "away"],
      ["Offline", "OutOfOffice", "outOfOffice"],
      ["Offline", "Offline", "offline"],
      ["Levitating", "Levitating", "unknown"],
    ];
    for (const [index, [availability, activity, state]] of states.entries()) {
      page.hub.link.tell("PresenceChanged", [entry({ revision: index + 2, availability, activity })]);
      await settle();
      expect(badge.getAttribute("state")).toBe(state);
      shapes.add(part(badge, "icon").innerHTML.replace(/<!--.*?-->/g, ""));
    }
    expect(shapes.size).toBe(states.length);
  });

  it("shows what could not be confirmed as stale, and what is not known as unknown", async () => {
    page.configure();
    const badge = await page.show(`<presence-badge user-id="${subject(1)}"></presence-badge>`);
    page.hub.link.tell("PresenceChanged", [entry({ freshness: "stale" })]);
    await settle();
    expect(badge.getAttribute("state")).toBe("available");
    expect(badge.getAttribute("freshness")).toBe("stale");
    expect(part(badge, "badge").classList).toContain("stale");

    page.hub.link.tell("PresenceChanged", [
      entry({
        epoch: 2,
        revision: 1,
        freshness: "unknown",
        availability: "PresenceUnknown",
        since: null,
        observedAt: null,
      }),
    ]);
    await settle();
    expect(badge.getAttribute("state")).toBe("unknown");
    expect(badge.getAttribute("freshness")).toBe("unknown");
  });

  it("asks for all badges of a page in one call, and once per subject", async () => {
    page.configure();
    const badges = Array.from({ length: 200 }, (_, index) => subject((index % 150) + 1));
    await page.show(badges.map((id) => `<presence-badge user-id="${id}"></presence-badge>`).join(""));
    expect(page.hub.link.watches().map(({ ids }) => ids.length)).toEqual([150]);
    expect(document.querySelectorAll('[state="available"]')).toHaveLength(200);
  });

  it("ends the watch when the last badge leaves the document, and keeps it when a badge moves", async () => {
    page.configure();
    const badge = await page.show(`<div></div><presence-badge user-id="${subject(1)}"></presence-badge>`);
    document.querySelector("div")?.append(badge);
    await settle();
    expect(page.hub.link.calls.map(({ method }) => method)).toEqual(["Watch"]);
    expect(badge.getAttribute("state")).toBe("available");

    badge.remove();
    await settle();
    expect(page.hub.link.calls.at(-1)).toEqual({ method: "Unwatch", argument: [subject(1)] });
    expect(page.client.entries.size).toBe(0);

    document.body.append(badge);
    await settle();
    expect(badge.getAttribute("state")).toBe("available");
  });

  it("shows another person when its attribute changes", async () => {
    page.configure();
    const badge = await page.show(`<presence-badge user-id="${subject(1)}"></presence-badge>`);
    badge.setAttribute("user-id", subject(2));
    await settle();
    expect([...page.client.entries.keys()]).toEqual([subject(2)]);
    expect(badge.entry?.id).toBe(subject(2));
  });

  it("connects badges that were there before the page was configured", async () => {
    const badge = await page.show(`<presence-badge user-id="${subject(1)}"></presence-badge>`);
    expect(badge.getAttribute("state")).toBe("unknown");
    page.configure();
    await settle();
    expect(badge.getAttribute("state")).toBe("available");
    expect(page.warnings).toEqual([]);
  });

  it("takes the client of the nearest provider", async () => {
    page.configure();
    const other = new FakeHub();
    other.onCall = () => Promise.resolve(watchResult([entry({ availability: "Away", activity: "Away" })], "c"));
    const badge = await page.show(
      `<presence-provider><presence-badge user-id="${subject(1)}"></presence-badge></presence-provider>`,
    );
    const provider = document.querySelector("presence-provider");
    Object.assign(provider ?? {}, { source: createClient(other) });
    await settle();
    expect(badge.getAttribute("state")).toBe("away");
    expect(page.hub.link.calls).toEqual([]);
  });

  it("keeps the connection of a provider whose token function is another one, and calls that", async () => {
    const tokens: (string | null)[] = [];
    page.people.answer = (url, init) => {
      tokens.push(new Headers(init?.headers).get("Authorization"));
      return page.people.people(url);
    };
    await page.show('<presence-provider><presence-badge email="ada@example.com"></presence-badge></presence-provider>');
    const provider = document.querySelector("presence-provider") as PresenceProvider;
    Object.assign(provider, { source: page.client, url: "/hubs/presence", accessTokenFactory: () => "first" });
    await settle();
    Object.assign(provider, { accessTokenFactory: () => "second" });
    await settle();
    provider.insertAdjacentHTML("beforeend", '<presence-badge email="bob@example.com"></presence-badge>');
    await settle();
    expect(tokens).toEqual(["Bearer first", "Bearer second"]);
    expect(page.hub.link.calls.map(({ method }) => method)).toEqual(["Watch", "Watch"]);
  });

  it("is configured by another copy of the module too", async () => {
    const badge = await page.show(`<presence-badge user-id="${subject(1)}"></presence-badge>`);
    vi.resetModules();
    const copy = await import("../../src/elements/index.js");
    expect(copy.configurePresence).not.toBe(configurePresence);
    copy.configurePresence(page.configuration);
    await settle();
    expect(badge.getAttribute("state")).toBe("available");
  });

  it("finds people by address and by name, in one request each", async () => {
    page.configure();
    await page.show(`
      <presence-badge email="ada@example.com"></presence-badge><presence-badge email="bob@example.com"></presence-badge>
      <presence-badge person-query="Cleo"></presence-badge>`);
    await settle();
    expect(page.people.requests).toHaveLength(2);
    expect([...page.client.entries.keys()].sort()).toEqual(
      ["ada@example.com", "bob@example.com", "cleo"].map((key) => person(key).id).sort(),
    );
    expect(document.querySelectorAll('[state="available"]')).toHaveLength(3);
  });

  it.each([
    ["no attribute", "", "No person is named"],
    ["an id that is none", 'user-id="me"', "Not a valid id"],
    ["an address that is none", 'email="Ada"', "Not a valid address"],
    ["an address of no one", 'email="no-one@elsewhere.com"', "No such person"],
  ])("shows %s as a problem, with one console line", async (_, attributes, title) => {
    page.configure();
    const badge = await page.show(`<presence-badge ${attributes}></presence-badge>`.repeat(3));
    expect(badge.getAttribute("state")).toBe("problem");
    expect(part(badge, "badge").title).toContain(title);
    expect(part(badge, "badge").getAttribute("aria-label")).toContain(title);
    expect(page.warnings).toHaveLength(1);
    expect(page.warnings[0]).toContain(title);
  });

  it("names the permission when the hub may not read people, and shows ids all the same", async () => {
    page.configure();
    page.people.answer = () => problem(501, "grant User.ReadBasic.All");
    const badge = await page.show(
      `<presence-badge email="ada@example.com"></presence-badge>
       <presence-badge user-id="${subject(1)}"></presence-badge>`,
    );
    expect(badge.getAttribute("state")).toBe("problem");
    expect(page.warnings).toHaveLength(1);
    expect(page.warnings[0]).toContain("User.ReadBasic.All");
    expect(document.querySelectorAll('[state="available"]')).toHaveLength(1);
  });

  it("shows a person who may not be seen, and one who may be seen no longer", async () => {
    page.configure();
    page.hub.onCall = (method, argument) =>
      Promise.resolve(
        method === "Watch"
          ? watchResult([entry()], "c", [{ id: subject(2), reason: "notVisible" }])
          : page.hub.answer(method, argument),
      );
    const badge = await page.show(
      [1, 2].map((number) => `<presence-badge user-id="${subject(number)}"></presence-badge>`).join(""),
    );
    const hidden = document.querySelectorAll("presence-badge")[1];
    expect(badge.getAttribute("state")).toBe("available");
    expect(hidden?.getAttribute("state")).toBe("problem");

    page.hub.link.tell("Revoked", [subject(1)]);
    await settle();
    expect(badge.getAttribute("state")).toBe("problem");
    expect(part(badge, "badge").title).toContain("not visible to you");
  });

  it("shows that the token is refused, and leaves the console to the application's own client", async () => {
    page.hub.onStart = () => Promise.reject(hubError("unauthorized", "no scope"));
    page.configure();
    const badge = await page.show(`<presence-badge user-id="${subject(1)}"></presence-badge>`);
    expect(badge.getAttribute("state")).toBe("problem");
    expect(part(badge, "badge").title).toContain("Check that the token");
    expect(page.warnings).toEqual([]);
  });

  it.each([
    ["no token source", { source: undefined, accessTokenFactory: undefined }, "no accessTokenFactory"],
    ["an address that is none", { source: undefined, url: "https://[" }, "https://["],
    ["a token source that fails", { source: undefined, share: false, accessTokenFactory: fail }, "no session"],
  ])("says once what is wrong with %s, and throws nothing", async (_, wrong, text) => {
    configurePresence({ ...page.configuration, ...wrong });
    const badge = await page.show(`<presence-badge user-id="${subject(1)}"></presence-badge>`);
    await vi.advanceTimersByTimeAsync(60_000);
    await settle();
    expect(["problem", "unknown"]).toContain(badge.getAttribute("state"));
    expect(page.warnings.filter((line) => line.includes(text))).toHaveLength(1);
    expect(page.warnings).toHaveLength(1);
  });

  it("reports nothing when it is configured for another hub", async () => {
    page.configure();
    await page.show(`<presence-badge user-id="${subject(1)}"></presence-badge>`);
    configurePresence({ ...page.configuration, source: undefined, share: false });
    page.configure();
    await settle();
    expect(page.warnings).toEqual([]);
  });

  it("says once that the page is not configured", async () => {
    const badge = await page.show(`<presence-badge user-id="${subject(1)}"></presence-badge>`.repeat(2));
    await vi.advanceTimersByTimeAsync(5_000);
    await settle();
    expect(part(badge, "badge").title).toContain("not set up");
    expect(page.warnings).toHaveLength(1);
  });

  it("tells changes to screen readers when asked to", async () => {
    page.configure();
    const badge = await page.show(`<presence-badge user-id="${subject(1)}"></presence-badge>`);
    expect(badge.shadowRoot?.querySelector('[role="status"]')).toBeNull();
    badge.announce = true;
    await settle();
    expect(part(badge, "announcement").textContent).toBe("Available");
  });
});
