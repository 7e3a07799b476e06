// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ConnectionIndicator } from "../../board/ConnectionIndicator.js";
import { byId } from "../../pages/shared/dom.js";
import type { Person } from "../../board/Person.js";
import type { Session } from "../../board/Session.js";
import { TenantBoard } from "../../board/TenantBoard.js";
import { PresenceError, type ConnectionStatus } from "../../src/index.js";
import { subject } from "../FakeHub.js";
import { FakePeopleHub, problem } from "../people/FakePeopleHub.js";
import { chooseKind, loadPage, textOf } from "./page.js";

interface Shown {
  readonly people: readonly Person[];
  readonly onStatus: (status: ConnectionStatus) => void;
  isStopped: boolean;
}

const boards = vi.hoisted(() => [] as Shown[]);
vi.mock("../../board/Board.js", () => ({
  Board: class implements Shown {
    isStopped = false;
    constructor(
      readonly people: readonly Person[],
      _: unknown,
      __: number,
      readonly onStatus: (status: ConnectionStatus) => void,
    ) {
      boards.push(this);
    }
    stop(): Promise<void> {
      this.isStopped = true;
      return Promise.resolve();
    }
  },
}));

/** For lists of many pages, on a slow machine too. */
const patience = { timeout: 30_000 };

describe("the board of a tenant", () => {
  let hub: FakePeopleHub;

  beforeEach(() => {
    loadPage();
    location.hash = "";
    boards.length = 0;
    hub = new FakePeopleHub();
    vi.stubGlobal("fetch", hub.fetch);
  });

  afterEach(() => vi.unstubAllGlobals());

  const signedIn: Session = { accessToken: () => "token", signIn: () => Promise.resolve() };
  const form = () => byId("sign-in", HTMLFormElement);
  const problemText = () => textOf(byId("sign-in-problem", HTMLElement));

  async function start(session?: Session, openSession = session && (() => Promise.resolve(session))): Promise<void> {
    const indicator = new ConnectionIndicator(byId("connection", HTMLElement));
    await new TenantBoard(indicator, { signIn: undefined, subjectsPerConnection: 1_000 }, openSession).start();
  }

  function choose(search: string, ids = ""): void {
    byId("find", HTMLInputElement).value = search;
    byId("ids", HTMLTextAreaElement).value = ids;
    form().dispatchEvent(new Event("submit", { cancelable: true }));
  }

  it("shows those that the hub finds by a name, with the token of the user", async () => {
    await start(signedIn);
    expect(form().hidden).toBe(false);
    choose("Ada");
    await vi.waitFor(() => expect(boards).toHaveLength(1));
    expect(hub.requests.map(({ pathname, search }) => pathname + search)).toEqual(["/api/people?search=Ada&top=50"]);
    expect(hub.tokens).toEqual(["Bearer token"]);
    expect(boards[0]?.people.map(({ displayName }) => displayName)).toEqual(["Person Ada"]);
    expect(location.hash).toBe("#find=Ada");

    byId("choose", HTMLButtonElement).click();
    expect(form().hidden).toBe(false);
    choose("", `${subject(1)} Ada`);
    await vi.waitFor(() => expect(boards).toHaveLength(2));
    expect(boards[0]?.isStopped).toBe(true);
    expect(boards[1]?.people.map(({ displayName }) => displayName)).toEqual(["Ada"]);
  });

  it("shows the search of its address", async () => {
    location.hash = "#find=Sales";
    await start(signedIn);
    await vi.waitFor(() => expect(boards).toHaveLength(1));
    expect(hub.requests[0]?.searchParams.get("search")).toBe("Sales");
  });

  it("shows a department and the whole company, and keeps the choice in its address", async () => {
    hub.listed = Array.from({ length: 1_150 }, (_, index) => `number ${index}`);
    await start(signedIn);
    chooseKind("department");
    byId("list-department", HTMLInputElement).value = "Sales";
    form().dispatchEvent(new Event("submit", { cancelable: true }));
    await vi.waitFor(() => expect(boards).toHaveLength(1), patience);
    expect(hub.requests[0]?.searchParams.get("department")).toBe("Sales");
    expect(boards[0]?.people).toHaveLength(1_150);
    expect(location.hash).toBe("#department=Sales");
    expect(textOf(byId("notice", HTMLElement))).toBe("");

    chooseKind("all");
    form().dispatchEvent(new Event("submit", { cancelable: true }));
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
    form().dispatchEvent(new Event("submit", { cancelable: true }));
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

  it("says which permission the hub lacks for a search, and shows ids all the same", async () => {
    hub.answer = () => problem(501, "grant User.ReadBasic.All");
    await start(signedIn);
    choose("Sales");
    await vi.waitFor(() => expect(problemText()).toContain("User.ReadBasic.All"));
    expect(boards).toEqual([]);
    choose("Sales", subject(1));
    await vi.waitFor(() => expect(boards).toHaveLength(1));
    expect(textOf(byId("notice", HTMLElement))).toContain("User.ReadBasic.All");
  });

  it("says how many people a search shows at most, also when the hub leaves some out", async () => {
    await start(signedIn);
    choose("Ada");
    await vi.waitFor(() => expect(boards).toHaveLength(1));
    expect(textOf(byId("notice", HTMLElement))).toContain("50 people at most");
    choose("", subject(1));
    await vi.waitFor(() => expect(boards).toHaveLength(2));
    expect(textOf(byId("notice", HTMLElement))).toBe("");
  });

  it("shows the last choice only, whichever is answered first", async () => {
    let answer: (response: Response) => void = () => undefined;
    hub.answer = () => new Promise((resolve) => (answer = resolve));
    await start(signedIn);
    choose("Sales");
    await vi.waitFor(() => expect(hub.requests).toHaveLength(1));
    choose("", subject(1));
    await vi.waitFor(() => expect(boards).toHaveLength(1));
    const late = hub.people(new URL("https://hub.example.com/api/people?search=Sales"));
    answer(late);
    await vi.waitFor(() => expect(late.bodyUsed).toBe(true));
    choose("", subject(2));
    await vi.waitFor(() => expect(boards.at(-1)?.people.map(({ id }) => id)).toEqual([subject(2)]));
    expect(boards.map(({ people }) => people.map(({ id }) => id))).toEqual([[subject(1)], [subject(2)]]);
  });

  it("leaves a search that the hub does not answer, and gives its requests up", async () => {
    let signal: AbortSignal | null | undefined;
    hub.answer = (_, init) => {
      signal = init?.signal;
      return new Promise(() => undefined);
    };
    await start(signedIn);
    choose("Sales");
    await vi.waitFor(() => expect(hub.requests).toHaveLength(1));
    const leave = byId("choose", HTMLButtonElement);
    expect(leave.hidden).toBe(false);
    expect(textOf(byId("connection", HTMLElement))).toBe("Searching…");
    leave.click();
    expect(form().hidden).toBe(false);
    expect(signal?.aborted).toBe(true);
    expect(textOf(byId("connection", HTMLElement))).toBe("Not connected");
  });

  it("gives up the requests of a search for the next choice", async () => {
    const signals: (AbortSignal | null | undefined)[] = [];
    hub.answer = (_, init) => {
      signals.push(init?.signal);
      return new Promise(() => undefined);
    };
    await start(signedIn);
    choose("Sales");
    await vi.waitFor(() => expect(signals).toHaveLength(1));
    choose("Ada");
    await vi.waitFor(() => expect(signals).toHaveLength(2));
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, false]);
  });

  it("keeps the people it shows live until there are others to show", async () => {
    await start(signedIn);
    choose("", subject(1));
    await vi.waitFor(() => expect(boards).toHaveLength(1));
    boards[0]?.onStatus({ state: "connected", attempt: 0 });
    hub.answer = () => Response.json({ people: [], rejected: [] });
    choose("Nowhere");
    await vi.waitFor(() => expect(problemText()).toContain("Nowhere"));
    expect(boards[0]?.isStopped).toBe(false);
    expect(textOf(byId("connection", HTMLElement))).toBe("Live");
    choose("", subject(2));
    await vi.waitFor(() => expect(boards).toHaveLength(2));
    expect(boards[0]?.isStopped).toBe(true);
  });

  it("asks for another token when the hub refuses the pasted one for a search", async () => {
    hub.answer = () => problem(401, "no scope");
    await start();
    byId("token", HTMLInputElement).value = "a.b.c";
    choose("Ada");
    await vi.waitFor(() => expect(problemText()).toContain("refused this access token"));
    expect(byId("token", HTMLInputElement).value).toBe("");
    expect(form().hidden).toBe(false);
    expect(boards).toEqual([]);
  });

  it("says why the sign-in cannot begin, and begins it again when the user wants to", async () => {
    const openSession = vi.fn<() => Promise<Session>>(() => Promise.reject(new Error("crypto_nonexistent")));
    await start(undefined, openSession);
    expect(problemText()).toContain("crypto_nonexistent");
    expect(textOf(byId("connection", HTMLElement))).toBe("Not connected");
    openSession.mockResolvedValue(signedIn);
    byId("sign-in-again", HTMLButtonElement).click();
    await vi.waitFor(() => expect(problemText()).toBe(""));
    choose("", subject(1));
    await vi.waitFor(() => expect(boards).toHaveLength(1));
  });

  it("says that the hub finds no one", async () => {
    hub.answer = () => Response.json({ people: [], rejected: [] });
    await start(signedIn);
    choose("Nowhere");
    await vi.waitFor(() => expect(problemText()).toContain("Nowhere"));
    expect(form().hidden).toBe(false);
  });

  it("offers the sign-in when it has brought no token", async () => {
    const signIn = vi.fn(() => Promise.reject(new Error("blocked")));
    const accessToken = () => Promise.reject(new PresenceError("unauthorized", "consent is missing"));
    await start({ accessToken, signIn });
    expect(problemText()).toContain("consent is missing");
    byId("sign-in-again", HTMLButtonElement).click();
    await vi.waitFor(() => expect(problemText()).toContain("blocked"));
    expect(signIn).toHaveBeenCalledOnce();
  });

  it("drops a pasted token that the hub refuses, and keeps that of a session", async () => {
    const error = new PresenceError("unauthorized", "no scope");
    await start();
    byId("token", HTMLInputElement).value = "a.b.c";
    choose("", subject(1));
    await vi.waitFor(() => expect(boards).toHaveLength(1));
    boards[0]?.onStatus({ state: "connecting", attempt: 1, error });
    expect(problemText()).toContain("no scope");
    expect(boards[0]?.isStopped).toBe(true);

    loadPage();
    await start(signedIn);
    choose("", subject(1));
    await vi.waitFor(() => expect(boards).toHaveLength(2));
    boards[1]?.onStatus({ state: "connecting", attempt: 1, error });
    expect(boards[1]?.isStopped).toBe(false);
    expect(form().hidden).toBe(true);
  });
});
