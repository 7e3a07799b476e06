import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { accessibilityViolations, colours, screenshot } from "./browser.js";
import { emulator } from "./emulator.js";
import { environment } from "./environment.js";
import { hub, otherThan } from "./hub.js";
import { badge, openConnections, Pages } from "./Pages.js";

const stateOf: Record<string, string> = { DoNotDisturb: "doNotDisturb", Busy: "busy" };

/** The limit of what takes a moment on an idle machine. */
const soon = { timeout: 30_000 };

describe("the elements in a browser", () => {
  const browser = Pages.browserForTests();
  let pages: Pages;
  let ids: string[];

  beforeAll(async () => {
    ids = (await hub.people()).map(({ id }) => id);
  });

  beforeEach(async () => {
    // The hub learns a moment later that the pages of the test before are closed.
    await vi.waitFor(async () => expect(await openConnections()).toBe(0), soon);
    pages = await Pages.start(browser);
  });

  afterEach(async () => {
    await pages.end();
    expect(pages.problems).toEqual([]);
  });

  /** Changes a person's presence, and returns how long each page took to show it. */
  async function change(id: string, ...shown: Page[]): Promise<number[]> {
    const selector = `presence-badge[user-id="${id}"]`;
    await Promise.all(shown.map((page) => page.waitForSelector(`${selector}[freshness="live"]`)));
    const state = await shown[0]?.getAttribute(selector, "state");
    const next = otherThan(state === "doNotDisturb" ? "DoNotDisturb" : "Busy");
    const started = performance.now();
    await emulator.setPresence(id, next);
    const expected = `${selector}[state="${stateOf[next.availability]}"][freshness="live"]`;
    return Promise.all(shown.map((page) => page.waitForSelector(expected).then(() => performance.now() - started)));
  }

  it("show a change within one second", async () => {
    const [id = ""] = ids;
    const page = await pages.open({ body: badge(id) });
    await emulator.untilCovered(id);
    const times: number[] = [];
    for (let round = 0; round < 3; round++) {
      times.push(...(await change(id, page)));
    }
    // The middle one of three: the first notification of a hub takes longer, and so does a busy machine.
    expect(times.sort((left, right) => left - right)[1]).toBeLessThan(1_000);
  });

  it.each([
    ["a shared worker", ""],
    ["an elected tab", "createWorker: false"],
  ])(
    "share one connection in twelve tabs with two hundred badges, by %s",
    async (_, configuration) => {
      const user = randomUUID();
      const body = Array.from({ length: 200 }, (__, index) => badge(ids[index % ids.length] ?? "")).join("");
      const tabs: Page[] = [];
      for (let tab = 0; tab < 12; tab++) {
        tabs.push(await pages.open({ body, user, configuration }));
      }
      await Promise.all(
        tabs.map((tab) =>
          tab.waitForFunction(() => document.querySelectorAll('presence-badge[freshness="live"]').length === 200),
        ),
      );
      expect(await openConnections()).toBe(1);

      const id = ids[1] ?? "";
      await emulator.untilCovered(id);
      await change(id, ...tabs);

      // The first one leads, if a tab does.
      await tabs[0]?.close();
      await change(id, ...tabs.slice(1));
      await vi.waitFor(async () => expect(await openConnections()).toBe(1), soon);

      await Promise.all(tabs.slice(1).map((tab) => tab.close()));
      await vi.waitFor(async () => expect(await openConnections()).toBe(0), soon);
    },
    180_000,
  );

  it("do not share a connection with another user", async () => {
    const [id = ""] = ids;
    const tabs = [await pages.open({ body: badge(id) }), await pages.open({ body: badge(id) })];
    await Promise.all(tabs.map((tab) => tab.waitForSelector('presence-badge[freshness="live"]')));
    expect(await openConnections()).toBe(2);
  });

  it("send a hidden page nothing, and the latest state when it is shown again", async () => {
    const id = ids[2] ?? "";
    const user = randomUUID();
    const [hidden, shown] = [await pages.open({ body: badge(id), user }), await pages.open({ body: badge(id), user })];
    await emulator.untilCovered(id);
    await change(id, hidden, shown);
    const setVisibility = (state: string) =>
      hidden.evaluate((value) => {
        Object.defineProperty(document, "visibilityState", { configurable: true, value });
        document.dispatchEvent(new Event("visibilitychange"));
      }, state);
    await setVisibility("hidden");
    const before = await hidden.getAttribute("presence-badge", "state");
    await change(id, shown);
    const now = await shown.getAttribute("presence-badge", "state");
    expect(now).not.toBe(before);
    expect(await hidden.getAttribute("presence-badge", "state")).toBe(before);
    await setVisibility("visible");
    await hidden.waitForSelector(`presence-badge[state="${now}"]`);
  });

  it.each(colours)("have no accessibility violations in %s colours", async (name, media) => {
    const details = `{"displayName":"Ada Lovelace","jobTitle":"Engineer"}`;
    const people = ["oneline", "twolines", "threelines", "image"].map(
      (view, index) => `<presence-person view="${view}" user-id="${ids[index]}" person-details='${details}'>
        </presence-person>`,
    );
    const states = ["Available", "Busy", "DoNotDisturb", "BeRightBack", "Away", "Offline"];
    for (const [index, availability] of states.entries()) {
      await emulator.setPresence(ids[index + 4] ?? "", { availability, activity: availability });
    }
    const badges = [10, 11, 12].map((size, index) =>
      states
        .map(
          (_, state) => `<presence-badge size="${["small", "medium", "extra-large"][index]}" announce
          user-id="${ids[state + 4]}"></presence-badge>`,
        )
        .join(`<!-- ${size} --> `),
    );
    const page = await pages.open({
      body: `<p>${badges.join("</p><p>")}</p><p>${people.join("</p><p>")}</p>
        <p><presence-badge size="extra-large" user-id="none"></presence-badge></p>`,
    });
    await page.emulateMedia(media);
    await page.waitForSelector('presence-badge[state="problem"]');
    await page.waitForFunction(() => document.querySelectorAll('[freshness="live"]').length >= 22);
    expect(await accessibilityViolations(page)).toEqual([]);
    await screenshot(page, environment.screenshot, `-elements-${name}`);
    // The id that is none is reported.
    expect(pages.problems.some((line) => line.includes("Not a valid id"))).toBe(true);
    pages.problems.length = 0;
  });

  it("show the name, photo and presence of an address", async () => {
    const id = ids[20] ?? "";
    const { mail, displayName } = await hub.person(id);
    const page = await pages.open({ body: `<presence-person email="${mail.toUpperCase()}"></presence-person>` });
    await emulator.setPresence(id, { availability: "Busy", activity: "InACall" });
    await page.waitForSelector('presence-person[state="busy"][freshness="live"]');
    expect((await page.locator('presence-person [part~="line1"]').textContent())?.trim()).toBe(displayName);
    const photo = page.locator('presence-person [part="photo"]');
    const width = await photo.evaluate(async (image: HTMLImageElement) => {
      await image.decode();
      return image.naturalWidth;
    });
    expect([48, 96]).toContain(width);
  });

  it("say what is wrong with the address of the hub, and throw nothing", async () => {
    const page = await pages.open({
      body: badge(ids[0] ?? ""),
      configuration: `url: "/hubs/nowhere", share: false`,
    });
    await page.waitForSelector('presence-badge[state="problem"]');
    expect(await page.locator('presence-badge [part="badge"]').getAttribute("title")).toContain("invalidRequest");
    const lines = pages.problems.filter((line) => line.startsWith("PresenceHub:"));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("/hubs/presence");
    pages.problems.length = 0;
  });
});
