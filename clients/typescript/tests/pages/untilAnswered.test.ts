import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { untilAnswered } from "../../pages/common/untilAnswered.js";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("asks again after each failure, which it tells, until there is an answer", async () => {
  const ask = vi.fn<() => Promise<string>>().mockResolvedValue("answer");
  ask.mockRejectedValueOnce("first").mockRejectedValueOnce("second");
  const failed = vi.fn();
  const answer = untilAnswered(ask, { baseMs: 500, capMs: 5_000 }, failed);
  await vi.runAllTimersAsync();
  expect(await answer).toBe("answer");
  expect(failed.mock.calls).toEqual([
    ["first", 1],
    ["second", 2],
  ]);
});

it("waits between two attempts, and no longer than the cap", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  const ask = vi.fn(() => Promise.reject(new Error("away")));
  void untilAnswered(ask, { baseMs: 1_000, capMs: 1_500 }, () => undefined);
  await vi.advanceTimersByTimeAsync(499);
  expect(ask).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(ask).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(750);
  expect(ask).toHaveBeenCalledTimes(3);
  vi.restoreAllMocks();
});
