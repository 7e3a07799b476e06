import { usePresenceStatus } from "@presencehub/client/react";
import { Badge } from "./Badge.js";

interface Props {
  readonly id: string;
  readonly name: string;
  readonly chatConnected: boolean;
}

/** The user, and what does not work at the moment. */
export function Me({ id, name, chatConnected }: Props) {
  const { state, error } = usePresenceStatus();
  return (
    <header className="me">
      <strong>{name}</strong>
      <Badge id={id} words />
      <p role="status" data-presence={state}>
        {!chatConnected && "Connecting to the chat… "}
        {state !== "connected" && `Presence is not live: ${error?.message ?? "connecting…"}`}
      </p>
    </header>
  );
}
