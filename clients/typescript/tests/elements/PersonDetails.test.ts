import { describe, expect, it } from "vitest";
import { hueOf, initialsOf, lineText } from "../../src/elements/PersonDetails.js";

describe("the details of a person", () => {
  it.each([
    ["Ada Lovelace", "AL"],
    ["Ada", "A"],
    ["Jean-Luc de la Tour (Extern)", "JT"],
    ["élodie ünal", "ÉÜ"],
    ["𝒜da 𝒵use", "𝒜𝒵"],
    ["ada@example.com", "AC"],
    ["", ""],
    ["(…)", ""],
  ])("have the initials of %s", (name, initials) => expect(initialsOf(name)).toBe(initials));

  it("give one of eight colours, always the same", () => {
    const names = Array.from({ length: 100 }, (_, index) => `Person ${index}`);
    const hues = names.map(hueOf);
    expect(names.map(hueOf)).toEqual(hues);
    expect(new Set(hues)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
  });

  it.each([
    ["displayName", "Ada"],
    ["email", "ada@example.com"],
    ["presence", "Busy"],
    ["department", ""],
    ["constructor", ""],
  ])("show %s in a line", (property, text) => {
    const details = { displayName: "Ada", mail: "ada@example.com", department: null };
    expect(lineText(details, property, "Busy")).toBe(text);
  });
});
