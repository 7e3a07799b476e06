import type { IssuedToken } from "../../board/TokenSource.js";
import type { Choice } from "./choices.js";

export interface SimulatedPerson {
  readonly id: string;
  readonly displayName: string;
  readonly department: string;
}

export interface Faults {
  readonly graphIsAway: boolean;
  readonly notificationsAreLost: boolean;
}

export interface SimulationState extends Faults {
  readonly canRestartStore: boolean;
  /** Null when nothing is polled. */
  readonly pollingSeconds: number | null;
  readonly staleAfterSeconds: number;
}

/** The endpoints that a hub has only while Microsoft Graph is simulated. */
export class Simulation {
  /**
   * @param hub The address of the hub, with a slash at its end.
   * @param token The token of the page's user.
   */
  constructor(
    private readonly hub: URL,
    private readonly token: () => Promise<string>,
  ) {}

  static async issueToken(hub: URL): Promise<IssuedToken> {
    const request = { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" };
    return (await (await answer(fetch(new URL("dev/token", hub), request))).json()) as IssuedToken;
  }

  async people(): Promise<SimulatedPerson[]> {
    const response = await answer(fetch(new URL("dev/people", this.hub), { cache: "no-store" }));
    const people = (await response.json()) as { id: string; displayName: string | null; department: string | null }[];
    return people.map(({ id, displayName, department }) => ({
      id: id.toLowerCase(),
      displayName: displayName ?? id.slice(0, 8),
      department: department ?? "",
    }));
  }

  async state(): Promise<SimulationState> {
    return (await (await this.control("GET", "")).json()) as SimulationState;
  }

  async setFaults(faults: Partial<Faults>): Promise<SimulationState> {
    return (await (await this.control("PUT", "/faults", faults)).json()) as SimulationState;
  }

  async show(id: string, { availability, activity }: Choice): Promise<void> {
    await this.control("PUT", `/people/${id}/presence`, { availability, activity });
  }

  /** The person follows the simulated working day again. */
  async release(id: string): Promise<void> {
    await this.control("DELETE", `/people/${id}/presence`);
  }

  async restartStore(): Promise<void> {
    await this.control("POST", "/store/restart", {});
  }

  private async control(method: string, path: string, body?: object): Promise<Response> {
    const headers = { Authorization: `Bearer ${await this.token()}`, "Content-Type": "application/json" };
    const request = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    return answer(fetch(new URL(`playground/control${path}`, this.hub), request));
  }
}

/** An error answer says what is wrong in its `detail`. */
async function answer(asked: Promise<Response>): Promise<Response> {
  const response = await asked;
  if (!response.ok) {
    const problem = (await response.json().catch(() => ({}))) as { detail?: string };
    throw new Error(problem.detail ?? `The hub answered ${response.status}.`);
  }
  return response;
}
