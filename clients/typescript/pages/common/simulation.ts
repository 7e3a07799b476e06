import type { IssuedToken } from "./TokenSource.js";

export interface SimulatedPerson {
  /** In lower case. */
  readonly id: string;
  readonly displayName: string;
  readonly department: string;
}

/** A person of the directory. Only the id is always present. */
interface DirectoryUser {
  readonly id: string;
  readonly displayName: string | null;
  readonly department: string | null;
}

/**
 * The people of a hub that simulates Microsoft Graph; undefined when it serves a real tenant.
 * @param hub The address of the hub, with a slash at its end: a proxy may publish it below a path.
 */
export async function simulatedPeople(hub: URL): Promise<SimulatedPerson[] | undefined> {
  const response = await fetch(new URL("dev/people", hub), { cache: "no-store" });
  if (response.status === 404) {
    return undefined;
  }
  const people = (await (await orFail(response)).json()) as DirectoryUser[];
  return people.map(({ id, displayName, department }) => ({
    id: id.toLowerCase(),
    displayName: displayName ?? id.slice(0, 8),
    department: department ?? "",
  }));
}

/** A token of a new user of the simulation. */
export async function issueSimulatedToken(hub: URL): Promise<IssuedToken> {
  const request = { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" };
  return (await (await orFail(await fetch(new URL("dev/token", hub), request))).json()) as IssuedToken;
}

/** An error answer of the hub says what is wrong in its `detail`. */
export async function orFail(response: Response): Promise<Response> {
  if (!response.ok) {
    const problem = (await response.json().catch(() => ({}))) as { detail?: string };
    throw new Error(problem.detail ?? `The hub answered ${response.status}.`);
  }
  return response;
}
