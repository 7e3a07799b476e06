import { toSubjectId } from "../contract.js";
import type { PeopleClient } from "../people/PeopleClient.js";
import type { Person } from "../people/Person.js";
import type { ElementProblem } from "./problems.js";

/** How a page names a person: one of these; the first that is set counts. */
export interface PersonReference {
  readonly userId: string | undefined;
  readonly email: string | undefined;
  readonly personQuery: string | undefined;
}

export interface Resolved {
  readonly id?: string | undefined;
  readonly person?: Person | undefined;
  readonly problem?: ElementProblem | undefined;
}

export function isSameReference(left: PersonReference | undefined, right: PersonReference | undefined): boolean {
  // A reference that names no one is a mistake of the page; no reference is none.
  if (!left || !right) {
    return left === right;
  }
  return left.userId === right.userId && left.email === right.email && left.personQuery === right.personQuery;
}

/** The subject of an object id. It needs no request, so presence does not wait for the person's name. */
export function resolveId({ userId }: PersonReference): Resolved | undefined {
  if (!userId) {
    return undefined;
  }
  const id = toSubjectId(userId);
  return id === undefined ? { problem: "invalidId" } : { id };
}

/** Looks up the person of an address or a name. */
export async function lookUp(reference: PersonReference, people: PeopleClient | undefined): Promise<Resolved> {
  const { email, personQuery } = reference;
  if (!email && !personQuery) {
    return { problem: "noPerson" };
  }
  if (!people) {
    return { problem: "noPeople" };
  }
  const { person, problem } = email ? await people.byEmail(email) : await people.bySearch(personQuery ?? "");
  const id = toSubjectId(person?.id);
  return id === undefined ? { problem: problem ?? "notVisible" } : { id, person };
}
