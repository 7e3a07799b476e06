import { useEffect, useState } from "react";
import type { Directory, Person } from "../people/Person.js";
import { simulatedDirectory } from "../people/simulatedDirectory.js";
import type { Session } from "./Session.js";
import { simulatedSession } from "./simulatedSession.js";

/** The person is kept per tab, so that two tabs are two people. */
const storageKey = "chat.user";

interface Props {
  readonly presenceUrl: string;
  readonly onSignedIn: (session: Session) => void;
}

export function SimulatedSignIn({ presenceUrl, onSignedIn }: Props) {
  const [directory, setDirectory] = useState<Directory & { readonly everyone: readonly Person[] }>();
  const [problem, setProblem] = useState("");
  const [chosen, setChosen] = useState(sessionStorage.getItem(storageKey) ?? "");

  useEffect(() => {
    simulatedDirectory(presenceUrl).then(
      (loaded) => {
        setDirectory(loaded);
        setChosen((kept) => (loaded.everyone.some(({ id }) => id === kept) ? kept : (loaded.everyone[0]?.id ?? "")));
      },
      (error: unknown) => setProblem(String(error)),
    );
  }, [presenceUrl]);

  if (problem || !directory) {
    return problem ? (
      <p role="alert">
        No presence hub at {presenceUrl}. Start it (dotnet run --project src/PresenceHub.Server), or set
        PresenceHub__Url. {problem}
      </p>
    ) : (
      <p role="status">Loading…</p>
    );
  }
  return (
    <form
      className="sign-in"
      onSubmit={(event) => {
        event.preventDefault();
        sessionStorage.setItem(storageKey, chosen);
        onSignedIn(simulatedSession(presenceUrl, directory, chosen));
      }}
    >
      <h1>Chat with live presence</h1>
      <label>
        Who are you?
        <select value={chosen} onChange={({ target }) => setChosen(target.value)}>
          {directory.everyone.map(({ id, displayName, department }) => (
            <option key={id} value={id}>
              {displayName} ({department})
            </option>
          ))}
        </select>
      </label>
      <button>Sign in</button>
      <p>The hub is simulated, so no password is asked. Open this page twice and be two people.</p>
    </form>
  );
}
