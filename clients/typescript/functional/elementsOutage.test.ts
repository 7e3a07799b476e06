import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { OwnHub } from "./OwnHub.js";
import { badge, Pages } from "./Pages.js";

describe("the elements without their hub", () => {
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
    pages = await Pages.start();
  });

  afterEach(() => pages.end());

  it.each([
    ["in a shared worker", ""],
    ["of an elected tab", "createWorker: false"],
    ["of the page alone", "share: false"],
  ])("go stale and recover without a reload when the hub is killed and restarted: connection %s", async (_, how) => {
    const page = await pages.open({ body: badge(id), configuration: how, hub: hub.url });
    await page.waitForSelector('presence-badge[freshness="live"]');
    const samePage = await page.evaluateHandle(() => document.body);
    await hub.kill();
    await page.waitForSelector('presence-badge[freshness="stale"]', { timeout: 20_000 });
    expect(await page.getAttribute("presence-badge", "state")).not.toBe("offline");
    await hub.start();
    await page.waitForSelector('presence-badge[freshness="live"]', { timeout: 40_000 });
    expect(await samePage.evaluate((body) => body === document.body)).toBe(true);
  });

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
