import type { PresenceState } from "../src/index.js";
import { fold } from "./Person.js";
import type { PersonCard } from "./PersonCard.js";

/** `stale` is a filter of its own: such a card still shows a state, but an unconfirmed one. */
export type FilterKey = PresenceState | "stale";

/** Which cards are shown. */
export class Filter {
  department = "";
  readonly keys = new Set<FilterKey>();
  private words: string[] = [];

  set search(text: string) {
    this.words = fold(text).split(/\s+/).filter(Boolean);
  }

  toggle(key: FilterKey): void {
    if (!this.keys.delete(key)) {
      this.keys.add(key);
    }
  }

  clear(): void {
    this.department = "";
    this.words = [];
    this.keys.clear();
  }

  matches(card: PersonCard): boolean {
    return (
      (this.department === "" || card.person.department === this.department) &&
      (this.keys.size === 0 || this.keys.has(card.state) || (card.stale && this.keys.has("stale"))) &&
      this.words.every((word) => card.searchText.includes(word))
    );
  }
}
