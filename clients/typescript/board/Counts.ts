import type { PresenceState } from "../src/index.js";
import type { PersonCard } from "./PersonCard.js";

/** How many people are in which state, and of how many of them the state could not be confirmed in time. */
export class Counts {
  readonly people = new Map<PresenceState, number>();
  readonly staleBy = new Map<PresenceState, number>();
  stale = 0;

  constructor(cards: Iterable<PersonCard>) {
    for (const card of cards) {
      add(this.people, card.state);
      if (card.stale) {
        add(this.staleBy, card.state);
        this.stale++;
      }
    }
  }
}

function add(counts: Map<PresenceState, number>, state: PresenceState): void {
  counts.set(state, (counts.get(state) ?? 0) + 1);
}
