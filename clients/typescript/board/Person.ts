export interface Person {
  readonly id: string;
  readonly displayName: string;
  readonly department: string;
}

/** The text that is searched. Accents and case are ignored. */
export function searchText(person: Person): string {
  return fold(`${person.displayName} ${person.department}`);
}

export function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase();
}

/** First letters of the first and the last word; department and room additions in brackets do not count. */
export function initials(name: string): string {
  const words = name
    .replace(/\(.*?\)/g, " ")
    .split(/\s+/)
    .filter((word) => /\p{L}|\p{N}/u.test(word));
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => /./u.exec(word ?? "?")?.[0].toUpperCase()).join("");
}

/** A person keeps the colour, wherever and whenever shown. */
export function hue(id: string, hues: number): number {
  let sum = 0;
  for (const character of id) {
    sum = (sum * 31 + character.charCodeAt(0)) >>> 0;
  }
  return sum % hues;
}
