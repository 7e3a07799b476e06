import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { collectProblems, TestBrowser } from "./browser.js";
import { FakeAuthority } from "./FakeAuthority.js";
import { OwnHub } from "./OwnHub.js";

const clientId = "11111111-2222-3333-4444-555555555555";

describe("the board of a tenant in a browser", () => {
  const browser = TestBrowser.forTests();
  let hub: OwnHub;
  let page: Page;
  let authority: FakeAuthority;
  let problems: string[];
  let people: { id: string; displayName: string }[];

  beforeAll(async () => {
    hub = await OwnHub.start({
      Board__ClientId: clientId,
      Board__Scope: "api://presence-hub/access",
      Board__Authority: FakeAuthority.url,
    });
    people = (await (await fetch(`${hub.url}/dev/people`)).json()) as typeof people;
  });

  afterAll(() => hub.kill());

  beforeEach(async () => {
    // MSAL needs a secure context, which this name gives a browser.
    page = await browser.newPage({ baseURL: hub.url.replace("127.0.0.1", "localhost") });
    problems = collectProblems(page);
    const { accessToken } = (await (await fetch(`${hub.url}/dev/token`, { method: "POST" })).json()) as {
      accessToken: string;
    };
    authority = new FakeAuthority(clientId, accessToken);
    await authority.serve(page);
  });

  afterEach(async () => {
    await page.close();
    expect(problems).toEqual([]);
  });

  it("signs its user in by itself, and shows the people of its address", async () => {
    const name = people[0]?.displayName ?? "";
    await page.goto(`/#${new URLSearchParams({ find: name })}`);
    await page.waitForSelector('[data-subject-id][data-freshness="live"]');
    const names = await page.locator("[data-subject-id] .name").allTextContents();
    expect(names).toContain(name);
    expect(names.length).toBeLessThan(people.length);
    expect(authority.requests.filter((path) => path.endsWith("/authorize"))).toHaveLength(1);
    expect(await page.textContent("#connection")).toContain("Live");

    await page.click("#choose");
    await page.fill("#find", "");
    await page.fill("#ids", people[0]?.id ?? "");
    await page.click('#sign-in [type="submit"]');
    await page.waitForFunction(() => document.querySelectorAll("[data-subject-id][data-revision]").length === 1);
  });
});
