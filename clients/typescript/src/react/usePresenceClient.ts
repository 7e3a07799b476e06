import { useStore } from "./context.js";
import type { PresenceSource } from "../PresenceSource.js";

/** The client of the nearest provider. Undefined while the provider has none. */
export function usePresenceClient(): PresenceSource | undefined {
  return useStore("usePresenceClient")?.client;
}
