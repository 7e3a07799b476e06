import type { PresenceEntry, RejectionReason } from "../contract.js";
import type { PresenceSource } from "../PresenceSource.js";
import type { PresenceWatch } from "../PresenceWatch.js";

export interface SubjectListener {
  changed(entry: PresenceEntry): void;
  /** The subject is not watched any more. */
  ended(reason: RejectionReason | "refused"): void;
}

interface Subject {
  readonly listeners: Set<SubjectListener>;
  watch: PresenceWatch | undefined;
}

/**
 * One watch for all elements of a page that show the same subject. A watch that nothing shows any more is ended a turn
 * later, so that an element that moves within the document keeps it. Bounded by the elements of the page.
 */
export class SubjectWatches {
  private readonly subjects = new Map<string, Subject>();
  private readonly removeListeners: (() => void)[];

  constructor(private readonly source: PresenceSource) {
    this.removeListeners = [
      source.on("entriesChanged", (entries) => entries.forEach((entry) => this.changed(entry))),
      source.on("rejected", (subjects) => subjects.forEach(({ id, reason }) => this.ended(id.toLowerCase(), reason))),
      source.on("revoked", (ids) => ids.forEach((id) => this.ended(id, "notVisible"))),
      source.on("connectionStateChanged", ({ state }) => (state === "connected" ? this.askAgain() : undefined)),
    ];
  }

  /**
   * Tells the listener the present entry, if one is known, and every later one.
   * @param id A lower-case GUID.
   * @returns The function that ends this watch.
   */
  add(id: string, listener: SubjectListener): () => void {
    const subject = this.subjects.get(id) ?? { listeners: new Set(), watch: undefined };
    this.subjects.set(id, subject);
    subject.listeners.add(listener);
    subject.watch ??= this.watch(id);
    const known = this.source.entries.get(id);
    if (known) {
      listener.changed(known);
    }
    return () => {
      if (subject.listeners.delete(listener) && subject.listeners.size === 0) {
        setTimeout(() => this.release(id, subject), 0);
      }
    };
  }

  end(): void {
    this.removeListeners.forEach((remove) => remove());
    this.subjects.forEach(({ watch }) => watch?.dispose());
    this.subjects.clear();
  }

  private watch(id: string): PresenceWatch {
    const watch = this.source.watch([id]);
    watch.catch(() => {
      if (this.subjects.get(id)?.watch === watch) {
        this.ended(id, "refused");
      }
    });
    return watch;
  }

  /** Another connection may be allowed what the last one was refused. */
  private askAgain(): void {
    this.subjects.forEach((subject, id) => {
      subject.watch ??= this.watch(id);
    });
  }

  private release(id: string, subject: Subject): void {
    if (subject.listeners.size === 0 && this.subjects.get(id) === subject) {
      this.subjects.delete(id);
      subject.watch?.dispose();
    }
  }

  private changed(entry: PresenceEntry): void {
    this.subjects.get(entry.id)?.listeners.forEach((listener) => listener.changed(entry));
  }

  private ended(id: string, reason: RejectionReason | "refused"): void {
    const subject = this.subjects.get(id);
    if (subject) {
      // The source has dropped the watch by itself.
      subject.watch = undefined;
      [...subject.listeners].forEach((listener) => listener.ended(reason));
    }
  }
}
