// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { chooseLanguage, textsOf, translatePage, type Texts } from "../../board/texts/index.js";
import { loadPage, textOf } from "./page.js";

/** Every text by its path, with examples for what a text is told. */
function flatten(value: unknown, path: string): [string, string][] {
  if (typeof value === "function") {
    return [
      [path, (value as (...given: unknown[]) => string)(2, 1_234)],
      [`${path} of one`, (value as (...given: unknown[]) => string)(1, 1)],
    ];
  }
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([name, member]) => flatten(member, `${path}.${name}`))
    : [[path, String(value)]];
}

const languages = ["en", "de", "fr", "es"];

describe("the texts of the board", () => {
  beforeEach(loadPage);

  it.each(languages)("are complete in %s", (language) => {
    const texts = flatten(textsOf(language), "texts");
    expect(texts.filter(([, text]) => text.trim() === "" || text.includes("undefined"))).toEqual([]);
    expect(texts.map(([path]) => path)).toEqual(flatten(textsOf("en"), "texts").map(([path]) => path));
  });

  it("write numbers and one person as the language does", () => {
    const examples = (texts: Texts) => [texts.people(1), texts.people(1_234)].map((text) => text.replace(/\s/g, " "));
    expect(languages.map((language) => examples(textsOf(language)))).toEqual([
      ["1 person", "1,234 people"],
      ["1 Person", "1.234 Personen"],
      ["1 personne", "1 234 personnes"],
      ["1 persona", "1234 personas"],
    ]);
  });

  it.each([
    [["de-AT", "en"], "de"],
    [["it", "fr-CA", "de"], "fr"],
    [["ja"], "en"],
    [["constructor"], "en"],
    [[], "en"],
  ])("are in the first language of %j that there is", (preferred, expected) =>
    expect(chooseLanguage(preferred)).toBe(expected),
  );

  it.each(languages)("fill the page in %s", (language) => {
    translatePage(language);
    const { page } = textsOf(language);
    expect(document.documentElement.lang).toBe(language);
    expect(document.title).toBe(page.title);
    expect(document.querySelector<HTMLInputElement>("#search")?.placeholder).toBe(page.search);
    expect(document.querySelector("#chips")?.getAttribute("aria-label")).toBe(page.filterByPresence);
    expect(textOf(document.querySelector("#sign-in h2") ?? document.body)).toBe(page.tokenHeading);
    const named = [...document.querySelectorAll<HTMLElement>("[data-text]")].map(
      ({ dataset }) => dataset["text"] ?? "",
    );
    expect([...new Set([...named, "title"])].sort()).toEqual(Object.keys(page).sort());
  });
});
