import { afterEach, describe, expect, it, vi } from "vitest";
import { issueSimulatedToken, simulatedPeople } from "../../pages/common/simulation.js";
import { subject } from "../FakeHub.js";

const hub = new URL("https://hub.example.com/below/");

describe("the simulation of a hub", () => {
  afterEach(() => vi.unstubAllGlobals());

  const answer = (status: number, body: unknown) =>
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify(body), { status })));

  it("has no people at a hub of a real tenant", async () => {
    answer(404, {});
    expect(await simulatedPeople(hub)).toBeUndefined();
  });

  it("fills in what the directory does not know", async () => {
    answer(200, [{ id: subject(10).toUpperCase(), displayName: null, department: null }]);
    expect(await simulatedPeople(hub)).toEqual([{ id: subject(10), displayName: "0000000A", department: "" }]);
  });

  it("fails on any other answer, to be asked again", async () => {
    answer(503, {});
    await expect(simulatedPeople(hub)).rejects.toThrow("503");
  });

  it("says what the hub says of a failure", async () => {
    answer(429, { detail: "Ask later." });
    await expect(issueSimulatedToken(hub)).rejects.toThrow("Ask later.");
  });

  it("is asked below the path that a proxy publishes it at", async () => {
    const fetched = vi.fn((url: URL) => Promise.resolve(new Response(`[]`, { headers: { Address: url.href } })));
    vi.stubGlobal("fetch", fetched);
    await simulatedPeople(hub);
    expect(String(fetched.mock.calls[0]?.[0])).toBe("https://hub.example.com/below/dev/people");
  });
});
