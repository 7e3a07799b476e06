import type { Person } from "../people/Person.js";
import { report } from "./PageReports.js";
import { problemAdvice, problemTitle } from "./problems.js";

/** Details that a page gives itself, instead of those of the directory. */
export type PersonDetails = Partial<Person>;

/** Reads the JSON of an attribute. What is no object is reported and left out. */
export const detailsConverter = {
  fromAttribute(value: string | null): PersonDetails | undefined {
    if (value === null) {
      return undefined;
    }
    try {
      const parsed: unknown = JSON.parse(value);
      if (typeof parsed === "object" && parsed !== null) {
        return parsed;
      }
    } catch {
      // Reported below.
    }
    report("element:invalidDetails", `${problemTitle("invalidDetails")}. ${problemAdvice("invalidDetails") ?? ""}`);
    return undefined;
  },
};

/** The text of a line; empty when the person has none. */
export function lineText(details: PersonDetails, property: string, presence: string): string {
  if (property === "presence") {
    return presence;
  }
  const value = (details as Record<string, unknown>)[property === "email" ? "mail" : property];
  return typeof value === "string" ? value : "";
}

/** The first letters of the first and the last word, for a person without a photo. */
export function initialsOf(name: string): string {
  const words = name.replace(/[([].*$/, "").match(/[\p{L}\p{N}]+/gu) ?? [];
  const [first = "", last = ""] = [words[0], words.length > 1 ? words.at(-1) : ""];
  return (firstCharacter(first) + firstCharacter(last)).toLocaleUpperCase();
}

function firstCharacter(text: string): string {
  return text === "" ? "" : String.fromCodePoint(text.codePointAt(0) ?? 0);
}

/** One of eight colours, the same for a person on every page. */
export function hueOf(text: string): number {
  let hash = 0;
  for (const character of text) {
    hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  }
  return hash % 8;
}
