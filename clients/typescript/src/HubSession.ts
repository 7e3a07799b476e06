import { retryDelay, type Backoff } from "./backoff.js";
import type { CallLimit } from "./CallLimit.js";
import type { DrainNotice, PresenceEntry, RejectedSubject, WatchRequest, WatchResult } from "./contract.js";
import type { EntryView } from "./EntryView.js";
import type { HubLink } from "./HubLink.js";
import type { PendingWatches } from "./PendingWatches.js";
import { fromHubError, type PresenceError } from "./PresenceError.js";
import { pause, type Timers } from "./Timers.js";
import type { HubCall, WatchList } from "./WatchList.js";

/** What outlives the connection. */
export interface SessionState {
  readonly list: WatchList;
  readonly view: EntryView;
  readonly pending: PendingWatches;
}

export interface SessionSettings {
  readonly timers: Timers;
  readonly backoff: Backoff;
  readonly random: () => number;
  readonly limit: CallLimit;
}

export interface SessionListener {
  changed(entries: readonly PresenceEntry[]): void;
  rejected(subjects: readonly RejectedSubject[]): void;
  revoked(ids: readonly string[]): void;
  draining(notice: DrainNotice): void;
  failed(error: PresenceError): void;
  /** The hub has answered for every subject of the list. */
  synced(): void;
}

/** One connection's work: brings the hub's idea of the watch list in line with ours, and takes what the hub tells. */
export class HubSession {
  private readonly ending = new AbortController();
  private begun = false;
  private running = false;
  /** Subjects the hub has told of while a `Watch` is under way: that call's answer may be older. */
  private told: Set<string> | undefined;

  constructor(
    private readonly link: HubLink,
    private readonly state: SessionState,
    private readonly settings: SessionSettings,
    private readonly listener: SessionListener,
  ) {
    link.on("PresenceChanged", (entries: PresenceEntry[]) => this.live(() => this.takeEntries(entries)));
    link.on("Bookmark", (cursor: string) => this.live(() => this.state.list.bookmark(cursor)));
    link.on("Revoked", (ids: string[]) => this.live(() => this.revoke(ids)));
    link.on("Draining", (notice: DrainNotice) => this.live(() => this.listener.draining(notice)));
    link.onclose(() => this.end());
  }

  begin(): void {
    this.state.list.beginConnection();
    this.begun = true;
    this.update();
  }

  end(): void {
    if (!this.ending.signal.aborted) {
      this.ending.abort();
      this.state.list.endConnection();
    }
  }

  /**
   * The list has changed. Calls go one at a time, so what is asked meanwhile shares the next one.
   * Before the connection is open a call would fail; `begin` carries the whole list.
   */
  update(): void {
    if (this.begun && !this.running) {
      this.running = true;
      void this.run();
    }
  }

  /** Aborted when the connection ends. */
  get signal(): AbortSignal {
    return this.ending.signal;
  }

  private get ended(): boolean {
    return this.ending.signal.aborted;
  }

  private async run(): Promise<void> {
    let attempt = 0;
    // The application's other calls of this turn join the first hub call.
    await Promise.resolve();
    for (;;) {
      const call = this.ended ? undefined : this.state.list.nextCall(this.settings.limit.value);
      if (!call) {
        break;
      }
      try {
        await this.perform(call);
        attempt = 0;
      } catch (error) {
        if (this.ended) {
          break;
        }
        const reason = fromHubError(error);
        if (this.settings.limit.lower(reason, call.ids.length)) {
          // The next call carries fewer of the same ids.
          continue;
        }
        this.listener.failed(reason);
        if (reason.retriable) {
          const { backoff, random, timers } = this.settings;
          await pause(timers, retryDelay(backoff, attempt++, random, reason.retryAfterMs), this.ending.signal);
        } else {
          this.refuse(call, reason);
        }
      }
    }
    this.running = false;
    if (!this.ended) {
      this.listener.synced();
    }
  }

  private async perform(call: HubCall): Promise<void> {
    if (call.method === "Unwatch") {
      await this.link.invoke("Unwatch", call.ids);
      this.live(() => this.state.list.unwatched(call.ids));
      return;
    }
    this.told = new Set();
    try {
      const request: WatchRequest =
        call.cursor === undefined ? { ids: call.ids } : { ids: call.ids, cursor: call.cursor };
      const result = (await this.link.invoke("Watch", request)) as WatchResult;
      this.live(() => this.takeAnswer(call, result, this.told ?? new Set()));
    } finally {
      this.told = undefined;
    }
  }

  private takeAnswer(call: HubCall & { method: "Watch" }, result: WatchResult, told: ReadonlySet<string>): void {
    const { list, view, pending } = this.state;
    // A push may overtake the answer; whatever follows the hub's read is pushed too, so that of equal revisions the push is right.
    const news = result.entries.filter((entry) => !told.has(entry.id) || view.isBehind(entry));
    const changed = news.map((entry) => this.merge(entry));

    const rejected = result.rejected.filter(({ id }) => list.has(id.toLowerCase()));
    for (const { id } of rejected) {
      view.forget(id.toLowerCase());
      list.forget(id.toLowerCase());
    }

    const answered = new Set(result.entries.map((entry) => entry.id));
    for (const id of call.ids) {
      if (call.cursor === undefined) {
        list.confirm(id);
      } else if (view.entries.has(id)) {
        list.confirm(id);
        // With a cursor the hub leaves out what is unchanged and live.
        if (!answered.has(id) && !told.has(id)) {
          changed.push(view.restore(id));
        }
      } else {
        list.askInFull(id);
      }
    }
    list.answered(result.cursor);

    this.tell(changed);
    if (rejected.length > 0) {
      this.listener.rejected(rejected);
    }
    rejected.forEach((rejection) => pending.answer(rejection.id.toLowerCase(), rejection));
    call.ids.filter((id) => list.isConfirmed(id)).forEach((id) => pending.answer(id));
  }

  private refuse(call: HubCall, error: PresenceError): void {
    const { list, view, pending } = this.state;
    if (call.method === "Unwatch") {
      list.unwatched(call.ids);
      return;
    }
    call.ids.forEach((id) => list.refuse(id));
    pending.refuse(call.ids, error);
    this.tell(call.ids.map((id) => view.degrade(id)));
  }

  private takeEntries(entries: readonly PresenceEntry[]): void {
    entries.forEach((entry) => this.told?.add(entry.id));
    this.tell(entries.map((entry) => this.merge(entry)));
  }

  private revoke(ids: readonly string[]): void {
    const gone = ids.map((id) => id.toLowerCase()).filter((id) => this.state.list.has(id));
    for (const id of gone) {
      this.state.list.forget(id);
      this.state.view.forget(id);
    }
    if (gone.length > 0) {
      this.listener.revoked(gone);
    }
    gone.forEach((id) => this.state.pending.answer(id));
  }

  private merge(entry: PresenceEntry): PresenceEntry | undefined {
    return this.state.list.has(entry.id) ? this.state.view.merge(entry) : undefined;
  }

  private tell(changed: readonly (PresenceEntry | undefined)[]): void {
    const entries = changed.filter((entry) => entry !== undefined);
    if (entries.length > 0) {
      this.listener.changed(entries);
    }
  }

  /** What arrives after the end belongs to a connection that was given up. */
  private live(action: () => void): void {
    if (!this.ended) {
      action();
    }
  }
}
