import type { Backoff } from "./Backoff.js";
import type { CallLimit } from "./CallLimit.js";
import type { DrainNotice, PresenceEntry, WatchRequest, WatchResult } from "./contract.js";
import type { HubLink } from "./HubLink.js";
import { fromHubError, type PresenceError } from "./PresenceError.js";
import { pause, type Timers } from "./Timers.js";
import type { WatchBook } from "./WatchBook.js";
import type { HubCall } from "./WatchList.js";

export interface CallSettings {
  readonly timers: Timers;
  readonly newBackoff: () => Backoff;
  readonly limit: CallLimit;
}

export interface SyncListener {
  draining(notice: DrainNotice): void;
  failed(error: PresenceError): void;
  /** The hub has answered for every subject of the list. */
  synced(): void;
}

/** Carries the watch list to the hub over one link, one call at a time, and takes the hub's messages. */
export class LinkSync {
  private readonly ending = new AbortController();
  private begun = false;
  private running = false;
  /** Subjects that the hub has pushed while a `Watch` call is under way: the answer to that call may be older. */
  private pushed: Set<string> | undefined;

  constructor(
    readonly link: HubLink,
    private readonly book: WatchBook,
    private readonly settings: CallSettings,
    private readonly listener: SyncListener,
  ) {
    link.on("PresenceChanged", (entries: PresenceEntry[]) => this.live(() => this.push(entries)));
    link.on("Bookmark", (cursor: string) => this.live(() => this.book.bookmark(cursor)));
    link.on("Revoked", (ids: string[]) => this.live(() => this.book.revoke(ids)));
    link.on("Draining", (notice: DrainNotice) => this.live(() => this.listener.draining(notice)));
    link.onclose(() => this.end());
  }

  begin(): void {
    this.book.openLink();
    this.begun = true;
    this.update();
  }

  end(): void {
    if (!this.ending.signal.aborted) {
      this.ending.abort();
      this.book.closeLink();
    }
  }

  /**
   * The list has changed. One call is under way at a time, so changes meanwhile share the next one. Before the link is
   * open a call would fail; `begin` carries the whole list.
   */
  update(): void {
    if (this.begun && !this.running) {
      this.running = true;
      void this.run();
    }
  }

  /** Aborted when the link ends. */
  get signal(): AbortSignal {
    return this.ending.signal;
  }

  get isOpen(): boolean {
    return this.begun && !this.ended;
  }

  private get ended(): boolean {
    return this.ending.signal.aborted;
  }

  private async run(): Promise<void> {
    let backoff = this.settings.newBackoff();
    // The application's other calls of this turn join the first hub call.
    await Promise.resolve();
    for (;;) {
      const call = this.ended ? undefined : this.book.nextCall(this.settings.limit.value);
      if (!call) {
        break;
      }
      try {
        await this.perform(call);
        backoff = this.settings.newBackoff();
      } catch (error) {
        if (this.ended) {
          break;
        }
        const reason = fromHubError(error);
        if (this.settings.limit.tryLower(reason, call.ids.length)) {
          // The next call carries fewer of the same ids.
          continue;
        }
        this.listener.failed(reason);
        if (reason.retriable) {
          await pause(this.settings.timers, backoff.next(reason.retryAfterMs), this.ending.signal);
        } else {
          this.book.fail(call, reason);
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
      this.live(() => this.book.unwatched(call.ids));
      return;
    }
    const pushed = new Set<string>();
    this.pushed = pushed;
    try {
      const request: WatchRequest =
        call.cursor === undefined ? { ids: call.ids } : { ids: call.ids, cursor: call.cursor };
      const result = (await this.link.invoke("Watch", request)) as WatchResult;
      this.live(() => this.book.answer(call, result, pushed));
    } finally {
      this.pushed = undefined;
    }
  }

  private push(entries: readonly PresenceEntry[]): void {
    entries.forEach((entry) => this.pushed?.add(entry.id));
    this.book.push(entries);
  }

  /** Ignores what arrives after the end: the link was given up. */
  private live(action: () => void): void {
    if (!this.ended) {
      action();
    }
  }
}
