import type { PresenceEntry } from "../contract.js";
import { PresenceError } from "../PresenceError.js";
import type { PresenceWatch } from "../PresenceWatch.js";
import { advise } from "./advice.js";
import type { PresenceSource } from "../PresenceSource.js";

interface Subject {
  readonly listeners: Set<() => void>;
  /** Absent while the client does not watch the subject for this store: it was stopped, or the hub refused. */
  watch?: PresenceWatch | undefined;
}

/**
 * The subjects that components of one client show. Each is watched once, whatever the number of its components, and a
 * change reaches only the components of its subject. Bounded by the mounted components.
 */
export class SubjectStore {
  private readonly subjects = new Map<string, Subject>();
  /** Subjects whose last listener has left in this turn. */
  private readonly left = new Set<string>();
  /** Subjects that got a listener while the client was stopped. */
  private readonly postponed = new Set<string>();
  private detach: (() => void) | undefined;

  constructor(readonly client: PresenceSource) {}

  /** @param ids Valid subject ids. Returns the function that removes the listener. */
  subscribe(ids: readonly string[], listener: () => void): () => void {
    this.detach ??= this.attach();
    for (const id of ids) {
      const subject = this.subjects.get(id) ?? { listeners: new Set() };
      this.subjects.set(id, subject);
      subject.listeners.add(listener);
      this.watch(id, subject);
    }
    return () => this.unsubscribe(ids, listener);
  }

  private unsubscribe(ids: readonly string[], listener: () => void): void {
    if (this.left.size === 0) {
      // A component that is mounted in the same turn may show the same subject, and StrictMode mounts each twice.
      queueMicrotask(() => this.release());
    }
    for (const id of ids) {
      this.subjects.get(id)?.listeners.delete(listener);
      this.left.add(id);
    }
  }

  private release(): void {
    for (const id of this.left) {
      const subject = this.subjects.get(id);
      if (subject?.listeners.size === 0) {
        subject.watch?.dispose();
        this.subjects.delete(id);
        this.postponed.delete(id);
      }
    }
    this.left.clear();
    if (this.subjects.size === 0) {
      this.detach?.();
      this.detach = undefined;
    }
  }

  private watch(id: string, subject: Subject): void {
    if (subject.watch) {
      return;
    }
    if (this.client.status.state === "stopped") {
      this.postponed.add(id);
      return;
    }
    // A watch of its own per subject: each is ended when its last component leaves. The client sends those of a turn in
    // one call.
    const watch = this.client.watch([id]);
    subject.watch = watch;
    watch.catch((error: unknown) => {
      // The watch list outlives `stop()`. After any other failure the subject has left it.
      if (subject.watch === watch && !(error instanceof PresenceError && error.code === "stopped")) {
        subject.watch = undefined;
        advise(`the hub refused to watch: ${error instanceof Error ? error.message : String(error)}`);
      }
    });
  }

  private attach(): () => void {
    const ends = [
      this.client.on("entriesChanged", (entries) => this.tell(entries.map(idOf))),
      this.client.on("rejected", (rejected) => this.lose(rejected.map(({ id }) => id.toLowerCase()))),
      this.client.on("revoked", (ids) => this.lose(ids)),
      this.client.on("connectionStateChanged", ({ state }) => {
        if (state !== "stopped") {
          this.watchPostponed();
        }
      }),
    ];
    return () => ends.forEach((end) => end());
  }

  private watchPostponed(): void {
    for (const id of this.postponed) {
      const subject = this.subjects.get(id);
      if (subject) {
        this.watch(id, subject);
      }
    }
    this.postponed.clear();
  }

  /** The hub does not watch these any more. The next component that shows one asks again. */
  private lose(ids: readonly string[]): void {
    for (const id of ids) {
      const subject = this.subjects.get(id);
      if (subject) {
        subject.watch = undefined;
      }
    }
    this.tell(ids);
  }

  /** Calls each listener once, however many of its subjects have changed. */
  private tell(ids: readonly string[]): void {
    const due = new Set<() => void>();
    for (const id of ids) {
      this.subjects.get(id)?.listeners.forEach((listener) => due.add(listener));
    }
    due.forEach((listener) => listener());
  }
}

const stores = new WeakMap<PresenceSource, SubjectStore>();

/** The store of a client: one, so that several providers of a client share its watches. */
export function storeOf(client: PresenceSource): SubjectStore {
  const store = stores.get(client) ?? new SubjectStore(client);
  stores.set(client, store);
  return store;
}

function idOf({ id }: PresenceEntry): string {
  return id;
}
