import { PresenceBadge } from "./PresenceBadge.js";
import { PresencePerson } from "./PresencePerson.js";
import { PresenceProvider } from "./PresenceProvider.js";

export { configurePresence } from "./ContextSlot.js";
export type { PersonDetails } from "./PersonDetails.js";
export { PresenceBadge } from "./PresenceBadge.js";
export type { PresenceConfiguration } from "./PresenceContext.js";
export type { PresenceChange } from "./PresenceElement.js";
export { PresencePerson } from "./PresencePerson.js";
export { PresenceProvider } from "./PresenceProvider.js";

declare global {
  interface HTMLElementTagNameMap {
    "presence-badge": PresenceBadge;
    "presence-person": PresencePerson;
    "presence-provider": PresenceProvider;
  }
}

/** A page may load two copies of this module: the first one defines the elements. */
function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) {
    customElements.define(name, element);
  }
}

// The provider comes first, so that it is ready when the elements inside of it ask.
define("presence-provider", PresenceProvider);
define("presence-person", PresencePerson);
define("presence-badge", PresenceBadge);
