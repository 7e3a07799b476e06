import type { Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { accessibilityViolations, collectProblems, colours, screenshot, TestBrowser } from "./browser.js";
import { emulator } from "./emulator.js";
import { environment } from "./environment.js";
import { otherThan } from "./hub.js";

const cards = "[data-subject-id]";
// Text is read as content, not as rendered: the browser does not render sections out of view.
const shownCards = `${cards}:not([hidden])`;

describe("the board in a browser", () => {
  const browser = TestBrowser.forTests();
  let page: Page;
  let problems: string[];

  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
    problems = collectProblems(page);
    await page.goto(`${environment.hub}/`);
    await page.waitForSelector('[role="status"][data-connection-state="connected"]');
    await page.waitForSelector(`${cards}[data-revision]`);
  });

  afterEach(async () => {
    await page.close();
    expect(problems).toEqual([]);
  });

  it("shows a change on the card within two seconds, without a reload", async () => {
    const card = page.locator(`${cards}[data-freshness="live"]`).first();
    const id = (await card.getAttribute("data-subject-id")) ?? "";
    const samePage = await page.evaluateHandle(() => document.body);
    await emulator.untilCovered(id);
    const revision = await page.getAttribute(`[data-subject-id="${id}"]`, "data-revision");
    const next = otherThan(await page.getAttribute(`[data-subject-id="${id}"]`, "data-availability"));

    await emulator.setPresence(id, next);
    const changed = `[data-subject-id="${id}"][data-availability="${next.availability}"][data-freshness="live"]`;
    await page.waitForSelector(changed, { timeout: 2_000 });
    expect(await page.getAttribute(changed, "data-revision")).not.toBe(revision);
    expect(await page.textContent(changed)).toMatch(
      next.availability === "Busy" ? /Busy.*In a meeting/s : /Do not disturb.*Presenting/s,
    );
    expect(await samePage.evaluate((body) => body === document.body)).toBe(true);
  });

  it("tells the connection state in a status region", async () => {
    expect((await page.innerText('[role="status"]')).trim()).toBe("Live");
  });

  it("finds people by typing after a slash, and shows all again on Escape", async () => {
    const all = await page.locator(shownCards).count();
    const name = (await page.locator(`${cards} .name`).last().textContent()) ?? "";
    await page.keyboard.press("/");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("search");
    await page.keyboard.type(name);
    const names = await page.locator(`${shownCards} .name`).allTextContents();
    expect(names.length).toBeGreaterThan(0);
    expect(names.length).toBeLessThan(all);
    expect(names.every((shown) => shown.includes(name))).toBe(true);

    await page.keyboard.press("Escape");
    expect(await page.locator(shownCards).count()).toBe(all);
  });

  it("can be filtered with the keyboard alone, with the focus visible", async () => {
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to people");
    const reached: (string | undefined)[] = [];
    for (let presses = 0; presses < 3; presses++) {
      await page.keyboard.press("Tab");
      reached.push(await page.evaluate(() => document.activeElement?.id || document.activeElement?.className));
    }
    expect(reached).toEqual(["search", "department", "chip"]);
    expect(await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle)).toBe(
      "solid",
    );

    await page.keyboard.press("Space");
    expect(await page.locator('[aria-pressed="true"]').count()).toBe(1);
    const states = await page
      .locator(shownCards)
      .evaluateAll((shown) => shown.map((card) => card.getAttribute("data-state")));
    expect(states.every((state) => state === "available")).toBe(true);
  });

  it.each([
    ["light", 0.8, 1],
    ["dark", 0, 0.2],
  ] as const)("follows the %s colour scheme", async (colorScheme, darkest, lightest) => {
    await page.emulateMedia({ colorScheme });
    const background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const [red = 0, green = 0, blue = 0] = (background.match(/\d+/g) ?? []).map(Number);
    const brightness = (red + green + blue) / 3 / 255;
    expect(brightness).toBeGreaterThanOrEqual(darkest);
    expect(brightness).toBeLessThanOrEqual(lightest);
    await screenshot(page, environment.screenshot, colorScheme === "light" ? "" : "-dark");
  });

  it("watches the people of one page where there are more than a connection may watch", async () => {
    await page.route("**/config.json", (route) =>
      route.fulfill({ json: { signIn: null, subjectsPerConnection: 100 } }),
    );
    await page.reload();
    const untilWatched = (count: number) =>
      page.waitForFunction(
        (expected) => document.querySelectorAll("[data-subject-id][data-revision]").length === expected,
        count,
      );
    const names = () => page.locator(`${cards} .name`).allTextContents();
    await untilWatched(100);
    const first = await names();
    await page.click("#next");
    expect(await page.textContent("#page")).toContain("Page 2 of 3");
    await untilWatched(100);
    expect((await names()).filter((name) => first.includes(name)).length).toBeLessThan(100);

    await page.keyboard.press("/");
    await page.keyboard.type(first[0] ?? "");
    await page.waitForFunction(() => document.querySelectorAll("[data-subject-id]").length < 100);
    expect(await names()).toContain(first[0]);
    await page.waitForSelector(`${cards}[data-revision]`);
  });

  it("keeps the filters in view on a phone", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.evaluate(() => scrollTo(0, 2_000));
    const box = await page.locator("#tools").boundingBox();
    expect(box?.y).toBe(0);
    expect(box?.height).toBeLessThan(844 / 4);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });

  it("has no violation that axe finds in light, dark and forced colours", async () => {
    // A page of few people, as axe takes its time for each card.
    await page.route("**/config.json", (route) => route.fulfill({ json: { signIn: null, subjectsPerConnection: 12 } }));
    await page.reload();
    await page.waitForSelector(`${cards}[data-revision]`);
    for (const [name, media] of colours) {
      await page.emulateMedia(media);
      expect(await accessibilityViolations(page), `in ${name} colours`).toEqual([]);
    }
  });

  it("fits a screen 320 pixels wide", async () => {
    await page.setViewportSize({ width: 320, height: 700 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });
});
