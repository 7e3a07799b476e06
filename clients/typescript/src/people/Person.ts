/** A person of the directory, as the hub answers. Only the id and the name are always present. */
export interface Person {
  /** The Entra object id, a lower-case GUID. */
  readonly id: string;
  readonly displayName: string;
  readonly mail?: string | null;
  readonly userPrincipalName?: string | null;
  readonly jobTitle?: string | null;
  readonly department?: string | null;
}

/**
 * Why there is no person:
 * - `notVisible`: there is no such person, or the user may not see the person;
 * - `invalidId`, `invalidEmail`: the key cannot belong to a person;
 * - `notSupported`: the hub may not read people from Graph;
 * - `unauthorized`: the hub refuses the token;
 * - `unavailable`: the hub cannot be reached, or keeps answering that it is busy.
 */
export type PersonProblem =
  "notVisible" | "invalidId" | "invalidEmail" | "notSupported" | "unauthorized" | "unavailable";

export type PersonLookup =
  { readonly person: Person; readonly problem?: never } | { readonly person?: never; readonly problem: PersonProblem };

/** Those that a search has found, or why it could not be made. */
export type PeopleFound =
  | { readonly people: readonly Person[]; readonly problem?: never }
  | { readonly people?: never; readonly problem: PersonProblem };

const problems: readonly string[] = ["notVisible", "invalidId", "invalidEmail"];

/** The person of an answer, or undefined when it has no id. Members of other kinds than documented are left out. */
export function toPerson(value: unknown): Person | undefined {
  const given = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  if (typeof given["id"] !== "string") {
    return undefined;
  }
  const text = (name: string) => (typeof given[name] === "string" ? given[name] : null);
  return {
    id: given["id"].toLowerCase(),
    displayName: text("displayName") ?? text("userPrincipalName") ?? text("mail") ?? given["id"],
    mail: text("mail"),
    userPrincipalName: text("userPrincipalName"),
    jobTitle: text("jobTitle"),
    department: text("department"),
  };
}

/** The reason of a rejected key; one that is not known means that the person is not shown. */
export function toProblem(reason: unknown): PersonProblem {
  return problems.includes(String(reason)) ? (reason as PersonProblem) : "notVisible";
}
