import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PeopleClient } from "../../src/people/PeopleClient.js";
import { FakePeopleHub, problem } from "./FakePeopleHub.js";

describe("the list of PeopleClient", () => {
  let hub: FakePeopleHub;
  let reports: string[];
  let people: PeopleClient;

  beforeEach(() => {
    vi.useFakeTimers();
    hub = new FakePeopleHub();
    hub.listed = Array.from({ length: 1_150 }, (_, index) => `number ${index}`);
    reports = [];
    people = new PeopleClient({
      url: "https://hub.example.com/hubs/presence",
      accessTokenFactory: () => "token",
      report: (cause, message) => reports.push(`${cause}: ${message}`),
      fetch: hub.fetch,
      random: () => 0.5,
    });
  });

  afterEach(() => {
    people.stop();
    vi.useRealTimers();
  });

  const queries = () => hub.requests.map(({ search }) => search);
  const names = (listed: { people: readonly { displayName: string }[] }) =>
    listed.people.map(({ displayName }) => displayName.replace("Person number ", ""));

  it("reads the whole company page by page, in the order of the hub", async () => {
    const progress: number[] = [];
    const listed = await people.list({ most: 2_000, onProgress: (count) => progress.push(count) });
    expect(queries()).toEqual(["?all=true&top=500", "?all=true&top=500&after=500", "?all=true&top=500&after=1000"]);
    expect(progress).toEqual([500, 1_000, 1_150]);
    expect(names(listed)).toEqual(Array.from({ length: 1_150 }, (_, index) => String(index)));
    expect(listed).toMatchObject({ hasMore: false });
  });

  it("names a department, whatever its characters", async () => {
    await people.list({ department: "R&D, #1", most: 10 });
    expect(hub.requests[0]?.searchParams.get("department")).toBe("R&D, #1");
  });

  it.each([
    [700, ["0", "699"], true],
    [1_000, ["0", "999"], true],
    [1_150, ["0", "1149"], false],
  ])("reads no more pages than %i people need", async (most, [first, last], hasMore) => {
    const listed = await people.list({ most });
    expect(hub.requests).toHaveLength(Math.ceil(most / 500));
    expect([names(listed)[0], names(listed).at(-1), listed.hasMore]).toEqual([first, last, hasMore]);
  });

  it("does not follow pages without people endlessly", async () => {
    hub.answer = (url) =>
      Response.json({ people: [], rejected: [], next: String(Number(url.searchParams.get("after")) + 1) });
    expect(await people.list({ most: 1_000 })).toEqual({ people: [], hasMore: true });
    expect(hub.requests).toHaveLength(8);
  });

  it("says what the hub lacks for departments, and still asks for other people", async () => {
    hub.answer = (url) => (url.searchParams.has("department") ? problem(501, "grant User.Read.All.") : hub.people(url));
    expect(await people.list({ department: "Sales", most: 10 })).toEqual({
      people: [],
      hasMore: true,
      problem: "notSupported",
    });
    expect(reports).toEqual([expect.stringContaining("grant User.Read.All")]);
    expect((await people.list({ most: 10 })).people).toHaveLength(10);
    expect((await people.find("Ada", 10)).people).toHaveLength(1);
  });

  it("does not take a page that is cut off for the last one", async () => {
    hub.answer = (url) => (url.searchParams.has("after") ? new Response('{"people":[') : hub.people(url));
    const listed = await people.list({ most: 2_000 });
    expect(listed).toMatchObject({ hasMore: true, problem: "unavailable" });
    expect(listed.people).toHaveLength(500);
  });

  it("answers what it has when a later page fails, and waits as long as the hub says", async () => {
    hub.answer = (url) =>
      url.searchParams.has("after") ? problem(400, "after must be the next of an earlier page") : hub.people(url);
    const listed = await people.list({ most: 2_000 });
    expect(listed).toMatchObject({ hasMore: true, problem: "unavailable" });
    expect(listed.people).toHaveLength(500);

    hub.answer = () => {
      hub.answer = (url) => hub.people(url);
      return problem(429, "too many calls", { "Retry-After": "1" });
    };
    const waiting = people.list({ most: 2_000 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect((await waiting).people).toHaveLength(1_150);
  });
});
