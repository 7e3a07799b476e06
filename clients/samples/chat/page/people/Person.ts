export interface Person {
  /** The Entra object id, in lower case. */
  readonly id: string;
  readonly displayName: string;
  readonly department?: string | null;
}

/** Where names come from. */
export interface Directory {
  /** The teams to choose from; none when people are found by search only. */
  readonly departments: readonly string[];
  /** At most `maxFound` people of a department, or whose name holds the text, or both. */
  find(query: { readonly department: string; readonly text: string }): Promise<readonly Person[]>;
  /** The people that are known of these. */
  byId(ids: readonly string[]): Promise<readonly Person[]>;
}

export const maxFound = 50;
