import type { MsalAccount } from "./MsalApplication.js";

/**
 * What happens when a token cannot be had without the user. `redirect` leaves the page and comes back; `popup` opens a
 * window, which browsers block outside of a click; `none` fails, so that the page shows a button that calls `signIn`.
 */
export type MsalInteraction = "redirect" | "popup" | "none";

export interface MsalTokenOptions {
  /** The scope of the hub, such as `["api://presence-hub/access"]`. All must be of one application. */
  readonly scopes: readonly string[];
  readonly interaction: MsalInteraction;
  /** Default: the active account, else the only one that is signed in. */
  readonly account?: MsalAccount | undefined;
}
