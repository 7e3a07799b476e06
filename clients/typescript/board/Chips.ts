import { presenceStates, stateLabel } from "../src/index.js";
import { Badge } from "./badge.js";
import { element, setText } from "./dom.js";
import type { FilterKey } from "./Filter.js";

const keys: readonly FilterKey[] = [...presenceStates, "stale"];

/** The counts by state, each a button that filters by it. */
export class Chips {
  private readonly chips = new Map<FilterKey, { button: HTMLButtonElement; count: HTMLElement }>();

  constructor(root: HTMLElement, onToggle: (key: FilterKey) => void) {
    for (const key of keys) {
      const count = element("span", "count", "0");
      const label = key === "stale" ? "Stale" : stateLabel(key);
      const button = element("button", "chip", new Badge("badge", key).element, label, " ", count);
      button.type = "button";
      button.dataset["filter"] = key;
      button.addEventListener("click", () => onToggle(key));
      this.chips.set(key, { button, count });
      root.append(button);
    }
  }

  update(counts: ReadonlyMap<FilterKey, number>, pressed: ReadonlySet<FilterKey>): void {
    for (const [key, { button, count }] of this.chips) {
      const number = counts.get(key) ?? 0;
      setText(count, String(number));
      button.setAttribute("aria-pressed", String(pressed.has(key)));
      button.hidden = key === "stale" && number === 0 && !pressed.has(key);
    }
  }
}
