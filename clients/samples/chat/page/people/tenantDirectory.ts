import type { Directory, Person } from "./Person.js";

/** Most keys that one call of the hub takes. */
const maxKeys = 100;

/** The people API of the hub. Its policy decides who can be found. */
export function tenantDirectory(presenceUrl: string, token: () => Promise<string>): Directory {
  const ask = async (query: Record<string, string>): Promise<readonly Person[]> => {
    const response = await fetch(`${presenceUrl}/api/people?${new URLSearchParams(query).toString()}`, {
      headers: { Authorization: `Bearer ${await token()}` },
    });
    if (response.status === 404) {
      throw new Error("This presence hub has no people look-up (/api/people), so people cannot be found here.");
    }
    if (!response.ok) {
      const { detail } = (await response.json().catch(() => ({}))) as { detail?: string };
      throw new Error(detail ?? `The presence hub answered ${response.status}.`);
    }
    return ((await response.json()) as { people: Person[] }).people;
  };
  return {
    departments: [],
    find: ({ text }) => (text.trim() === "" ? Promise.resolve([]) : ask({ search: text.trim(), top: "25" })),
    byId: (ids) => (ids.length === 0 ? Promise.resolve([]) : ask({ ids: ids.slice(0, maxKeys).join(",") })),
  };
}
