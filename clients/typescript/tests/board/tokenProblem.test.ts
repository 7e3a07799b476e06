// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { tokenProblem } from "../../board/tokenProblem.js";
import { PresenceError } from "../../src/index.js";
import { TokenSourceError } from "../../src/PresenceError.js";

describe("tokenProblem", () => {
  it("says why the hub does not take the token", () => {
    expect(tokenProblem(new PresenceError("tokenExpired", ""))).toContain("expired");
    const refused = new PresenceError("unauthorized", "The token needs the scope access in scp");
    expect(tokenProblem(refused)).toContain("needs the scope access");
  });

  it.each(["limitExceeded", "invalidRequest", "unavailable", "disconnected"] as const)(
    "asks for no other token after %s",
    (code) => expect(tokenProblem(new PresenceError(code, ""))).toBeUndefined(),
  );

  it("does not say that the hub refuses what a token source has not given", () =>
    expect(tokenProblem(new TokenSourceError(new PresenceError("unauthorized", "Sign-in needed")))).toBeUndefined());

  it("asks for no token while nothing is wrong", () => expect(tokenProblem(undefined)).toBeUndefined());
});
