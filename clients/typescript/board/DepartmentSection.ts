import { element, setText } from "../pages/common/dom.js";
import type { Filter } from "./Filter.js";
import type { PersonCard } from "./PersonCard.js";
import { texts } from "./texts/index.js";

/** The cards of one department under its heading. */
export class DepartmentSection {
  readonly root: HTMLElement;
  private readonly summary = element("span", "summary");
  private readonly list = element("ul", "cards");

  constructor(
    name: string,
    index: number,
    private readonly cards: readonly PersonCard[],
  ) {
    const heading = element("h2", "department-name", name);
    heading.id = `department-${index}`;
    // Safari drops the list role of a list without bullets.
    this.list.setAttribute("role", "list");
    this.list.append(...cards.map((card) => card.root));
    this.root = element("section", "section", element("header", "section-header", heading, this.summary), this.list);
    this.root.setAttribute("aria-labelledby", heading.id);
  }

  /** Returns how many cards are shown. */
  refresh(filter: Filter): number {
    let shown = 0;
    let available = 0;
    let stale = 0;
    for (const card of this.cards) {
      const visible = filter.matches(card);
      if (card.root.hidden === visible) {
        card.root.hidden = !visible;
      }
      shown += Number(visible);
      available += Number(card.state === "available" && !card.stale);
      stale += Number(card.stale);
    }
    this.root.hidden = shown === 0;
    const summary = texts.availableOf(available, this.cards.length);
    setText(this.summary, stale > 0 ? `${summary}, ${texts.staleCount(stale)}` : summary);
    return shown;
  }
}
