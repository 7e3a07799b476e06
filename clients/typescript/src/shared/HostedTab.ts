import type { PresenceEntry, RejectedSubject, WatchResult } from "../contract.js";
import type { Channel } from "./Channel.js";
import type { HostedClient } from "./HostedClient.js";
import { toErrorMessage, type CallMethod, type HostMessage } from "./messages.js";

/** A tab as the host knows it: what it watches, and what it has not been sent while it is hidden. */
export class HostedTab {
  /** Milliseconds of the clock when the tab was last heard of. */
  lastSeen: number;
  private readonly held = new Set<string>();
  private readonly pending = new Set<string>();
  /** Subjects that changed while the tab was hidden. Bounded by `held`. */
  private readonly missed = new Set<string>();

  constructor(
    readonly id: string,
    private readonly channel: Channel,
    private readonly client: HostedClient,
    public visible: boolean,
    now: number,
  ) {
    this.lastSeen = now;
  }

  post(message: HostMessage): void {
    this.channel.post(message);
  }

  /** Sends what the tab watches; to a hidden tab not before it is shown again. */
  changed(entries: readonly PresenceEntry[]): void {
    const watched = entries.filter(({ id }) => this.held.has(id));
    if (!this.visible) {
      watched.forEach(({ id }) => this.missed.add(id));
    } else if (watched.length > 0) {
      this.post({ kind: "changed", entries: watched });
    }
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    if (visible) {
      const missed = this.known([...this.missed]);
      this.missed.clear();
      this.changed(missed);
    }
  }

  /** The hub does not watch these any more. A call that still waits for one carries that in its answer. */
  ended(ids: readonly string[]): void {
    const ended = ids.filter((id) => !this.pending.has(id) && this.held.delete(id));
    ended.forEach((id) => this.missed.delete(id));
    if (ended.length > 0) {
      this.post({ kind: "revoked", ids: ended });
    }
  }

  async call(call: number, method: CallMethod, ids: readonly string[]): Promise<void> {
    try {
      this.post({ kind: "answer", call, result: await this.perform(method, ids) });
    } catch (error) {
      this.post({ kind: "answer", call, error: toErrorMessage(error) });
    }
  }

  /** The tab is gone: ends its watches. */
  release(): void {
    this.client.unwatch([...this.held]);
    this.held.clear();
    this.missed.clear();
    this.channel.close();
  }

  private async perform(method: CallMethod, ids: readonly string[]): Promise<unknown> {
    switch (method) {
      case "Watch":
        return this.watch(ids);
      case "Get":
        return this.client.get(ids);
      case "Unwatch": {
        const released = ids.filter((id) => this.held.delete(id));
        released.forEach((id) => this.missed.delete(id));
        this.client.unwatch(released);
        return null;
      }
    }
  }

  private async watch(ids: readonly string[]): Promise<WatchResult> {
    const added = ids.filter((id) => !this.held.has(id));
    added.forEach((id) => this.held.add(id).size && this.pending.add(id));
    const watch = this.client.watch(added);
    const known = this.known(added);
    if (known.length > 0) {
      // Another tab watches these. The answer may have to wait for a connection.
      this.post({ kind: "changed", entries: known });
    }
    try {
      const { rejected } = await watch;
      const reasons = new Map(rejected.map((rejection) => [rejection.id.toLowerCase(), rejection]));
      const missing = added.filter((id) => !this.client.entries.has(id));
      missing.forEach((id) => this.held.delete(id));
      return {
        entries: this.known(ids),
        rejected: missing.map((id): RejectedSubject => reasons.get(id) ?? { id, reason: "notVisible" }),
        cursor: "",
      };
    } catch (error) {
      added.forEach((id) => this.held.delete(id));
      throw error;
    } finally {
      added.forEach((id) => this.pending.delete(id));
    }
  }

  private known(ids: readonly string[]): PresenceEntry[] {
    return ids.map((id) => this.client.entries.get(id)).filter((entry) => entry !== undefined);
  }
}
