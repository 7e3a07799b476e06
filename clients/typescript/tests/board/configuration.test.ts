// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from "vitest";
import { readConfiguration } from "../../board/configuration.js";

describe("the configuration of the board", () => {
  afterEach(() => vi.unstubAllGlobals());

  const read = (answer: Response) => {
    vi.stubGlobal("fetch", () => Promise.resolve(answer));
    return readConfiguration();
  };

  it("has what the hub says", async () => {
    const signIn = { clientId: "board", authority: "https://login.example.com/tenant", scope: "api://hub/access" };
    const configuration = { signIn, subjectsPerConnection: 500 };
    expect(await read(Response.json(configuration))).toEqual(configuration);
  });

  it.each([
    ["no sign-in", { signIn: null, subjectsPerConnection: 1_000 }],
    ["an incomplete sign-in", { signIn: { clientId: "board", authority: "", scope: "a" } }],
    ["other kinds of members", { signIn: "yes", subjectsPerConnection: "many" }],
    ["no object", null],
  ])("asks for a token with %s", async (_, answer) =>
    expect(await read(Response.json(answer))).toEqual({ signIn: undefined, subjectsPerConnection: 1_000 }),
  );

  it("fails while the hub cannot answer", async () =>
    expect(read(new Response("", { status: 503 }))).rejects.toThrow("503"));
});
