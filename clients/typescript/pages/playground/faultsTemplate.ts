import { html, type TemplateResult } from "lit";
import type { SimulationState } from "./Simulation.js";

export interface FaultActions {
  setGraphAway(isAway: boolean): void;
  setNotificationsLost(areLost: boolean): void;
  restartStore(): void;
  cutOnce(): void;
  holdCut(isHeld: boolean): void;
}

/**
 * @param state Undefined until the hub has told it.
 * @param isCut Whether the page holds its connection cut.
 */
export function faultsTemplate(
  state: SimulationState | undefined,
  isCut: boolean,
  actions: FaultActions,
): TemplateResult {
  const stale = state ? `${state.staleAfterSeconds} s` : "a while";
  const polled = state?.pollingSeconds ? `within ${state.pollingSeconds} s, by polling` : "not at all";
  return html`
    ${toggle({
      id: "graph-away",
      title: "Microsoft Graph is away",
      isOn: state?.graphIsAway ?? false,
      isDisabled: !state,
      hint: `Presence is shown as stale ${stale} after Graph confirmed it last. When Graph is back, the hub finds that within half a minute.`,
      set: (isOn) => actions.setGraphAway(isOn),
    })}
    ${toggle({
      id: "notifications-lost",
      title: "Notifications are lost",
      isOn: state?.notificationsAreLost ?? false,
      isDisabled: !state,
      hint: `Graph posts no changes. They are found ${polled}.`,
      set: (isOn) => actions.setNotificationsLost(isOn),
    })}
    ${button({
      id: "restart-store",
      title: "Restart the store",
      isDisabled: state?.canRestartStore !== true,
      hint:
        state?.canRestartStore === false
          ? "The store is a Redis of its own. Restart it yourself and watch."
          : "It loses all data, as a Redis without a disk does. A new epoch begins, and Graph is read again.",
      act: () => actions.restartStore(),
    })}
    ${button({
      id: "cut",
      title: "Cut this page's connection",
      isDisabled: isCut,
      hint: "The client connects again by itself, and continues at its cursor.",
      act: () => actions.cutOnce(),
    })}
    ${toggle({
      id: "hold-cut",
      title: "Keep it cut",
      isOn: isCut,
      isDisabled: false,
      hint: "After ten seconds the client itself calls what it shows stale.",
      set: (isOn) => actions.holdCut(isOn),
    })}
  `;
}

interface Control {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  readonly isDisabled: boolean;
}

function toggle(control: Control & { isOn: boolean; set: (isOn: boolean) => void }): TemplateResult {
  const { id, title, isOn, isDisabled, hint, set } = control;
  return html`<div class="fault">
    <button
      type="button"
      id=${id}
      role="switch"
      aria-checked=${isOn ? "true" : "false"}
      aria-describedby="${id}-hint"
      ?disabled=${isDisabled}
      @click=${() => set(!isOn)}
    >
      <span>${title}</span><span class="switch" aria-hidden="true">${isOn ? "on" : "off"}</span>
    </button>
    <p id="${id}-hint" class="hint">${hint}</p>
  </div>`;
}

function button({ id, title, isDisabled, hint, act }: Control & { act: () => void }): TemplateResult {
  return html`<div class="fault">
    <button type="button" id=${id} aria-describedby="${id}-hint" ?disabled=${isDisabled} @click=${act}>
      <span>${title}</span>
    </button>
    <p id="${id}-hint" class="hint">${hint}</p>
  </div>`;
}
