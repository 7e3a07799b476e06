import type { Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TestBrowser } from "./browser.js";
import { environment } from "./environment.js";
import { hub } from "./hub.js";

const negotiation = "**/hubs/presence/negotiate*";
const indicator = '[role="status"][data-connection-state]';

describe("the board in a browser, refused by the hub", () => {
  const browser = TestBrowser.forTests();
  let page: Page;

  beforeEach(async () => {
    page = await browser.newPage();
  });

  afterEach(() => page.close());

  it.each([
    ["tokenExpired", "The token has expired", "has expired"],
    ["unauthorized", "The token needs the scope access in scp", "needs the scope access"],
  ])("drops a token that is refused with %s, and asks for another one", async (code, detail, text) => {
    // A hub of a real tenant, as the page sees it.
    await page.route("**/dev/people", (route) => route.fulfill({ status: 404 }));
    const body = JSON.stringify({ code, detail });
    await page.route(negotiation, (route) =>
      route.fulfill({ status: 401, contentType: "application/problem+json", body }),
    );
    await page.goto(`${environment.hub}/`);
    await page.fill("#ids", (await hub.people())[0]?.id ?? "");
    await page.fill("#token", "a.b.c");
    await page.click("#sign-in button");

    await page.locator("#sign-in-problem", { hasText: text }).waitFor();
    expect(await page.inputValue("#token")).toBe("");

    await page.unroute(negotiation);
    await page.fill("#token", await hub.token());
    await page.click("#sign-in button");
    await page.waitForSelector('[role="status"][data-connection-state="connected"]');
    expect(await page.isVisible("#sign-in")).toBe(false);
  });

  it("says in plain words that the user has too many connections", async () => {
    const closing = { type: 7, error: "Connection closed with an error. HubException: limitExceeded: too many" };
    await page.routeWebSocket(/\/hubs\/presence/, (socket) => {
      socket.onMessage(() => socket.send(`{}\u001e${JSON.stringify(closing)}\u001e`));
    });
    await page.goto(`${environment.hub}/`);
    await page.locator(indicator, { hasText: "open too often. Close another one" }).waitFor();
  });
});
