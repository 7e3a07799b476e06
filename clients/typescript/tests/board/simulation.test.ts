import { afterEach, describe, expect, it, vi } from "vitest";
import { simulation } from "../../board/simulation.js";
import { subject } from "../FakeHub.js";

describe("simulation", () => {
  afterEach(() => vi.unstubAllGlobals());

  const answer = (status: number, body: unknown) =>
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify(body), { status })));

  it("has no people at a hub of a real tenant", async () => {
    answer(404, {});
    expect(await simulation.people()).toBeUndefined();
  });

  it("fills in what the directory does not know", async () => {
    answer(200, [{ id: subject(10).toUpperCase(), displayName: null, department: null }]);
    expect(await simulation.people()).toEqual([{ id: subject(10), displayName: "0000000A", department: "" }]);
  });

  it("fails on any other answer, to be asked again", async () => {
    answer(503, {});
    await expect(simulation.people()).rejects.toThrow("503");
  });
});
