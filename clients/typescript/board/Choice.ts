import type { Person } from "./Person.js";

/** What the hub is asked for: people by a name, the people of a department, or the whole company. */
export type Query =
  | { readonly kind: "find"; readonly text: string }
  | { readonly kind: "department"; readonly text: string }
  | { readonly kind: "all" };

export type QueryKind = Query["kind"];

/** The people to show. */
export interface Choice {
  /** Empty when the user is signed in by the page. */
  readonly token: string;
  /** Undefined when only the people of the ids are shown. */
  readonly query: Query | undefined;
  /** Those of the ids. */
  readonly people: readonly Person[];
}

/** The hash of an address that shows the same people again. Ids are not kept. */
export function toHash(query: Query | undefined): string {
  if (query === undefined) {
    return "";
  }
  return `#${new URLSearchParams({ [query.kind]: query.kind === "all" ? "true" : query.text })}`;
}

/** Undefined when the hash names no people. */
export function fromHash(hash: string): Query | undefined {
  const parameters = new URLSearchParams(hash.slice(1));
  if (parameters.get("all") === "true") {
    return { kind: "all" };
  }
  for (const kind of ["department", "find"] as const) {
    const text = parameters.get(kind)?.trim();
    if (text) {
      return { kind, text };
    }
  }
  return undefined;
}
