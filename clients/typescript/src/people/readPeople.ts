import { toPerson, toProblem, type Person, type PersonLookup } from "./Person.js";

/** What an answer about people holds. */
export interface PeopleBody {
  /** The people and rejections by the key that was sent, in lower case; of searches and lists by id. */
  readonly found: ReadonlyMap<string, PersonLookup>;
  /** The people, in the order of the answer. */
  readonly people: readonly Person[];
  /** Of a list: asks for the next page. */
  readonly next: string | undefined;
}

/** @param kind The parameter that named the people. */
export function readPeople(body: Record<string, unknown>, kind: string): PeopleBody {
  const found = new Map<string, PersonLookup>();
  const people: Person[] = [];
  for (const item of listOf(body["rejected"])) {
    found.set(String(item["key"]).toLowerCase(), { problem: toProblem(item["reason"]) });
  }
  for (const item of listOf(body["people"])) {
    const person = toPerson(item);
    if (person) {
      const { key } = item;
      const isKeyed = (kind === "ids" || kind === "emails") && typeof key === "string";
      found.set(isKeyed ? key.toLowerCase() : person.id, { person });
      people.push(person);
    }
  }
  return { found, people, next: typeof body["next"] === "string" ? body["next"] : undefined };
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value)
    ? value.filter((item): item is Record<string, unknown> => typeof item === "object" && item !== null)
    : [];
}
