import { usePresence } from "@presencehub/client/react";
import { useEffect, useMemo, useState } from "react";
import { Badge } from "./Badge.js";
import { firstAvailable } from "./people/firstAvailable.js";
import type { Directory, Person } from "./people/Person.js";

interface Props {
  readonly directory: Directory;
  readonly userId: string;
  readonly onPick: (id: string) => void;
}

/** Finds people by team and name. Their presence is watched while they are listed. */
export function PeoplePicker({ directory, userId, onPick }: Props) {
  const [department, setDepartment] = useState(directory.departments[0] ?? "");
  const [text, setText] = useState("");
  const [found, setFound] = useState<readonly Person[]>([]);
  const [problem, setProblem] = useState("");

  useEffect(() => {
    let isCurrent = true;
    directory.find({ department, text }).then(
      (people) => {
        if (isCurrent) {
          setFound(people.filter(({ id }) => id !== userId));
          setProblem("");
        }
      },
      (error: unknown) => isCurrent && setProblem(error instanceof Error ? error.message : String(error)),
    );
    return () => void (isCurrent = false);
  }, [directory, department, text, userId]);

  const ids = useMemo(() => found.map(({ id }) => id), [found]);
  const first = firstAvailable(found, usePresence(ids));
  return (
    <section aria-labelledby="people">
      <h2 id="people">People</h2>
      <div className="search">
        {directory.departments.length > 0 && (
          <select aria-label="Team" value={department} onChange={({ target }) => setDepartment(target.value)}>
            <option value="">All teams</option>
            {directory.departments.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
        <input
          type="search"
          aria-label="Name"
          placeholder="Name"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      </div>
      <button className="first" disabled={!first} onClick={() => first && onPick(first.id)}>
        {first ? `Ask the first available: ${first.displayName}` : "No one is available"}
      </button>
      {problem && <p role="alert">{problem}</p>}
      <ul className="people">
        {found.map(({ id, displayName }) => (
          <li key={id}>
            <button onClick={() => onPick(id)}>
              <Badge id={id} /> {displayName}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
