import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PeopleClient } from "../../src/people/PeopleClient.js";
import { subject } from "../FakeHub.js";
import { FakePeopleHub, person, problem } from "./FakePeopleHub.js";

describe("PeopleClient", () => {
  let hub: FakePeopleHub;
  let reports: string[];
  let people: PeopleClient;

  beforeEach(() => {
    vi.useFakeTimers();
    hub = new FakePeopleHub();
    reports = [];
    people = new PeopleClient({
      url: "https://hub.example.com/below/hubs/presence",
      accessTokenFactory: ({ refresh }) => (refresh ? "second" : "first"),
      report: (cause, message) => reports.push(`${cause}: ${message}`),
      fetch: hub.fetch,
      random: () => 0.5,
    });
  });

  afterEach(() => {
    people.stop();
    vi.useRealTimers();
  });

  it("asks for the addresses of one turn in one request, each once", async () => {
    const asked = ["a@example.com", "b@example.com", "A@Example.com "].map((email) => people.byEmail(email));
    await vi.advanceTimersByTimeAsync(10);
    const [first, second, again] = await Promise.all(asked);
    expect(first?.person).toMatchObject(person("a@example.com"));
    expect(second?.person?.id).toBe(person("b@example.com").id);
    expect(again).toEqual(first);
    expect(hub.requests.map(String)).toEqual([
      "https://hub.example.com/below/api/people?emails=a%40example.com,b%40example.com",
    ]);
    expect(hub.tokens).toEqual(["Bearer first"]);

    expect(await people.byEmail("a@example.com")).toEqual(first);
    expect(hub.requests).toHaveLength(1);
  });

  it("asks again when the lifetime of a cached person is over", async () => {
    const ask = async () => {
      const asked = people.byId(subject(1));
      await vi.advanceTimersByTimeAsync(10);
      await asked;
    };
    await ask();
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    await ask();
    expect(hub.requests).toHaveLength(2);
  });

  it("splits what one request cannot carry", async () => {
    const ids = Array.from({ length: 250 }, (_, index) => subject(index));
    const asked = Promise.all(ids.map((id) => people.byId(id)));
    await vi.advanceTimersByTimeAsync(10);
    expect((await asked).every(({ person }, index) => person?.id === ids[index])).toBe(true);
    expect(hub.requests.map((url) => url.searchParams.get("ids")?.split(",").length)).toEqual([100, 100, 50]);

    const long = Array.from({ length: 50 }, (_, index) => `${"x".repeat(280)}${index}@example.com`);
    void Promise.all(long.map((email) => people.byEmail(email)));
    await vi.advanceTimersByTimeAsync(10);
    expect(hub.requests.length).toBeGreaterThan(4);
    expect(Math.max(...hub.requests.map((url) => url.href.length))).toBeLessThan(7_000);
  });

  it.each([
    ["no id", () => people.byId("me"), "invalidId"],
    ["no address", () => people.byEmail("Ada Lovelace"), "invalidEmail"],
    ["two addresses", () => people.byEmail("a@b.c,d@e.f"), "invalidEmail"],
    ["an empty search", () => people.bySearch("  "), "notVisible"],
  ])("does not ask the hub for %s", async (_, ask, expected) => {
    expect(await ask()).toEqual({ problem: expected });
    await vi.advanceTimersByTimeAsync(10);
    expect(hub.requests).toEqual([]);
  });

  it("says that the user may see no person with an address", async () => {
    const asked = people.byEmail("no-one@elsewhere.com");
    await vi.advanceTimersByTimeAsync(10);
    expect(await asked).toEqual({ problem: "notVisible" });
  });

  it("looks an address up as one when it is searched for, and else takes the first person found", async () => {
    const address = people.bySearch("a@example.com");
    const name = people.bySearch("Ada Lovelace");
    await vi.advanceTimersByTimeAsync(10);
    expect((await address).person?.id).toBe(person("a@example.com").id);
    expect((await name).person?.displayName).toBe("Person ada lovelace");
    expect(hub.requests.map(({ search }) => search)).toEqual([
      "?search=ada%20lovelace&top=1",
      "?emails=a%40example.com",
    ]);
  });

  it("asks no more once the hub says that it may not read people, and reports the permission once", async () => {
    hub.answer = () => problem(501, "Grant the application permission User.ReadBasic.All.");
    const first = [people.byEmail("a@example.com"), people.bySearch("Ada")];
    await vi.advanceTimersByTimeAsync(10);
    const second = people.byEmail("b@example.com");
    await vi.advanceTimersByTimeAsync(10);
    expect(await Promise.all([...first, second])).toEqual(Array(3).fill({ problem: "notSupported" }));
    expect(new Set(reports).size).toBe(1);
    expect(reports[0]).toContain("User.ReadBasic.All");
    expect(hub.requests.length).toBeLessThanOrEqual(2);
  });

  it("asks no more of a hub that has no people API", async () => {
    hub.answer = () => problem(404, "There is nothing here");
    const first = people.byEmail("a@example.com");
    await vi.advanceTimersByTimeAsync(10);
    const second = people.bySearch("Ada");
    await vi.advanceTimersByTimeAsync(10);
    expect(await Promise.all([first, second])).toEqual(Array(2).fill({ problem: "notSupported" }));
    expect(hub.requests).toHaveLength(1);
    expect(reports).toHaveLength(1);
    expect(reports[0]).toContain("this hub has no people look-up");
    expect(reports[0]).toContain("user-id");
  });

  it("waits as long as a busy hub says, and asks again", async () => {
    let answers = 0;
    hub.answer = (url) => (++answers === 1 ? problem(429, "busy", { "Retry-After": "7" }) : hub.people(url));
    const asked = people.byEmail("a@example.com");
    await vi.advanceTimersByTimeAsync(7_000);
    expect(hub.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(7_000);
    expect((await asked).person?.id).toBe(person("a@example.com").id);
    expect(reports).toEqual([]);
  });

  it("takes another token when the hub refuses one, once", async () => {
    hub.answer = (url) => (hub.tokens.at(-1) === "Bearer first" ? problem(401, "expired") : hub.people(url));
    const asked = people.byEmail("a@example.com");
    await vi.advanceTimersByTimeAsync(10);
    expect((await asked).person).toBeDefined();
    expect(hub.tokens).toEqual(["Bearer first", "Bearer second"]);

    hub.answer = () => problem(401, "no scope");
    const refused = people.byEmail("b@example.com");
    await vi.advanceTimersByTimeAsync(10);
    expect(await refused).toEqual({ problem: "unauthorized" });
    expect(reports).toEqual(["people:unauthorized: The hub refuses to show people: no scope."]);
  });

  it("retries a hub that cannot be reached, then gives up and says what to check", async () => {
    hub.answer = () => Promise.reject(new TypeError("Failed to fetch"));
    const asked = people.byEmail("a@example.com");
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(await asked).toEqual({ problem: "unavailable" });
    expect(hub.requests).toHaveLength(8);
    expect(new Set(reports).size).toBe(1);
    expect(reports[0]).toContain("Http:AllowedOrigins");
  });

  it("says when to ask again after a failure: as the hub says, else after growing waits", async () => {
    const retries: number[] = [];
    const begun = Date.now();
    people.onRetry(() => {
      retries.push(Math.round((Date.now() - begun) / 1_000));
      void people.byEmail("a@example.com");
    });
    hub.answer = () => problem(500, "a fault");
    void people.byEmail("a@example.com");
    await vi.advanceTimersByTimeAsync(130_000);
    // Half of 30, 60 and 120 seconds.
    expect(retries).toEqual([15, 45, 105]);
    expect(hub.requests).toHaveLength(4);

    hub.answer = (url) =>
      url.searchParams.has("emails") ? hub.people(url) : problem(500, "", { "Retry-After": "90" });
    await vi.advanceTimersByTimeAsync(15 * 60_000);
    expect(retries).toHaveLength(4);
    expect(hub.requests).toHaveLength(5);

    const asked = Date.now();
    void people.byId(subject(1));
    await vi.advanceTimersByTimeAsync(89_000);
    expect(retries).toHaveLength(4);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(retries[4]).toBeGreaterThanOrEqual(Math.round((asked - begun) / 1_000) + 90);
  });

  it("takes members of other kinds for no people", async () => {
    hub.answer = () => Response.json({ people: [null, 5, { id: 3 }, {}], rejected: "all" });
    const asked = people.byEmail("a@example.com");
    await vi.advanceTimersByTimeAsync(10);
    expect(await asked).toEqual({ problem: "notVisible" });
  });

  it.each([
    ["is a page", () => new Response("<!doctype html>")],
    ["is null", () => Response.json(null)],
    ["has no people", () => Response.json({ rejected: [] })],
    ["is cut off", () => new Response('{"people":[{"key":"a@exa')],
  ])("takes an answer that %s for a failure, and asks again", async (_, answer) => {
    hub.answer = answer;
    const asked = [people.byEmail("a@example.com"), people.bySearch("Ada")];
    const found = people.find("Ada", 10);
    await vi.advanceTimersByTimeAsync(10);
    expect(await Promise.all(asked)).toEqual([{ problem: "unavailable" }, { problem: "unavailable" }]);
    expect(await found).toEqual({ problem: "unavailable" });
    expect(reports[0]).toMatch(/^people:unreadable: .*Check the URL/);

    hub.answer = (url) => hub.people(url);
    const retried = new Promise<void>((resolve) => people.onRetry(resolve));
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    await retried;
    const again = people.byEmail("a@example.com");
    await vi.advanceTimersByTimeAsync(10);
    expect((await again).person).toMatchObject(person("a@example.com"));
  });
});
