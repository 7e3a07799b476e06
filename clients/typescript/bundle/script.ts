import { configurePresence, type PresenceConfiguration } from "../src/elements/index.js";
import { hubOfScript, settingsOf } from "./scriptSettings.js";

export { PresenceBadge, PresencePerson, PresenceProvider } from "../src/elements/index.js";
export { PresenceClient, PresenceError } from "../src/index.js";
export { SharedPresenceClient } from "../src/shared/index.js";

// Undefined in a module; a classic script is only named while it runs.
const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : undefined;
const address = script?.src ?? import.meta.url;

/**
 * Sets where the elements of the page get presence from. Without a URL it is the hub that served this file.
 * @param configuration At least `accessTokenFactory` or `tokenUrl`.
 */
export function configure(configuration: Partial<PresenceConfiguration>): void {
  const url = configuration.url ?? hubOfScript(address);
  configurePresence({ createWorker: createScriptWorker, ...configuration, url });
}

/** The worker is beside this file. A page of another origin cannot run it; one of its tabs has the connection then. */
function createScriptWorker(name: string): SharedWorker {
  return new SharedWorker(new URL("presencehub-worker.js", address), { type: "module", name });
}

const settings = script && settingsOf(script.dataset);
if (settings) {
  configure(settings);
}
