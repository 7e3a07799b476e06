import { css } from "lit";

/** The colours have a contrast of 3:1 or more on white and on the usual dark backgrounds: one palette serves both. */
export const badgeStyles = css`
  .badge {
    display: inline-block;
    line-height: 0;
    inline-size: var(--presence-badge-size, var(--badge-size, 16px));
    block-size: var(--presence-badge-size, var(--badge-size, 16px));
    color: var(--presence-unknown-color, #767676);
    --surface: var(--presence-badge-background, Canvas);
  }
  .badge.available {
    color: var(--presence-available-color, #13840e);
  }
  .badge.busy,
  .badge.doNotDisturb {
    color: var(--presence-busy-color, #d13438);
  }
  .badge.beRightBack,
  .badge.away {
    color: var(--presence-away-color, #b26a00);
  }
  .badge.outOfOffice {
    color: var(--presence-out-of-office-color, #b83aa8);
  }
  .badge.offline {
    color: var(--presence-offline-color, #767676);
  }
  .badge.doNotDisturb {
    color: var(--presence-do-not-disturb-color, var(--presence-busy-color, #d13438));
  }
  .badge.beRightBack {
    color: var(--presence-be-right-back-color, var(--presence-away-color, #b26a00));
  }
  svg {
    inline-size: 100%;
    block-size: 100%;
    overflow: visible;
    fill: none;
    stroke: none;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
    transition: color 150ms;
  }
  .disc {
    fill: currentColor;
    stroke: currentColor;
    stroke-width: 1.5;
  }
  .ring {
    fill: var(--surface);
    stroke: currentColor;
    stroke-width: 1.5;
  }
  .ring.open {
    stroke-dasharray: 2.6 1.8;
  }
  .glyph {
    stroke: var(--presence-badge-glyph-color, #fff);
  }
  .glyph.outlined {
    stroke: currentColor;
  }
  .stale .disc,
  .stale .ring {
    fill: var(--surface);
    stroke-dasharray: 2.6 1.8;
  }
  .stale .glyph {
    stroke: currentColor;
  }
  .stale .core {
    fill: currentColor;
  }
  @media (prefers-reduced-motion: reduce) {
    svg {
      transition: none;
    }
  }
  @media (forced-colors: active) {
    .badge,
    .badge[class] {
      color: CanvasText;
      --surface: Canvas;
      forced-color-adjust: none;
    }
    .glyph {
      stroke: Canvas;
    }
    .glyph.outlined,
    .stale .glyph {
      stroke: CanvasText;
    }
  }
`;

/** Text for screen readers only. */
export const hiddenTextStyles = css`
  .hidden-text {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
