export type { MsalAccount, MsalApplication } from "./MsalApplication.js";
export { msalTokenFactory, type MsalTokenFactory } from "./msalTokenFactory.js";
export type { MsalInteraction, MsalTokenOptions } from "./MsalTokenOptions.js";
