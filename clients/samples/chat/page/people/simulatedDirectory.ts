import { maxFound, type Directory, type Person } from "./Person.js";

/** The company of a simulated hub. */
export async function simulatedDirectory(presenceUrl: string): Promise<Directory & { readonly everyone: Person[] }> {
  const response = await fetch(`${presenceUrl}/dev/people`);
  if (!response.ok) {
    throw new Error(`The presence hub answered ${response.status} to /dev/people: is it in simulated mode?`);
  }
  const everyone = ((await response.json()) as Person[]).map((person) => ({ ...person, id: person.id.toLowerCase() }));
  everyone.sort((left, right) => left.displayName.localeCompare(right.displayName));
  const departments = [...new Set(everyone.map(({ department }) => department ?? ""))].filter(Boolean).sort();
  return {
    everyone,
    departments,
    find: ({ department, text }) =>
      Promise.resolve(
        everyone
          .filter((person) => !department || person.department === department)
          .filter(({ displayName }) => displayName.toLowerCase().includes(text.trim().toLowerCase()))
          .slice(0, maxFound),
      ),
    byId: (ids) => Promise.resolve(everyone.filter(({ id }) => ids.includes(id))),
  };
}
