import { orFail } from "../common/simulation.js";
import type { Choice } from "./choices.js";

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

/** The control of the simulation, which a hub has only while Microsoft Graph is simulated. */
export class Simulation {
  /**
   * @param hub The address of the hub, with a slash at its end.
   * @param token The token of the page's user.
   */
  constructor(
    private readonly hub: URL,
    private readonly token: () => Promise<string>,
  ) {}

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
    return orFail(await fetch(new URL(`playground/control${path}`, this.hub), request));
  }
}
