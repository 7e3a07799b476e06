import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import type { PhotoSize } from "../people/PhotoStore.js";
import { badgeStyles, hiddenTextStyles } from "./badgeStyles.js";
import { renderBadge } from "./badgeTemplate.js";
import { detailsConverter, hueOf, initialsOf, lineText, type PersonDetails } from "./PersonDetails.js";
import type { PersonReference } from "./PersonReference.js";
import { personStyles } from "./personStyles.js";
import { PhotoController } from "./PhotoController.js";
import { PresenceElement } from "./PresenceElement.js";

const lineCounts: Record<string, number> = {
  image: 0,
  avatar: 0,
  oneline: 1,
  twolines: 2,
  threelines: 3,
  fourlines: 4,
};
const defaultView = "twolines";

/**
 * `<presence-person email="…">`: one person's photo, name and presence. Attributes, parts and custom properties are
 * described in docs/web-components.md.
 * @fires presence-changed When the state or its freshness changes.
 */
export class PresencePerson extends PresenceElement {
  static override properties: PropertyDeclarations = {
    view: {},
    avatarSize: { attribute: "avatar-size" },
    avatarType: { attribute: "avatar-type" },
    personDetails: { attribute: "person-details", converter: detailsConverter },
    fallbackDetails: { attribute: "fallback-details", converter: detailsConverter },
    personImage: { attribute: "person-image" },
    hidePresence: { attribute: "hide-presence", type: Boolean },
    line1Property: { attribute: "line1-property" },
    line2Property: { attribute: "line2-property" },
    line3Property: { attribute: "line3-property" },
    line4Property: { attribute: "line4-property" },
  };
  static override styles = [badgeStyles, hiddenTextStyles, personStyles];

  /** `image`, `oneline`, `twolines` (default), `threelines` or `fourlines`. */
  declare view: string | undefined;
  /** `small` (24 px) or `large` (48 px); else by the view. */
  declare avatarSize: string | undefined;
  /** `initials` for no photo; else `photo`. */
  declare avatarType: string | undefined;
  /** Shown instead of what the directory says. With an `id` and no other reference it also names the person. */
  declare personDetails: PersonDetails | undefined;
  /** Shown while there is no person, and when there is none. */
  declare fallbackDetails: PersonDetails | undefined;
  /** The address of an image, instead of the photo of the directory. */
  declare personImage: string | undefined;
  declare hidePresence: boolean;
  /** What the lines show: a property of the person, or `presence`. */
  declare line1Property: string;
  declare line2Property: string;
  declare line3Property: string;
  declare line4Property: string;

  private readonly photo = new PhotoController(this);

  constructor() {
    super(true);
    this.hidePresence = false;
    this.line1Property = "displayName";
    this.line2Property = "presence";
    this.line3Property = "jobTitle";
    this.line4Property = "department";
  }

  protected override reference(): PersonReference | undefined {
    const named = super.reference();
    if (!this.personDetails || named?.userId || named?.email || named?.personQuery) {
      return named;
    }
    const { id } = this.personDetails;
    return id ? { userId: id, email: undefined, personQuery: undefined } : undefined;
  }

  protected override willUpdate(): void {
    super.willUpdate();
    if (this.isConnected) {
      const shows = this.avatarType !== "initials" && !this.personImage;
      this.photo.show(this.presence.people, shows ? this.presence.subjectId : undefined, this.photoSize());
    }
  }

  protected override render(): TemplateResult {
    const details = this.details();
    const lines = this.lines(details);
    const name = details.displayName ?? "";
    const saysPresence = lines.some(({ property }) => property === "presence");
    return html`<span part="avatar" class="avatar">
        ${this.avatar(name)} ${this.hidePresence || !this.reference() ? nothing : renderBadge(this.badge, saysPresence)}
      </span>
      ${
        lines.length === 0
          ? nothing
          : html`<span part="lines" class="lines"
              >${lines.map(
                ({ line, text }, index) =>
                  html`<span part="line line${line}" class="line ${index === 0 ? "first" : "other"}" title=${text}
                    >${text}</span
                  >`,
              )}</span
            >`
      }
      ${
        this.announce
          ? html`<span part="announcement" class="hidden-text" role="status">${name} ${this.badge.label}</span>`
          : nothing
      }`;
  }

  /** A text beside the avatar names the person; without one the avatar does. */
  private avatar(name: string): TemplateResult {
    const label = this.lineCount() === 0 && name !== "" ? name : nothing;
    const url = this.personImage ?? this.photo.url;
    return url
      ? html`<img part="photo" src=${url} alt=${label === nothing ? "" : label} @error=${() => this.imageFailed()} />`
      : html`<span
          part="initials"
          class="initials hue-${hueOf(name)}"
          role=${label === nothing ? nothing : "img"}
          aria-label=${label}
          aria-hidden=${label === nothing ? "true" : nothing}
          >${initialsOf(name)}</span
        >`;
  }

  private imageFailed(): void {
    this.personImage = undefined;
    this.photo.drop();
  }

  /** What is known of the person. The reference stands in for a name until there is one. */
  private details(): PersonDetails {
    const known = this.personDetails ?? this.presence.person ?? this.fallbackDetails;
    const name = known?.displayName ?? known?.mail ?? this.email ?? this.personQuery;
    return { ...known, ...(name && { displayName: name }) };
  }

  private lines(details: PersonDetails): { line: number; property: string; text: string }[] {
    const presence = this.hidePresence || !this.reference() ? "" : this.badge.label;
    return [this.line1Property, this.line2Property, this.line3Property, this.line4Property]
      .slice(0, this.lineCount())
      .map((property, index) => ({ line: index + 1, property, text: lineText(details, property, presence) }))
      .filter(({ text }) => text !== "");
  }

  private lineCount(): number {
    const view = (this.view ?? defaultView).toLowerCase();
    return (Object.hasOwn(lineCounts, view) ? lineCounts[view] : undefined) ?? 2;
  }

  private photoSize(): PhotoSize {
    return devicePixelRatio > 1 || this.lineCount() > 2 ? 96 : 48;
  }
}
