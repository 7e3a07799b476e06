import { describe, expect, it } from "vitest";
import { Backoff } from "../src/Backoff.js";

/** A backoff with this many failures, whose random number is always the same. */
function backoffAfter(failures: number, random: number): Backoff {
  const backoff = new Backoff({ baseMs: 1_000, capMs: 30_000 }, () => random);
  for (let failure = 0; failure < failures; failure++) {
    backoff.next();
  }
  return backoff;
}

describe("Backoff", () => {
  it("spreads from zero up to a bound that doubles until the cap", () => {
    const bounds = [0, 1, 2, 3, 4, 5, 6, 60].map((failures) => backoffAfter(failures, 1).next());
    expect(bounds).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(backoffAfter(9, 0).next()).toBe(0);
  });

  it("does not overflow after years of failures", () => {
    expect(backoffAfter(100_000, 0.5).next()).toBe(15_000);
  });

  it("starts over after a reset", () => {
    const backoff = backoffAfter(9, 1);
    backoff.reset();
    expect(backoff.next()).toBe(1_000);
  });

  it("waits with full jitter when the hub names no wait", () => {
    expect(backoffAfter(3, 0.5).next(undefined)).toBe(4_000);
    expect(backoffAfter(3, 0.5).next(0)).toBe(4_000);
  });

  it("is never shorter than the wait that the hub names, and spreads over as much again", () => {
    expect(backoffAfter(0, 0).next(5_000)).toBe(5_000);
    expect(backoffAfter(0, 0.5).next(5_000)).toBe(7_500);
    expect(backoffAfter(9, 1).next(5_000)).toBe(10_000);
    expect(backoffAfter(0, 1).next(120_000)).toBe(150_000);
  });

  it("bounds a named wait that is too short or too long", () => {
    expect(backoffAfter(0, 0).next(1)).toBe(100);
    expect(backoffAfter(0, 0).next(Number.MAX_VALUE)).toBe(600_000);
  });
});
