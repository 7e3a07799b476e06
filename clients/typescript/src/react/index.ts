"use client";

export { PresenceProvider } from "./PresenceProvider.js";
export type { OwnClientProps, PresenceProviderProps, SharedClientProps } from "./PresenceProvider.js";
export type { PresenceSource } from "../PresenceSource.js";
export { usePresence } from "./usePresence.js";
export { usePresenceClient } from "./usePresenceClient.js";
export { usePresenceStatus } from "./usePresenceStatus.js";
