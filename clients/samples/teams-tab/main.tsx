import { presenceLabel } from "@presencehub/client";
import { PresenceProvider, usePresence, usePresenceStatus } from "@presencehub/client/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { people, settings } from "./settings.js";
import { teamsToken } from "./teamsToken.js";

function Person({ id, name }: { readonly id: string; readonly name: string }) {
  return (
    <li>
      {name}: {presenceLabel(usePresence(id))}
    </li>
  );
}

function Status() {
  const { state, error } = usePresenceStatus();
  return state === "connected" ? null : <p role="status">Presence is not live. {error?.message}</p>;
}

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <PresenceProvider url={settings.hub} accessTokenFactory={teamsToken}>
      <ul>
        {people.map((person) => (
          <Person key={person.id} {...person} />
        ))}
      </ul>
      <Status />
    </PresenceProvider>
  </StrictMode>,
);
