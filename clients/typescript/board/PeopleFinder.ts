import type { AccessTokenFactory } from "../src/index.js";
import type { Person as Found, PersonProblem } from "../src/people/Person.js";
import { PeopleClient } from "../src/people/PeopleClient.js";
import type { Choice, Query } from "./Choice.js";
import type { Person } from "./Person.js";
import { texts } from "./texts/index.js";

/** As many as a hub answers to one search. */
const mostFound = 50;
/** As many as a page of the browser can look through. */
const mostListed = 10_000;

export interface FoundPeople {
  readonly people: readonly Person[];
  /** Why there is no one to show. */
  readonly problem?: string;
  /** What the user should know about the people. */
  readonly notice?: string;
  readonly isTokenRefused?: boolean;
}

/** Asks the hub for the people of one choice. */
export class PeopleFinder {
  private readonly client: PeopleClient;

  /** @param onProgress Receives how many people of a list are there so far. */
  constructor(
    accessTokenFactory: AccessTokenFactory,
    private readonly onProgress: (count: number) => void,
  ) {
    // Relative to the page: a proxy may publish both below a path.
    const url = new URL("hubs/presence", document.baseURI).href;
    this.client = new PeopleClient({ url, accessTokenFactory, report: () => undefined });
  }

  async find({ query, people }: Choice): Promise<FoundPeople> {
    if (query === undefined) {
      return { people };
    }
    const { found, problem, notice } = await (query.kind === "find" ? this.search(query.text) : this.list(query));
    const isTokenRefused = problem === "unauthorized";
    const all = new Map(people.map((person) => [person.id, person]));
    found.forEach(({ id, displayName, department }) => all.set(id, { id, displayName, department: department ?? "" }));
    const reason = problem && found.length === 0 ? problemText(query, problem) : undefined;
    return all.size > 0
      ? { people: [...all.values()], notice: reason ?? notice, isTokenRefused }
      : { people: [], problem: reason ?? foundNoOne(query), isTokenRefused };
  }

  /** Ends what is under way. */
  stop(): void {
    this.client.stop();
  }

  private async search(text: string): Promise<Answer> {
    const { people: found = [], problem } = await this.client.find(text, mostFound);
    return { found, problem, notice: found.length === 0 ? "" : texts.mostFound(mostFound) };
  }

  private async list(query: Query): Promise<Answer> {
    const department = query.kind === "department" ? query.text : undefined;
    const { onProgress } = this;
    const { people: found, hasMore, problem } = await this.client.list({ department, most: mostListed, onProgress });
    const more = hasMore ? texts.firstListed(found.length) : "";
    return { found, problem, notice: problem ? texts.partListed(found.length) : more };
  }
}

interface Answer {
  readonly found: readonly Found[];
  readonly problem: PersonProblem | undefined;
  readonly notice: string;
}

function problemText({ kind }: Query, problem: PersonProblem): string {
  if (problem === "notSupported") {
    return kind === "department" ? texts.departmentNotSupported : texts.searchNotSupported;
  }
  return kind === "find" ? texts.searchFailed : texts.listFailed;
}

function foundNoOne(query: Query): string {
  switch (query.kind) {
    case "find":
      return texts.foundNoOne(query.text);
    case "department":
      return texts.departmentIsEmpty(query.text);
    case "all":
      return texts.companyIsEmpty;
  }
}
