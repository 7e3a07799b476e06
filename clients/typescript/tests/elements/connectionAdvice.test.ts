import { expect, it } from "vitest";
import { connectionAdvice } from "../../src/elements/connectionAdvice.js";
import { PresenceError } from "../../src/index.js";
import { TokenSourceError } from "../../src/PresenceError.js";

const url = "https://hub.example.com/hubs/presence";
const adviceFor = (error: PresenceError) => connectionAdvice({ state: "connecting", attempt: 1, error }, url);

it("names the hub that refuses a token", () => {
  expect(adviceFor(new PresenceError("unauthorized", "no scope"))).toMatch(/hub at .* refuses .*no scope/);
});

it("does not blame the hub for a token source that has no token", () => {
  const advice = adviceFor(new TokenSourceError(new PresenceError("unauthorized", "Sign-in needed")));
  expect(advice).toContain("token source of this page gives no token (unauthorized: Sign-in needed)");
  expect(advice).not.toContain(url);
});

it("leaves a token source that cannot be reached to the back-off", () => {
  expect(adviceFor(new TokenSourceError(new Error("Failed to fetch")))).toBeUndefined();
});
