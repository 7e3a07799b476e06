export type { ConnectionState, ConnectionStatus } from "./ConnectionStatus.js";
export type { DrainNotice, Freshness, PresenceEntry, RejectedSubject, RejectionReason } from "./contract.js";
export type { HubLink } from "./HubLink.js";
export type { WatchAdmission } from "./PendingWatches.js";
export { PresenceClient, type PresenceEvents } from "./PresenceClient.js";
export type { AccessTokenFactory, PresenceClientOptions, TokenRequest } from "./PresenceClientOptions.js";
export { PresenceError, type PresenceErrorCode } from "./PresenceError.js";
export type { PresenceWatch } from "./PresenceWatch.js";
export type { Timers } from "./Timers.js";
