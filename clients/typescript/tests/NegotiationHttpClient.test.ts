import { describe, expect, it } from "vitest";
import { readRetryAfter } from "../src/NegotiationHttpClient.js";

const now = Date.UTC(2026, 0, 1, 12, 0, 0);

describe("readRetryAfter", () => {
  it.each([
    ["whole seconds", { "Retry-After": "120" }, 120_000],
    ["decimal seconds", { "Retry-After": " 0.25 " }, 250],
    ["a date", { "Retry-After": "Thu, 01 Jan 2026 12:00:30 GMT" }, 30_000],
    [
      "a date by the server's clock",
      { "Retry-After": "Thu, 01 Jan 2026 15:00:30 GMT", Date: "Thu, 01 Jan 2026 15:00:10 GMT" },
      20_000,
    ],
    ["a date that is over", { "Retry-After": "Thu, 01 Jan 2026 11:00:00 GMT" }, undefined],
    ["a negative number", { "Retry-After": "-5" }, undefined],
    ["something else", { "Retry-After": "soon" }, undefined],
    ["no header", {}, undefined],
  ])("reads %s", (_, headers, expected) => {
    expect(readRetryAfter(new Headers(headers), now)).toBe(expected);
  });
});
