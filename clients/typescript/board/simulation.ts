import type { Person } from "./Person.js";
import type { IssuedToken } from "./TokenSource.js";

/** A person of the directory. Only the id is always present. */
interface DirectoryUser {
  readonly id: string;
  readonly displayName: string | null;
  readonly department: string | null;
}

/**
 * The endpoints that a hub in simulated mode has beside the protocol. A hub of a real tenant answers 404.
 * The addresses are relative to the page: a proxy may publish both below a path.
 */
export const simulation = {
  /** Undefined when the hub serves a real tenant. */
  async people(): Promise<Person[] | undefined> {
    const response = await fetch("dev/people", { cache: "no-store" });
    return response.status === 404 ? undefined : ((await read(response)) as DirectoryUser[]).map(toPerson);
  },

  async token(): Promise<IssuedToken> {
    const request = { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" };
    return (await read(await fetch("dev/token", request))) as IssuedToken;
  },
};

function toPerson({ id, displayName, department }: DirectoryUser): Person {
  return { id: id.toLowerCase(), displayName: displayName ?? id.slice(0, 8), department: department ?? "" };
}

async function read(response: Response): Promise<unknown> {
  if (!response.ok) {
    throw new Error(`The hub answered ${response.status}.`);
  }
  return response.json();
}
