import { html, nothing, type TemplateResult } from "lit";
import type { PresenceEntry } from "../contract.js";
import { presenceLabel, presenceState } from "../labels/index.js";
import { drawShape, type BadgeShape } from "./badgeShapes.js";

export interface BadgeView {
  readonly shape: BadgeShape;
  readonly isStale: boolean;
  /** State and activity in words, or what is wrong. */
  readonly label: string;
}

/** @param problem What is wrong, in words; undefined when nothing is. */
export function viewBadge(entry: PresenceEntry | undefined, problem: string | undefined, locale: string): BadgeView {
  if (problem !== undefined) {
    return { shape: "problem", isStale: false, label: problem };
  }
  return {
    shape: presenceState(entry),
    isStale: entry?.freshness === "stale",
    label: presenceLabel(entry, locale),
  };
}

/** @param isDecorative Whether the same is said in a text beside it. */
export function renderBadge({ shape, isStale, label }: BadgeView, isDecorative = false): TemplateResult {
  return html`<span
    part="badge"
    class="badge ${shape}${isStale ? " stale" : ""}"
    title=${label}
    role=${isDecorative ? nothing : "img"}
    aria-label=${isDecorative ? nothing : label}
    aria-hidden=${isDecorative ? "true" : nothing}
    ><svg part="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">${drawShape(shape)}</svg></span
  >`;
}
