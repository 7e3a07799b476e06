import { describe, expect, it } from "vitest";
import { fullJitter } from "../src/backoff.js";

const backoff = { baseMs: 1_000, capMs: 30_000 };

describe("fullJitter", () => {
  it("spreads from zero up to a bound that doubles until the cap", () => {
    const bounds = [0, 1, 2, 3, 4, 5, 6, 60].map((attempt) => fullJitter(backoff, attempt, () => 1));
    expect(bounds).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(fullJitter(backoff, 9, () => 0)).toBe(0);
  });

  it("does not overflow after years of failures", () => {
    expect(fullJitter(backoff, 100_000, () => 0.5)).toBe(15_000);
  });
});
