import type { PresenceState } from "../src/index.js";
import { fold, type Person } from "./Person.js";
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
      this.selects(card.person, card.searchText) &&
      (this.keys.size === 0 || this.keys.has(card.state) || (card.stale && this.keys.has("stale")))
    );
  }

  /** Whether the person is one of the search and the department, whatever the presence is. */
  selects(person: Person, searchText: string): boolean {
    return (
      (this.department === "" || person.department === this.department) &&
      this.words.every((word) => searchText.includes(word))
    );
  }
}
