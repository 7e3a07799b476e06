import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { accessibilityViolations, collectProblems, colours, screenshot, TestBrowser } from "./browser.js";
import { environment } from "./environment.js";
import { OwnHub } from "./OwnHub.js";

const soon = { timeout: 30_000 };
const firstPerson = "#people presence-person >> nth=0";

describe("the playground", () => {
  let hub: OwnHub;
  const browser = TestBrowser.forTests();
  const problems: string[] = [];
  let page: Page;

  beforeAll(async () => {
    // A hub of its own, since the faults would reach the other tests. It polls often, so presence is stale soon.
    hub = await OwnHub.start({ Polling__Period: "00:00:01", Store__StaleAfter: "00:00:04" });
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    collectProblems(page, problems);
    await page.goto(`${hub.url}/playground/`);
  });

  afterAll(async () => {
    await page.close();
    await hub.kill();
    expect(problems).toEqual([]);
  });

  beforeEach(() => page.locator("#freshness", { hasText: "12 live" }).waitFor(soon));

  it("shows a presence that is set with one click, and says how soon", async () => {
    const next = (await page.getAttribute(firstPerson, "state")) === "busy" ? "DoNotDisturb" : "Busy";
    await page.click(`.card >> nth=0 >> [data-availability="${next}"]`);
    await page.waitForSelector(`.card >> nth=0 >> [aria-pressed="true"][data-availability="${next}"]`, soon);
    expect(await page.getAttribute(firstPerson, "state")).toBe(next === "Busy" ? "busy" : "doNotDisturb");
    await page.locator("#result", { hasText: /shown \d+ ms after the click/ }).waitFor();
    expect(await page.locator("#log .received", { hasText: "PresenceChanged" }).count()).toBeGreaterThan(0);
  });

  it("shows stale presence while Graph is away, and live presence when it is back", async () => {
    await page.click("#graph-away");
    await page.locator('#graph-away[aria-checked="true"]').waitFor(soon);
    await page.locator("#freshness", { hasText: "12 stale" }).waitFor(soon);
    expect(await page.getAttribute(firstPerson, "freshness")).toBe("stale");
    // A page that is opened meanwhile shows the same.
    await page.reload();
    await page.locator('#graph-away[aria-checked="true"]').waitFor(soon);
    await page.click("#graph-away");
    await page.locator("#freshness", { hasText: "12 live" }).waitFor({ timeout: 45_000 });
  });

  it("finds a change by polling while notifications are lost", async () => {
    await page.click("#notifications-lost");
    await page.locator('#notifications-lost[aria-checked="true"]').waitFor(soon);
    const next = (await page.getAttribute(firstPerson, "state")) === "away" ? "Offline" : "Away";
    await page.click(`.card >> nth=0 >> [data-availability="${next}"]`);
    await page.waitForSelector(`.card >> nth=0 >> [aria-pressed="true"][data-availability="${next}"]`, soon);
    await page.click("#notifications-lost");
    await page.locator('#notifications-lost[aria-checked="false"]').waitFor(soon);
  });

  it("begins another epoch when the store is restarted", async () => {
    const epoch = await page.innerText("#epoch");
    await page.click("#restart-store");
    await page.locator("#result", { hasText: "The store has restarted" }).waitFor(soon);
    await page.waitForFunction((before) => document.querySelector("#epoch")?.textContent !== before, epoch, {
      timeout: 45_000,
    });
    await page.locator("#freshness", { hasText: "12 live" }).waitFor({ timeout: 45_000 });
  });

  it("connects again when its connection is cut, and stays away while it is kept cut", async () => {
    const cursor = await page.innerText("#cursor");
    expect(cursor).not.toBe("–");
    await page.click("#cut");
    await page.locator("#log", { hasText: "reconnecting" }).waitFor(soon);
    await page.locator('#connection[data-connection-state="connected"]').waitFor(soon);
    await page.locator("#log .sent", { hasText: "from the cursor on" }).first().waitFor(soon);

    await page.click("#hold-cut");
    await page.locator("#freshness", { hasText: "12 stale" }).waitFor(soon);
    await page.click("#hold-cut");
    await page.locator("#freshness", { hasText: "12 live" }).waitFor(soon);
  });

  it("is used by the keyboard alone", async () => {
    await page.focus("#search");
    await page.keyboard.press("Tab");
    const chosen = await page.evaluate(() => document.activeElement?.getAttribute("data-availability"));
    await page.keyboard.press(chosen === "Offline" ? "Home" : "ArrowRight");
    const next = await page.evaluate(() => document.activeElement?.getAttribute("data-availability"));
    expect(next).not.toBe(chosen);
    await page.keyboard.press("Enter");
    await page.waitForSelector(`.card >> nth=0 >> [aria-pressed="true"][data-availability="${next ?? ""}"]`, soon);
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const card = document.activeElement?.closest(".card");
      return card ? [...document.querySelectorAll(".card")].indexOf(card) : -1;
    });
    expect(focused).toBe(1);
  });

  it("has no accessibility violations in light, dark and forced colours, and fits a phone", async () => {
    for (const [name, media] of colours) {
      await page.emulateMedia(media);
      expect(await accessibilityViolations(page), `in ${name} colours`).toEqual([]);
      await screenshot(page, environment.screenshot, `-playground-${name}`);
    }
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await screenshot(page, environment.screenshot, "-playground-phone", true);
  });
});
