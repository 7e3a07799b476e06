import { chooseLanguage, language } from "./texts/index.js";

/** The reader's own form of the language, such as British times for English. */
const locale =
  navigator.languages.find((tag) => chooseLanguage([tag]) === language && tag.startsWith(language)) ?? language;
const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const weekdayTime = new Intl.DateTimeFormat(locale, { weekday: "short", hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "medium" });

const dayMs = 24 * 60 * 60 * 1000;

/** As short as it stays unambiguous: the time today, with the weekday within a week, else the date. */
export function describeInstant(iso: string, now: Date): string {
  const instant = new Date(iso);
  if (instant.toDateString() === now.toDateString()) {
    return time.format(instant);
  }
  const age = now.getTime() - instant.getTime();
  return (age < 6 * dayMs ? weekdayTime : day).format(instant);
}

/** How all cards of a board write times. */
export interface TimeStyle {
  /** With date and seconds; else as short as it stays unambiguous. */
  exact: boolean;
}

export function describeInstantFully(iso: string): string {
  return full.format(new Date(iso));
}
