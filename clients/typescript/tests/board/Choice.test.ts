import { describe, expect, it } from "vitest";
import { fromHash, toHash, type Query } from "../../board/Choice.js";

describe("the hash of the board's address", () => {
  it.each<[string, Query | undefined]>([
    ["#find=Ada+Lovelace", { kind: "find", text: "Ada Lovelace" }],
    ["#department=R%26D+%231", { kind: "department", text: "R&D #1" }],
    ["#all=true", { kind: "all" }],
    ["", undefined],
  ])("%j keeps what was chosen", (hash, query) => {
    expect(toHash(query)).toBe(hash);
    expect(fromHash(hash)).toEqual(query);
  });

  it.each(["#", "#people", "#find=", "#department=%20", "#all=false"])("%j names no people", (hash) =>
    expect(fromHash(hash)).toBeUndefined(),
  );
});
