/** One subject and how many `watch` calls hold it. A subject that left the list and came back has another object. */
export interface Hold {
  readonly id: string;
  count: number;
}

/** Who holds which subject: each `watch` call once. Bounded by the watch list. */
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

  /** Returns the ids that are not held any more. */
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

  /** Like `release`, for one hold of each id, whatever call took it. */
  releaseIds(ids: readonly string[]): string[] {
    return this.release(ids.map((id) => this.holds.get(id)).filter((hold) => hold !== undefined));
  }

  /** The hub does not watch the subject any more: no call holds it. */
  forget(id: string): void {
    this.holds.delete(id);
  }
}
