import { PresenceClient, presenceLabel } from "@presencehub/client";
import { StrictMode, useEffect, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";

const client = new PresenceClient({ url: "/hubs/presence", accessTokenFactory: () => "", log: false });
void client.connect();

const subscribe = (onChange: () => void) => client.on("connectionStateChanged", onChange);
const getStatus = () => client.status;

function Presence({ id }: { id: string }) {
  const { state, error } = useSyncExternalStore(subscribe, getStatus);
  useEffect(() => {
    const watch = client.watch([id]);
    return () => watch.dispose();
  }, [id]);
  return <p id="presence">{`${presenceLabel(client.entries.get(id))} (${error?.code ?? state})`}</p>;
}

const root = document.querySelector("#root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Presence id="11111111-2222-3333-4444-555555555555" />
    </StrictMode>,
  );
}
