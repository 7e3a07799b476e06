import { css } from "lit";

export const personStyles = css`
  :host {
    display: inline-flex;
    align-items: center;
    gap: var(--presence-person-gap, 10px);
    max-inline-size: 100%;
    vertical-align: middle;
    --avatar-size: 40px;
    --badge-size: 12px;
  }
  :host([hidden]) {
    display: none;
  }
  :host([view="image"]),
  :host([view="oneline"]) {
    --avatar-size: 32px;
  }
  :host([view="threelines"]),
  :host([view="fourlines"]) {
    --avatar-size: 56px;
    --badge-size: 16px;
  }
  :host([avatar-size="small"]) {
    --avatar-size: 24px;
    --badge-size: 10px;
  }
  :host([avatar-size="large"]) {
    --avatar-size: 48px;
    --badge-size: 14px;
  }
  .avatar {
    position: relative;
    flex: none;
    inline-size: var(--presence-avatar-size, var(--avatar-size));
    block-size: var(--presence-avatar-size, var(--avatar-size));
  }
  img,
  .initials {
    box-sizing: border-box;
    inline-size: 100%;
    block-size: 100%;
    border-radius: var(--presence-avatar-radius, 50%);
  }
  img {
    display: block;
    object-fit: cover;
  }
  .initials {
    display: grid;
    place-items: center;
    font-size: calc(var(--presence-avatar-size, var(--avatar-size)) * 0.4);
    font-weight: 600;
    line-height: 1;
    color: var(--presence-initials-color, #fff);
    background: var(--presence-initials-background, #5c5c5c);
    user-select: none;
  }
  .hue-0 {
    background: var(--presence-initials-background, #9c3f1a);
  }
  .hue-1 {
    background: var(--presence-initials-background, #7a5200);
  }
  .hue-2 {
    background: var(--presence-initials-background, #4d6414);
  }
  .hue-3 {
    background: var(--presence-initials-background, #0b6a4f);
  }
  .hue-4 {
    background: var(--presence-initials-background, #0f6278);
  }
  .hue-5 {
    background: var(--presence-initials-background, #2c55a8);
  }
  .hue-6 {
    background: var(--presence-initials-background, #6b45a6);
  }
  .hue-7 {
    background: var(--presence-initials-background, #98386f);
  }
  .avatar .badge {
    position: absolute;
    inset-block-end: -2px;
    inset-inline-end: -2px;
    border: 2px solid var(--surface);
    border-radius: 50%;
    background: var(--surface);
  }
  .lines {
    display: block;
    min-inline-size: 0;
    line-height: 1.35;
  }
  .line {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .line.first {
    font-weight: 600;
  }
  .line.other {
    font-size: 0.875em;
    color: color-mix(in srgb, currentColor 80%, transparent);
  }
  @media (forced-colors: active) {
    .initials[class] {
      color: CanvasText;
      background: Canvas;
      border: 1px solid CanvasText;
    }
    .line.other {
      color: CanvasText;
    }
  }
`;
