import { byId, setText } from "../pages/common/dom.js";
import type { Pages } from "./Pages.js";
import { texts } from "./texts/index.js";

/** The buttons that turn the pages; hidden while there is only one. */
export class Pager {
  private readonly root = byId("pager", HTMLElement);
  private readonly previous = byId("previous", HTMLButtonElement);
  private readonly next = byId("next", HTMLButtonElement);

  /** @param turn Receives by how many pages. */
  constructor(turn: (pages: number) => void) {
    this.previous.onclick = () => turn(-1);
    this.next.onclick = () => turn(1);
  }

  update(pages: Pages): void {
    this.root.hidden = !pages.isPaged;
    // A disabled button would lose the focus of the keyboard.
    this.previous.setAttribute("aria-disabled", String(pages.number === 1));
    this.next.setAttribute("aria-disabled", String(pages.number === pages.count));
    setText(byId("page", HTMLElement), texts.pageOf(pages.number, pages.count));
  }
}
