export type HubCall =
  | { readonly method: "Watch"; readonly ids: readonly string[]; readonly cursor?: string }
  | { readonly method: "Unwatch"; readonly ids: readonly string[] };

/**
 * The watched subjects, the hub's answers on the present connection, and the cursor to resume from. It outlives
 * connections. A subject that is wanted and not confirmed goes with the next call.
 */
export class WatchList {
  private readonly wanted = new Set<string>();
  /** Subjects that the cursor covers. Others need a full answer, or a change could be missed. */
  private readonly synced = new Set<string>();
  private cursor: string | undefined;

  private readonly confirmed = new Set<string>();
  private readonly refused = new Set<string>();
  private readonly leaving = new Set<string>();

  /** Synced subjects that this connection has not confirmed yet. */
  private readonly resuming = new Set<string>();
  private resumeCursor: string | undefined;
  private resumeAnswer: string | undefined;

  has(id: string): boolean {
    return this.wanted.has(id);
  }

  isConfirmed(id: string): boolean {
    return this.confirmed.has(id);
  }

  add(id: string): void {
    this.refused.delete(id);
    this.wanted.add(id);
  }

  remove(id: string): void {
    if (this.wanted.has(id)) {
      // The hub has refused the subject, so there is nothing to unwatch.
      if (!this.refused.has(id)) {
        this.leaving.add(id);
      }
      this.forget(id);
    }
  }

  /** Removes a subject that the hub does not watch any more. */
  forget(id: string): void {
    this.wanted.delete(id);
    this.confirmed.delete(id);
    this.refused.delete(id);
    this.askInFull(id);
  }

  beginConnection(): void {
    this.endConnection();
    this.resumeCursor = this.cursor;
    if (this.cursor !== undefined) {
      this.synced.forEach((id) => this.resuming.add(id));
    }
  }

  endConnection(): void {
    for (const perConnection of [this.confirmed, this.refused, this.leaving, this.resuming]) {
      perConnection.clear();
    }
    // An interrupted resume leaves the cursor where it was: some subjects are only complete up to there.
    this.resumeCursor = undefined;
    this.resumeAnswer = undefined;
  }

  nextCall(maxIds: number): HubCall | undefined {
    const leaving = take(this.leaving, maxIds, (id) => !this.wanted.has(id));
    if (leaving.length > 0) {
      return { method: "Unwatch", ids: leaving };
    }
    if (this.resumeCursor !== undefined && this.resuming.size > 0) {
      return { method: "Watch", ids: take(this.resuming, maxIds), cursor: this.resumeCursor };
    }
    const missing = take(this.wanted, maxIds, (id) => !this.confirmed.has(id) && !this.refused.has(id));
    return missing.length > 0 ? { method: "Watch", ids: missing } : undefined;
  }

  unwatched(ids: readonly string[]): void {
    ids.forEach((id) => this.leaving.delete(id));
  }

  /** The hub watches the subject and the held entry is current. */
  confirm(id: string): void {
    if (this.wanted.has(id)) {
      this.confirmed.add(id);
      this.synced.add(id);
      this.resuming.delete(id);
    }
  }

  /** The hub has refused the subject. The next connection asks for it again, with a full answer. */
  refuse(id: string): void {
    this.refused.add(id);
    this.askInFull(id);
  }

  /** The next call for the subject carries no cursor. */
  askInFull(id: string): void {
    this.synced.delete(id);
    this.resuming.delete(id);
    this.settleCursor();
  }

  /** After the subjects of a `Watch` call were confirmed, refused or forgotten. */
  answered(cursor: string): void {
    this.resumeAnswer ??= cursor;
    this.settleCursor();
  }

  bookmark(cursor: string): void {
    // During a resume the bookmark covers only the subjects of the calls so far.
    if (this.resuming.size === 0) {
      this.cursor = cursor;
    }
  }

  /**
   * A complete resume moves the cursor to the one of its first answer, which is the oldest and so safe for every part.
   * Any other answer only sets the first cursor: an older cursor costs some repeated entries.
   */
  private settleCursor(): void {
    if (this.resuming.size > 0 || this.resumeAnswer === undefined) {
      return;
    }
    if (this.cursor === undefined || this.cursor === this.resumeCursor) {
      this.cursor = this.resumeAnswer;
    }
    this.resumeCursor = undefined;
  }
}

function take(ids: Iterable<string>, max: number, filter: (id: string) => boolean = () => true): string[] {
  const taken: string[] = [];
  for (const id of ids) {
    if (taken.length === max) {
      break;
    }
    if (filter(id)) {
      taken.push(id);
    }
  }
  return taken;
}
