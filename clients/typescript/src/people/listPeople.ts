import type { PeopleApi } from "./PeopleApi.js";
import type { Person, PersonProblem } from "./Person.js";
import { readPeople } from "./readPeople.js";

export interface ListOptions {
  /** Undefined lists the whole company. */
  readonly department?: string | undefined;
  /** The most people that are wanted. */
  readonly most: number;
  /** Receives after each page how many people there are so far. */
  readonly onProgress?: (count: number) => void;
}

export interface PeopleListed {
  /** By name, each once. */
  readonly people: readonly Person[];
  /** Whether the list goes on after these. */
  readonly hasMore: boolean;
  /** Why the list ends early. */
  readonly problem?: PersonProblem;
}

/** The most that a hub answers to one request. */
const pageSize = 500;
/** Hidden people are left out of a page, so more pages than full ones may be needed. */
const pagesPerFullPage = 4;

export async function listPeople(api: PeopleApi, options: ListOptions): Promise<PeopleListed> {
  const { department, most, onProgress } = options;
  const query = department === undefined ? "?all=true" : `?department=${encodeURIComponent(department)}`;
  const found = new Map<string, Person>();
  const listed = (hasMore: boolean): PeopleListed => ({
    people: [...found.values()].slice(0, most),
    hasMore: hasMore || found.size > most,
  });
  let after = "";
  const mostPages = Math.ceil(most / pageSize) * pagesPerFullPage;
  for (let page = 0; page < mostPages && found.size < most; page++) {
    // The list of a department needs a permission of its own.
    const answer = await api.getPeople(`${query}&top=${pageSize}${after}`, { isOptional: department !== undefined });
    if (!answer.body) {
      const problem = answer.problem === "notFound" ? "unavailable" : answer.problem;
      return { ...listed(true), problem };
    }
    const { people, next } = readPeople(answer.body, "all");
    people.forEach((person) => found.set(person.id, person));
    onProgress?.(Math.min(found.size, most));
    if (next === undefined) {
      return listed(false);
    }
    after = `&after=${encodeURIComponent(next)}`;
  }
  return listed(true);
}
