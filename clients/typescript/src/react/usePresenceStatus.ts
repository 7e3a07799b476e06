import { useCallback, useSyncExternalStore } from "react";
import type { ConnectionStatus } from "../ConnectionStatus.js";
import { useStore } from "./context.js";

const idle: ConnectionStatus = { state: "idle", attempt: 0 };

/** The state of the connection; `idle` on a server and while the provider has no client. */
export function usePresenceStatus(): ConnectionStatus {
  const client = useStore("usePresenceStatus")?.client;
  const subscribe = useCallback(
    (onChange: () => void) => client?.on("connectionStateChanged", onChange) ?? (() => undefined),
    [client],
  );
  return useSyncExternalStore(
    subscribe,
    () => client?.status ?? idle,
    () => idle,
  );
}
