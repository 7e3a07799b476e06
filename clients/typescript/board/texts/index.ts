import { de } from "./de.js";
import { en } from "./en.js";
import { es } from "./es.js";
import { fr } from "./fr.js";
import type { PageTexts, Texts } from "./Texts.js";

export type { Texts } from "./Texts.js";

const all: Readonly<Record<string, Texts>> = { en, de, fr, es };

/**
 * The first language of the reader that the board speaks; English when it speaks none of them.
 * @param preferred Language tags, the best one first, such as those of `navigator.languages`.
 */
export function chooseLanguage(preferred: readonly string[]): string {
  const languages = preferred.map((tag) => tag.toLowerCase().split("-")[0] ?? "");
  return languages.find((language) => Object.hasOwn(all, language)) ?? "en";
}

export function textsOf(language: string): Texts {
  return all[language] ?? en;
}

/** The language of the board, also of times and of the labels of presence. */
export const language = chooseLanguage(navigator.languages);

export const texts = textsOf(language);

/** Writes the page in the language: the content, label or placeholder of every element with `data-text`. */
export function translatePage(language: string): void {
  const { page } = textsOf(language);
  // The labels of presence follow it, and screen readers choose their voice by it.
  document.documentElement.lang = language;
  document.title = page.title;
  for (const element of document.querySelectorAll<HTMLElement>("[data-text]")) {
    const text = page[element.dataset["text"] as keyof PageTexts];
    if (element instanceof HTMLInputElement) {
      element.placeholder = text;
    } else if (element.getAttribute("role") === "group") {
      element.setAttribute("aria-label", text);
    } else {
      element.textContent = text;
    }
  }
}
