// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { byId } from "../../pages/common/dom.js";
import { FakePeopleHub, problem } from "../people/FakePeopleHub.js";
import { chooseKind, loadPage, textOf } from "./page.js";
import { ShownBoard } from "./ShownBoard.js";
import { form, problemText, signedIn, start, submit } from "./tenantBoardPage.js";

vi.mock("../../board/Board.js", async () => ({ Board: (await import("./ShownBoard.js")).ShownBoard }));

/** For lists of many pages, on a slow machine too. */
const patience = { timeout: 30_000 };

describe("the board of a tenant, for a department or the whole company", () => {
  const boards = ShownBoard.all;
  let hub: FakePeopleHub;

  beforeEach(() => {
    loadPage();
    location.hash = "";
    boards.length = 0;
    hub = new FakePeopleHub();
    vi.stubGlobal("fetch", hub.fetch);
  });

  afterEach(() => vi.unstubAllGlobals());

  it("shows a department and the whole company, and keeps the choice in its address", async () => {
    hub.listed = Array.from({ length: 1_150 }, (_, index) => `number ${index}`);
    await start(signedIn);
    chooseKind("department");
    byId("list-department", HTMLInputElement).value = "Sales";
    submit();
    await vi.waitFor(() => expect(boards).toHaveLength(1), patience);
    expect(hub.requests[0]?.searchParams.get("department")).toBe("Sales");
    expect(boards[0]?.people).toHaveLength(1_150);
    expect(location.hash).toBe("#department=Sales");
    expect(textOf(byId("notice", HTMLElement))).toBe("");

    chooseKind("all");
    submit();
    await vi.waitFor(() => expect(boards).toHaveLength(2), patience);
    expect(hub.requests.at(-1)?.searchParams.get("all")).toBe("true");
    expect(location.hash).toBe("#all=true");

    loadPage();
    await start(signedIn);
    await vi.waitFor(() => expect(boards).toHaveLength(3), patience);
    expect(boards[2]?.people).toHaveLength(1_150);
  });

  it("says how far it has read a list, and how many people of a larger company it shows", async () => {
    hub.listed = Array.from({ length: 10_001 }, (_, index) => `number ${index}`);
    const said: string[] = [];
    hub.answer = (url) => {
      said.push(textOf(byId("connection", HTMLElement)));
      return hub.people(url);
    };
    location.hash = "#all=true";
    await start(signedIn);
    await vi.waitFor(() => expect(boards).toHaveLength(1), patience);
    expect(said.slice(0, 2)).toEqual(["Searching…", "Reading the list, 500 so far…"]);
    expect(boards[0]?.people).toHaveLength(10_000);
    expect(textOf(byId("notice", HTMLElement))).toContain("The first 10,000 by name");
  });

  it("says how many people it shows when the hub stops answering in the middle of a list", async () => {
    hub.listed = Array.from({ length: 1_150 }, (_, index) => `number ${index}`);
    hub.answer = (url) => (url.searchParams.get("after") === "500" ? problem(400, "after") : hub.people(url));
    location.hash = "#all=true";
    await start(signedIn);
    await vi.waitFor(() => expect(boards).toHaveLength(1), patience);
    expect(textOf(byId("notice", HTMLElement))).toContain("500 people are shown");
  });

  it("says which permission the hub lacks for a department, and still shows the company", async () => {
    hub.listed = ["Ada"];
    hub.answer = (url) => (url.searchParams.has("department") ? problem(501, "grant it") : hub.people(url));
    location.hash = "#department=Sales";
    await start(signedIn);
    await vi.waitFor(() => expect(problemText()).toContain("User.Read.All"), patience);
    expect(form().hidden).toBe(false);
    expect(byId("list-department", HTMLInputElement).value).toBe("Sales");
    chooseKind("all");
    submit();
    await vi.waitFor(() => expect(boards).toHaveLength(1), patience);
  });

  it.each([
    ["#department=Nowhere", "Nowhere"],
    ["#all=true", "finds no one"],
  ])("says that %s has no one to show", async (hash, text) => {
    location.hash = hash;
    await start(signedIn);
    await vi.waitFor(() => expect(problemText()).toContain(text), patience);
    expect(boards).toEqual([]);
  });

  it("says nothing more of a list that the user has left", async () => {
    hub.listed = Array.from({ length: 1_150 }, (_, index) => `number ${index}`);
    const read: Response[] = [];
    hub.answer = (url) => {
      const page = hub.people(url);
      read.push(page);
      if (url.searchParams.get("after") === "500") {
        byId("choose", HTMLButtonElement).click();
      }
      return page;
    };
    location.hash = "#all=true";
    await start(signedIn);
    await vi.waitFor(() => expect(read[1]?.bodyUsed).toBe(true), patience);
    // What follows from the page is said within this turn.
    await new Promise((resolve) => setTimeout(resolve));
    expect(textOf(byId("connection", HTMLElement))).toBe("Not connected");
    expect(boards).toEqual([]);
  });
});
