import { css, html, nothing, type TemplateResult } from "lit";
import { badgeStyles, hiddenTextStyles } from "./badgeStyles.js";
import { renderBadge } from "./badgeTemplate.js";
import { PresenceElement } from "./PresenceElement.js";

/**
 * `<presence-badge user-id="…">`: one person's presence as a small symbol. Attributes, parts and custom properties
 * are described in docs/web-components.md.
 * @fires presence-changed When the state or its freshness changes.
 */
export class PresenceBadge extends PresenceElement {
  static override styles = [
    badgeStyles,
    hiddenTextStyles,
    css`
      :host {
        display: inline-block;
        position: relative;
        line-height: 0;
        vertical-align: middle;
      }
      :host([hidden]) {
        display: none;
      }
      :host([size="extra-small"]) {
        --badge-size: 10px;
      }
      :host([size="small"]) {
        --badge-size: 12px;
      }
      :host([size="large"]) {
        --badge-size: 20px;
      }
      :host([size="extra-large"]) {
        --badge-size: 28px;
      }
    `,
  ];

  constructor() {
    super(false);
  }

  protected override render(): TemplateResult {
    return html`${renderBadge(this.badge)}${
      this.announce
        ? html`<span part="announcement" class="hidden-text" role="status">${this.badge.label}</span>`
        : nothing
    }`;
  }
}
