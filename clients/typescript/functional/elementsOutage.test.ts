import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { OwnHub } from "./OwnHub.js";
import { badge, Pages } from "./Pages.js";

describe("the elements without their hub", () => {
  const browser = Pages.browserForTests();
  let hub: OwnHub;
  let pages: Pages;
  let id: string;

  beforeAll(async () => {
    hub = await OwnHub.start();
    const people = (await (await fetch(`${hub.url}/dev/people`)).json()) as { id: string }[];
    id = people[0]?.id ?? "";
  });

  afterAll(() => hub.kill());

  beforeEach(async () => {
    pages = await Pages.start(browser);
  });

  afterEach(() => pages.end());

  it("go stale and recover without a reload when the hub is killed and restarted", async () => {
    // The connection is in a shared worker, of an elected tab, and of the page alone.
    const ways = ["", "createWorker: false", "share: false"];
    const shown = await Promise.all(
      ways.map((configuration) => pages.open({ body: badge(id), configuration, hub: hub.url })),
    );
    const untilAll = (freshness: string, timeout: number) =>
      Promise.all(shown.map((page) => page.waitForSelector(`presence-badge[freshness="${freshness}"]`, { timeout })));
    await untilAll("live", 10_000);
    const bodies = await Promise.all(shown.map((page) => page.evaluateHandle(() => document.body)));
    await hub.kill();
    await untilAll("stale", 20_000);
    for (const page of shown) {
      expect(await page.getAttribute("presence-badge", "state")).not.toBe("offline");
    }
    await hub.start();
    await untilAll("live", 40_000);
    for (const body of bodies) {
      expect(await body.evaluate((before) => before === document.body)).toBe(true);
    }
  }, 120_000);

  it("recover when the browser is offline and online again", async () => {
    const page = await pages.open({ body: badge(id), configuration: "share: false", hub: hub.url });
    await page.waitForSelector('presence-badge[freshness="live"]');
    await pages.context.setOffline(true);
    // Chromium's switch refuses new connections and leaves open ones alone, so the page gets another client.
    await page.evaluate((url) => {
      const accessTokenFactory = async () =>
        ((await (await fetch(`${url}/dev/token`, { method: "POST" })).json()) as { accessToken: string }).accessToken;
      const { PresenceHub } = globalThis as unknown as { PresenceHub: { configure(value: object): void } };
      PresenceHub.configure({ accessTokenFactory, share: false });
    }, hub.url);
    await page.waitForSelector('presence-badge[freshness="unknown"]');
    await pages.context.setOffline(false);
    await page.waitForSelector('presence-badge[freshness="live"]', { timeout: 20_000 });
  });
});
