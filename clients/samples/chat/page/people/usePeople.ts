import { useEffect, useState } from "react";
import type { Directory, Person } from "./Person.js";

/** The people of these ids, once the directory has answered. */
export function usePeople(directory: Directory, ids: readonly string[]): ReadonlyMap<string, Person> {
  const [people, setPeople] = useState<ReadonlyMap<string, Person>>(new Map());
  const key = [...new Set(ids)].sort().join(",");
  useEffect(() => {
    let isCurrent = true;
    directory.byId(key === "" ? [] : key.split(",")).then(
      (found) => isCurrent && setPeople(new Map(found.map((person) => [person.id, person]))),
      (error: unknown) => console.error(`Names could not be read: ${String(error)}`),
    );
    return () => void (isCurrent = false);
  }, [directory, key]);
  return people;
}
