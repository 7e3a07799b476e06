import type { PresenceConfiguration } from "../src/elements/index.js";

/** The hub that serves the bundle at `…/client/presencehub.js` or at `…/client/<version>/presencehub.js`. */
export function hubOfScript(address: string): string {
  const root = new URL(address).href.replace(/\/client\/(?:[^/]+\/)?[^/]*$/, "/");
  return new URL("hubs/presence", root).href;
}

/** What the script tag says in `data-url`, `data-token-url` and `data-user-key`; undefined when it names no token. */
export function settingsOf(data: DOMStringMap): Partial<PresenceConfiguration> | undefined {
  const { url, tokenUrl, userKey } = data;
  return tokenUrl ? { tokenUrl, ...(url && { url }), ...(userKey && { userKey }) } : undefined;
}
