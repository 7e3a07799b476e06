import { de } from "./de.js";
import { en } from "./en.js";
import { es } from "./es.js";
import { fr } from "./fr.js";
import type { PresenceLabels } from "./PresenceLabels.js";
import { tokenKey } from "./PresenceState.js";

/** Labels that an application registers. What it leaves out is taken from the language, and then from English. */
export interface PartialPresenceLabels {
  readonly states?: Partial<PresenceLabels["states"]>;
  readonly activities?: PresenceLabels["activities"];
  readonly stale?: string;
}

/** By lower-case token, or by the name of a state after "=". */
type Words = Map<string, string>;

const mostLocales = 50;
const mostWords = 100;
const longestWord = 200;

const registered = new Map<string, Words>();
Object.entries({ en, de, fr, es }).forEach(([language, labels]) => registerLabels(language, labels));

/**
 * Adds a language, or replaces single words of one: `registerLabels("de-AT", { states: { away: "nicht da" } })` changes
 * one word for Austria. Ignored are values that are not text, texts of more than 200 characters, words of a locale
 * beyond 100, and locales beyond 50.
 * @param locale A language tag such as `it` or `pt-BR`.
 */
export function registerLabels(locale: string, labels: PartialPresenceLabels): void {
  const [key] = localeChain(locale);
  const words = key === undefined ? undefined : (registered.get(key) ?? new Map<string, string>());
  if (key === undefined || words === undefined || (registered.size >= mostLocales && !registered.has(key))) {
    return;
  }
  registered.set(key, words);
  const { states, activities, stale } = Object(labels) as PartialPresenceLabels;
  const added: [string, unknown][] = [
    ...Object.entries(states ?? {}).map(([state, word]): [string, unknown] => [`=${state}`, word]),
    ...Object.entries(activities ?? {}).map(([token, word]): [string, unknown] => [tokenKey(token), word]),
    ["=stale", stale],
  ];
  for (const [name, word] of added) {
    if (typeof word === "string" && word.length <= longestWord && (words.size < mostWords || words.has(name))) {
      words.set(name, word);
    }
  }
}

/**
 * The word by lower-case token, or by the name of a state after "=", in the first language that has it: the locale, its
 * language, English. Without a locale the page's language counts.
 */
export function findWord(name: string, locale: string | undefined): string | undefined {
  for (const key of [...localeChain(locale ?? pageLocale()), "en"]) {
    const word = registered.get(key)?.get(name);
    if (word !== undefined) {
      return word;
    }
  }
  return undefined;
}

/** Raises the first letter. A locale that the runtime does not take is not applied. */
export function capitalize(text: string, locale: string | undefined): string {
  const first = String.fromCodePoint(text.codePointAt(0) ?? 32);
  const [language] = localeChain(locale ?? pageLocale()).slice(-1);
  // Turkish has another capital letter for "i".
  const raised = language === "tr" || language === "az" ? first.toLocaleUpperCase(language) : first.toUpperCase();
  return raised + text.slice(first.length);
}

/** `de-AT` is looked up as `de-at` and then as `de`. */
function localeChain(locale: unknown): string[] {
  const parts = typeof locale === "string" ? locale.slice(0, 35).toLowerCase().split(/[-_]/) : [];
  return parts.map((_, index) => parts.slice(0, parts.length - index).join("-")).filter(Boolean);
}

/** A server has no page; what it renders must not depend on its own language. */
function pageLocale(): string | undefined {
  return typeof document === "undefined" ? undefined : document.documentElement.lang || navigator.language;
}
