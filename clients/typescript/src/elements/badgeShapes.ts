import { svg, type SVGTemplateResult } from "lit";
import type { PresenceState } from "../labels/index.js";

/** What a badge can show: a state, or that something is wrong. */
export type BadgeShape = PresenceState | "problem";

const disc = svg`<circle class="disc" cx="8" cy="8" r="7" />`;
const ring = svg`<circle class="ring" cx="8" cy="8" r="7" />`;
const question = svg`<path class="glyph outlined" d="M6.1 6.3A1.9 1.9 0 1 1 9 7.9C8.3 8.3 8 8.6 8 9.3M8 11.5V11.6" />`;
const openRing = svg`<circle class="ring open" cx="8" cy="8" r="7" />`;

/** Each shape differs from all others without its colour. Solid shapes are drawn as outlines while they are stale. */
const shapes: Record<BadgeShape, SVGTemplateResult> = {
  available: svg`${disc}<path class="glyph" d="M4.7 8.2 7 10.5 11.3 5.8" />`,
  busy: svg`${disc}<circle class="core" cx="8" cy="8" r="3" />`,
  doNotDisturb: svg`${disc}<path class="glyph" d="M4.6 8H11.4" />`,
  beRightBack: svg`${disc}<path class="glyph" d="M10.9 11V9.4A2.2 2.2 0 0 0 8.7 7.2H5.2M7.3 5 5.1 7.2 7.3 9.4" />`,
  away: svg`${disc}<path class="glyph" d="M8 4.2V8.3L10.7 9.9" />`,
  outOfOffice: svg`${ring}<path class="glyph outlined" d="M11.2 8H4.9M7.5 5.3 4.8 8 7.5 10.7" />`,
  offline: svg`${ring}<path class="glyph outlined" d="M5.4 5.4 10.6 10.6M10.6 5.4 5.4 10.6" />`,
  unknown: svg`${openRing}${question}`,
  problem: svg`<path class="ring" d="M8 1 15 8 8 15 1 8Z" /><path class="glyph outlined" d="M8 4.6V8.6M8 11V11.1" />`,
};

export function drawShape(shape: BadgeShape): SVGTemplateResult {
  return shapes[shape];
}
