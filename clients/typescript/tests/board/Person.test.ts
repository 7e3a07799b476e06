import { describe, expect, it } from "vitest";
import { initials } from "../../board/Person.js";

describe("initials", () => {
  it.each([
    ["Ada Lovelace", "AL"],
    ["Élodie", "É"],
    ["Jan van der Berg (Sales)", "JB"],
    ["", "?"],
  ])("of %s are %s", (name, expected) => {
    expect(initials(name)).toBe(expected);
  });
});
