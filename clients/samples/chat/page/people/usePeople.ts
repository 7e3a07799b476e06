import { useEffect, useState } from "react";
import { reasonOf } from "../reasonOf.js";
import type { Directory, Person } from "./Person.js";

interface People {
  readonly people: ReadonlyMap<string, Person>;
  /** Why there are no names; empty when there is no problem. */
  readonly problem: string;
}

/** The people of these ids, once the directory has answered. */
export function usePeople(directory: Directory, ids: readonly string[]): People {
  const [people, setPeople] = useState<ReadonlyMap<string, Person>>(new Map());
  const [problem, setProblem] = useState("");
  const key = [...new Set(ids)].sort().join(",");
  useEffect(() => {
    let isCurrent = true;
    directory.byId(key === "" ? [] : key.split(",")).then(
      (found) => {
        if (isCurrent) {
          setPeople(new Map(found.map((person) => [person.id, person])));
          setProblem("");
        }
      },
      (error: unknown) => isCurrent && setProblem(`Names cannot be read: ${reasonOf(error)}`),
    );
    return () => void (isCurrent = false);
  }, [directory, key]);
  return { people, problem };
}
