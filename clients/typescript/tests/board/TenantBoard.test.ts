// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Session } from "../../board/Session.js";
import { byId } from "../../pages/common/dom.js";
import { PresenceError } from "../../src/index.js";
import { subject } from "../FakeHub.js";
import { FakePeopleHub, problem } from "../people/FakePeopleHub.js";
import { loadPage, textOf } from "./page.js";
import { ShownBoard } from "./ShownBoard.js";
import { choose, form, problemText, signedIn, start } from "./tenantBoardPage.js";

vi.mock("../../board/Board.js", async () => ({ Board: (await import("./ShownBoard.js")).ShownBoard }));

describe("the board of a tenant", () => {
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
