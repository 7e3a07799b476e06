import { presenceLabel, presenceState } from "@presencehub/client";
import { usePresence, usePresenceStatus } from "@presencehub/client/react";

interface Member {
  readonly id: string;
  readonly name: string;
}

/** A member renders again when their own presence changes, and the line above when that of any member does. */
export function Team({ members }: { readonly members: readonly Member[] }) {
  const entries = usePresence(members.map(({ id }) => id));
  const available = members.filter(({ id }) => presenceState(entries.get(id)) === "available");
  const { state, error } = usePresenceStatus();
  return (
    <main>
      <h1>Team</h1>
      <p>{available.length} available</p>
      <ul>
        {members.map((member) => (
          <MemberLine key={member.id} {...member} />
        ))}
      </ul>
      {state !== "connected" && <p role="status">Presence is not live. {error?.message}</p>}
    </main>
  );
}

function MemberLine({ id, name }: Member) {
  return (
    <li>
      {name}: {presenceLabel(usePresence(id))}
    </li>
  );
}
