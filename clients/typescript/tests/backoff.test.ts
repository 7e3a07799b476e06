import { describe, expect, it } from "vitest";
import { fullJitter, retryDelay } from "../src/backoff.js";

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

describe("retryDelay", () => {
  it("is full jitter when the hub names no wait", () => {
    expect(retryDelay(backoff, 3, () => 0.5, undefined)).toBe(4_000);
    expect(retryDelay(backoff, 3, () => 0.5, 0)).toBe(4_000);
  });

  it("is never shorter than the wait that the hub names, and spreads over as much again", () => {
    expect(retryDelay(backoff, 0, () => 0, 5_000)).toBe(5_000);
    expect(retryDelay(backoff, 0, () => 0.5, 5_000)).toBe(7_500);
    expect(retryDelay(backoff, 9, () => 1, 5_000)).toBe(10_000);
    expect(retryDelay(backoff, 0, () => 1, 120_000)).toBe(150_000);
  });

  it("bounds waits that make no sense", () => {
    expect(retryDelay(backoff, 0, () => 0, 1)).toBe(100);
    expect(retryDelay(backoff, 0, () => 0, Number.MAX_VALUE)).toBe(600_000);
  });
});
