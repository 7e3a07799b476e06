import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ConnectionStatus, PresenceEntry } from "../../src/index.js";
import type { LogLine } from "./EventLog.js";

const arrows = { received: "←", sent: "→", page: "·" };
const directions = { received: "received", sent: "sent", page: "this page" };

export function connectionText({ state, error }: ConnectionStatus): string {
  switch (state) {
    case "connected":
      return "Connected";
    case "connecting":
    case "reconnecting":
      return error ? `Reconnecting: ${error.message}` : "Connecting…";
    default:
      return "Not connected";
  }
}

export function positionTemplate(
  status: ConnectionStatus,
  cursor: string | undefined,
  shown: readonly PresenceEntry[],
): TemplateResult {
  const count = (freshness: string) => shown.filter((entry) => entry.freshness === freshness).length;
  const epoch = Math.max(0, ...shown.map((entry) => entry.epoch));
  return html`
    <dt>State</dt>
    <dd id="state">${status.state}${status.attempt > 0 ? `, ${status.attempt} failed attempts` : nothing}</dd>
    <dt>Presence</dt>
    <dd id="freshness">${count("live")} live, ${count("stale")} stale, ${count("unknown")} unknown</dd>
    <dt>Epoch</dt>
    <dd id="epoch"><code>${epoch === 0 ? "–" : epoch}</code></dd>
    <dt>Cursor</dt>
    <dd><code id="cursor">${cursor ?? "–"}</code></dd>
  `;
}

export function logTemplate(lines: readonly LogLine[]): TemplateResult {
  return html`${repeat(
    lines,
    ({ number }) => number,
    ({ at, direction, title, text, json }) =>
      html`<li class=${direction}>
        <time datetime=${at.toISOString()}>${at.toLocaleTimeString()}</time>
        <span class="arrow" role="img" aria-label=${directions[direction]}>${arrows[direction]}</span>
        ${
          json === undefined
            ? html`<span class="line"><b>${title}</b> ${text}</span>`
            : html`<details>
                <summary><b>${title}</b> ${text}</summary>
                <pre tabindex="0" aria-label=${title}>${json}</pre>
              </details>`
        }
      </li>`,
  )}`;
}
