import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { tokenFromUrl } from "../../src/elements/tokenUrl.js";

describe("tokenFromUrl", () => {
  let now: number;
  let requests: RequestInit[];
  let answer: () => Response;

  beforeEach(() => {
    now = 0;
    requests = [];
    answer = () => Response.json({ accessToken: `token ${requests.length}`, expiresIn: 100 });
    vi.stubGlobal("fetch", (_: string, init: RequestInit) => {
      requests.push(init);
      return Promise.resolve(answer());
    });
  });

  afterEach(() => vi.unstubAllGlobals());

  it("uses a token until a quarter of its life is left, or the hub refuses it", async () => {
    const token = tokenFromUrl("/token", () => now);
    expect(await token({ refresh: false })).toBe("token 1");
    now = 74_999;
    expect(await token({ refresh: false })).toBe("token 1");
    now = 75_000;
    expect(await token({ refresh: false })).toBe("token 2");
    expect(await token({ refresh: true })).toBe("token 3");
  });

  it("asks once for those who need a token at the same time, with the cookies of the page's own origin", async () => {
    const token = tokenFromUrl("/token", () => now);
    expect(await Promise.all([token({ refresh: false }), token({ refresh: true })])).toEqual(["token 1", "token 1"]);
    expect(requests).toMatchObject([{ method: "POST", credentials: "same-origin", cache: "no-store" }]);
  });

  it.each([
    ["is refused", () => new Response("", { status: 403 }), "answered 403"],
    ["answers without a token", () => Response.json({ token: "x" }), 'without "accessToken"'],
    ["answers null", () => Response.json(null), 'without "accessToken"'],
  ])("fails when it %s, and asks again the next time", async (_, wrong, message) => {
    const right = answer;
    const token = tokenFromUrl("/token", () => now);
    answer = wrong;
    await expect(token({ refresh: false })).rejects.toThrow(message);
    answer = right;
    expect(await token({ refresh: false })).toBe("token 2");
  });
});
