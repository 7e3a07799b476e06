import type { Presence } from "./emulator.js";
import { environment } from "./environment.js";

export interface SimulatedPerson {
  readonly id: string;
  readonly displayName: string;
  readonly department: string;
}

/** What the hub offers in simulated mode. */
export const hub = {
  people: async (): Promise<SimulatedPerson[]> =>
    ((await read("/dev/people")) as SimulatedPerson[]).map((person) => ({ ...person, id: person.id.toLowerCase() })),

  /** What the directory says about a person. */
  person: async (id: string): Promise<{ mail: string; displayName: string }> => {
    const headers = { Authorization: `Bearer ${await hub.token()}` };
    const answer = (await read(`/api/people?ids=${id}`, { headers })) as {
      people: [{ mail: string; displayName: string }];
    };
    return answer.people[0];
  },

  /** @param watcherId The user; a new one when absent. */
  token: async (watcherId?: string): Promise<string> => {
    const issued = await read("/dev/token", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ watcherId }),
    });
    return (issued as { accessToken: string }).accessToken;
  },
};

/** A presence that differs from the present one, so that setting it is a change. */
export function otherThan(availability: string | null | undefined): Presence {
  return availability === "DoNotDisturb"
    ? { availability: "Busy", activity: "InAMeeting" }
    : { availability: "DoNotDisturb", activity: "Presenting" };
}

async function read(path: string, init?: RequestInit): Promise<unknown> {
  const response = await fetch(environment.hub + path, init);
  if (!response.ok) {
    throw new Error(`The hub answered ${response.status} to ${path}: is it in simulated mode?`);
  }
  return response.json();
}
