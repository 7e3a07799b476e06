import { LitElement, type PropertyDeclarations } from "lit";
import type { PresenceEntry } from "../contract.js";
import { viewBadge, type BadgeView } from "./badgeTemplate.js";
import { languageOf } from "./languageOf.js";
import { PresenceController } from "./PresenceController.js";
import type { PersonReference } from "./PersonReference.js";

/** What a `presence-changed` event tells. */
export interface PresenceChange {
  /** Undefined while nothing is known. */
  readonly entry: PresenceEntry | undefined;
  /** A state such as `busy`, or `problem`. */
  readonly state: string;
  readonly label: string;
}

/** The part that both elements share: which person is shown, and what is known of the person's presence. */
export abstract class PresenceElement extends LitElement {
  static override properties: PropertyDeclarations = {
    userId: { attribute: "user-id" },
    email: {},
    personQuery: { attribute: "person-query" },
    announce: { type: Boolean },
  };

  /** The person's Entra object id. */
  declare userId: string | undefined;
  /** The person's address, as mail or as user principal name. */
  declare email: string | undefined;
  /** A name or an address; the first person that the hub finds is shown. */
  declare personQuery: string | undefined;
  /** Whether screen readers are told each change. */
  declare announce: boolean;

  protected readonly presence: PresenceController;
  protected badge: BadgeView = { shape: "unknown", isStale: false, label: "" };

  constructor(needsPerson: boolean) {
    super();
    this.announce = false;
    this.presence = new PresenceController(this, () => this.reference(), needsPerson);
  }

  /** The latest entry; undefined while nothing is known. */
  get entry(): PresenceEntry | undefined {
    return this.presence.entry;
  }

  /** Undefined when the element shows given details and no presence. */
  protected reference(): PersonReference | undefined {
    const { userId, email, personQuery } = this;
    return { userId, email, personQuery };
  }

  /** On a server the element is never connected. */
  protected override willUpdate(): void {
    this.presence.update();
    const language = this.isConnected ? languageOf(this) : "en";
    this.badge = viewBadge(this.presence.entry, this.presence.problemText, language);
  }

  /** For style sheets of the page and for tests: `state` and `freshness` are not read back. */
  protected override updated(): void {
    const { shape, isStale, label } = this.badge;
    const { entry } = this.presence;
    const freshness = isStale ? "stale" : (entry?.freshness ?? "unknown");
    const isChange = this.getAttribute("state") !== shape || this.getAttribute("freshness") !== freshness;
    this.setAttribute("state", shape);
    this.setAttribute("freshness", freshness);
    if (isChange) {
      const detail: PresenceChange = { entry, state: shape, label };
      this.dispatchEvent(new CustomEvent("presence-changed", { bubbles: true, composed: true, detail }));
    }
  }
}
