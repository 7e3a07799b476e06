export type { PresenceSource } from "../PresenceSource.js";
export type { CreateWorker } from "./pageWorker.js";
export { SharedPresenceClient, type SharedPresenceClientOptions } from "./SharedPresenceClient.js";
