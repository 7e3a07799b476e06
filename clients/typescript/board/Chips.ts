import { presenceStates, stateLabel } from "../src/index.js";
import { Badge } from "./badge.js";
import { element, setText } from "../pages/common/dom.js";
import type { Counts } from "./Counts.js";
import type { FilterKey } from "./Filter.js";
import { texts } from "./texts/index.js";

const keys: readonly FilterKey[] = [...presenceStates, "stale"];

/** The counts by state, each a button that filters by it. */
export class Chips {
  private readonly chips = new Map<FilterKey, { button: HTMLButtonElement; count: HTMLElement; stale: HTMLElement }>();

  constructor(root: HTMLElement, onToggle: (key: FilterKey) => void) {
    for (const key of keys) {
      const count = element("span", "count", "0");
      const stale = element("span", "stale-count");
      const label = key === "stale" ? texts.stale : stateLabel(key);
      const button = element("button", "chip", new Badge("badge", key).element, label, " ", count, stale);
      button.type = "button";
      button.dataset["filter"] = key;
      button.addEventListener("click", () => onToggle(key));
      this.chips.set(key, { button, count, stale });
      root.append(button);
    }
  }

  update(counts: Counts, pressed: ReadonlySet<FilterKey>): void {
    for (const [key, { button, count, stale }] of this.chips) {
      const number = key === "stale" ? counts.stale : (counts.people.get(key) ?? 0);
      const unconfirmed = key === "stale" ? 0 : (counts.staleBy.get(key) ?? 0);
      setText(count, String(number));
      setText(stale, unconfirmed > 0 ? ` (${texts.staleCount(unconfirmed)})` : "");
      button.setAttribute("aria-pressed", String(pressed.has(key)));
      button.hidden = key === "stale" && number === 0 && !pressed.has(key);
    }
  }
}
