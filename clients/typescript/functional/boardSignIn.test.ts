import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { collectProblems, TestBrowser } from "./browser.js";
import { FakeAuthority } from "./FakeAuthority.js";
import { OwnHub } from "./OwnHub.js";

const clientId = "11111111-2222-3333-4444-555555555555";
/** Fewer than the people of the company, and more than those of a department. */
const subjectsPerConnection = 100;

describe("the board of a tenant in a browser", () => {
  const browser = TestBrowser.forTests();
  let hub: OwnHub;
  let page: Page;
  let authority: FakeAuthority;
  let problems: string[];
  let people: { id: string; displayName: string; department: string }[];

  beforeAll(async () => {
    hub = await OwnHub.start({
      Board__ClientId: clientId,
      Board__Scope: "api://presence-hub/access",
      Board__Authority: FakeAuthority.url,
      WatchLists__MaxSubjectsPerConnection: String(subjectsPerConnection),
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

  it("shows a department and the whole company, in pages of as many as a connection may watch", async () => {
    const department = people[0]?.department ?? "";
    const members = people.filter((person) => person.department === department);
    await page.goto("/");
    await page.getByRole("radio", { name: "A department" }).check();
    await page.fill("#list-department", department.toUpperCase());
    await page.click('#sign-in [type="submit"]');
    await page.waitForSelector('[data-subject-id][data-freshness="live"]');
    expect(await page.locator("[data-subject-id]").count()).toBe(members.length);
    expect(await page.locator("#pager").isHidden()).toBe(true);
    expect(new URL(page.url()).hash).toBe(`#department=${department.toUpperCase().replaceAll(" ", "+")}`);

    await page.click("#choose");
    await page.getByRole("radio", { name: "The whole company" }).check();
    await page.click('#sign-in [type="submit"]');
    await page.waitForFunction(() => document.querySelector("#pager")?.checkVisibility());
    expect(await page.locator("[data-subject-id]").count()).toBe(subjectsPerConnection);
    expect(await page.textContent("#headcount")).toContain(`of ${people.length} people`);
    await page.click("#next");
    await page.waitForSelector('[data-subject-id][data-freshness="live"]');

    await page.reload();
    await page.waitForSelector('[data-subject-id][data-freshness="live"]');
    expect(new URL(page.url()).hash).toBe("#all=true");
  });
});
