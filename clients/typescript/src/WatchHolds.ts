/** One subject and how many `watch` calls hold it. A subject that left the list and came back has another object. */
export interface Hold {
  readonly id: string;
  count: number;
}

/** How many `watch` calls hold each subject. Bounded by the watch list. */
export class WatchHolds {
  private readonly holds = new Map<string, Hold>();

  take(ids: readonly string[]): readonly Hold[] {
    return ids.map((id) => {
      const hold = this.holds.get(id) ?? { id, count: 0 };
      hold.count++;
      this.holds.set(id, hold);
      return hold;
    });
  }

  /** Returns the ids that no call holds any more. */
  release(holds: readonly Hold[]): string[] {
    const ended: string[] = [];
    for (const hold of holds) {
      if (this.holds.get(hold.id) === hold && --hold.count === 0) {
        this.holds.delete(hold.id);
        ended.push(hold.id);
      }
    }
    return ended;
  }

  /** Ends one hold of each id, whichever call took it. */
  releaseIds(ids: readonly string[]): string[] {
    return this.release(ids.map((id) => this.holds.get(id)).filter((hold) => hold !== undefined));
  }

  /** The hub does not watch the subject any more: no call holds it. */
  forget(id: string): void {
    this.holds.delete(id);
  }
}
