import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readContractCases } from "./contractCase.js";
import { ContractCaseRunner } from "./ContractCaseRunner.js";

const topics = readContractCases();

describe.each(topics)("contract cases: $topic", ({ cases }) => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it.each(cases)("$name", (contractCase) => new ContractCaseRunner(contractCase).run());
});

describe("the runner of contract cases", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("has cases of each topic", () => {
    expect(topics.length).toBeGreaterThanOrEqual(10);
    expect(topics.every(({ cases }) => cases.length > 0)).toBe(true);
    const names = topics.flatMap(({ cases }) => cases.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    [{ hub: "push", entires: [] }],
    [{ hub: "sing" }],
    [{ wait: 1, until: "noon" }],
    [{ expect: "view", entries: [{ id: "s1" }] }],
    [{ expect: "attempts", count: 1 }],
    [{ hub: "answer", entries: [], cursor: "c" }],
  ])("fails for %j", async (step) => {
    const run = new ContractCaseRunner({ name: "wrong", steps: [step as never] }).run();
    await expect(run).rejects.toThrow("Step 1");
  });
});
