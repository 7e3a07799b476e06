import { css, html, LitElement, type PropertyDeclarations, type TemplateResult } from "lit";
import type { AccessTokenFactory } from "../PresenceClientOptions.js";
import type { PresenceSource } from "../PresenceSource.js";
import { ContextSlot, provideSlot } from "./ContextSlot.js";

/**
 * `<presence-provider url="…" token-url="…">`: where the elements inside of it get presence from. It needs
 * `url`, and one of `token-url`, the property `accessTokenFactory` and the property `source`.
 */
export class PresenceProvider extends LitElement {
  static override properties: PropertyDeclarations = {
    url: {},
    tokenUrl: { attribute: "token-url" },
    accessTokenFactory: { attribute: false },
    source: { attribute: false },
  };

  static override styles = css`
    :host {
      display: contents;
    }
  `;

  /** The hub, for instance `https://presence.example.com/hubs/presence`; it may be relative to the page. */
  declare url: string | undefined;
  /** An address that answers a POST with `{ accessToken, expiresIn }`. */
  declare tokenUrl: string | undefined;
  /**
   * Another `accessTokenFactory` is called from the next token on and keeps the connection. For another user, put a
   * new provider in the document (in frameworks: another key).
   */
  declare accessTokenFactory: AccessTokenFactory | undefined;
  /** A client of the application, which the provider never stops. */
  declare source: PresenceSource | undefined;

  private readonly slotOfElements = new ContextSlot();

  constructor() {
    super();
    provideSlot(this, this.slotOfElements);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // A provider that only moves within the document keeps its connection.
    queueMicrotask(() => (this.isConnected ? undefined : this.slotOfElements.configure(undefined)));
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (this.isConnected && (this.isOtherConnection(changed) || !this.slotOfElements.current)) {
      const { url, tokenUrl, accessTokenFactory, source } = this;
      const isComplete = source !== undefined || (url && (tokenUrl || accessTokenFactory));
      const factory = accessTokenFactory && this.currentToken;
      this.slotOfElements.configure(
        isComplete ? { url: url ?? "", tokenUrl, accessTokenFactory: factory, source } : undefined,
      );
    }
  }

  /** Frameworks set a function again with each rendering. Another one is only called instead of the one before. */
  private isOtherConnection(changed: Map<PropertyKey, unknown>): boolean {
    const isOtherFunction = changed.get("accessTokenFactory") !== undefined && this.accessTokenFactory !== undefined;
    return changed.size > Number(isOtherFunction);
  }

  private readonly currentToken: AccessTokenFactory = (request) => {
    if (!this.accessTokenFactory) {
      throw new Error("The provider has no accessTokenFactory any more.");
    }
    return this.accessTokenFactory(request);
  };

  protected override render(): TemplateResult {
    return html`<slot></slot>`;
  }
}
