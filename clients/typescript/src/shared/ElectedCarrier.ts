import { Deferred } from "../Deferred.js";
import type { Timers } from "../Timers.js";
import type { Carrier } from "./Carrier.js";
import { localChannels, PortChannel, type Channel } from "./Channel.js";
import type { SharedHost } from "./SharedHost.js";

/** Heard by all tabs: which tab wants to join, which one the leader has let in, and that there is another leader. */
type Notice = { readonly kind: "join" | "accepted"; readonly tab: string } | { readonly kind: "leader" };

const joinMs = 3_000;
/** A leader that lets no tab in for so many tries is frozen, and this tab takes over. */
const joinsBeforeTakeover = 2;

/**
 * The host is one of the tabs. The browser's lock of this name elects it: when the leader ends, however it does, the
 * tab that has waited longest gets the lock and leads.
 */
export class ElectedCarrier implements Carrier {
  private readonly notices: BroadcastChannel;
  private readonly closing = new AbortController();
  private host: SharedHost | undefined;
  private resign: () => void = () => undefined;
  private channel: Channel | undefined;
  private joining: { readonly tab: string; readonly done: Deferred<boolean> } | undefined;
  private tab: string | undefined;
  private tellAvailable: () => void = () => undefined;
  /** The browser gives this page no locks, as in a sandboxed frame. */
  private isRefused = false;

  static get isAvailable(): boolean {
    const { navigator } = globalThis as { navigator?: { locks?: LockManager } };
    return typeof BroadcastChannel === "function" && navigator?.locks !== undefined;
  }

  /** @param createHost Called when this tab becomes the leader. */
  constructor(
    private readonly name: string,
    private readonly timers: Timers,
    private readonly createHost: () => SharedHost,
  ) {
    this.notices = new BroadcastChannel(name);
    this.notices.onmessage = ({ data }) => this.heard(data as { kind?: unknown; tab?: unknown } | null);
    this.standForElection({ signal: this.closing.signal });
  }

  async open(tab: string): Promise<Channel> {
    this.tab = tab;
    this.tellAvailable = () => undefined;
    this.channel?.close();
    for (let joins = 0; !(await this.join(tab)); joins++) {
      if (joins === joinsBeforeTakeover || this.isRefused || this.closing.signal.aborted) {
        throw new Error("No tab leads.");
      }
      if (joins === joinsBeforeTakeover - 1) {
        this.standForElection({ steal: true });
      }
    }
    this.channel = this.host ? openOwn(this.host) : new PortChannel(new BroadcastChannel(`${this.name}/${tab}`));
    return this.channel;
  }

  failed(): void {
    this.channel?.close();
  }

  onceAvailable(callback: () => void): void {
    this.tellAvailable = callback;
    if (this.host) {
      this.becameAvailable();
    }
  }

  close(): void {
    this.tellAvailable = () => undefined;
    this.closing.abort();
    this.stopLeading();
    this.joining?.done.resolve(false);
    this.channel?.close();
    this.notices.close();
  }

  /** Waits until a leader lets the tab in, or this tab leads. */
  private async join(tab: string): Promise<boolean> {
    if (this.host) {
      return true;
    }
    const done = new Deferred<boolean>();
    this.joining?.done.resolve(false);
    const joining = { tab, done };
    this.joining = joining;
    const timeout = this.timers.setTimeout(() => done.resolve(false), joinMs);
    this.post({ kind: "join", tab });
    try {
      return await done.promise;
    } finally {
      this.timers.clearTimeout(timeout);
      // A later leader would otherwise be asked to let in a tab that is already elsewhere.
      this.joining = this.joining === joining ? undefined : this.joining;
    }
  }

  /** A hand-over took longer than the tab has waited for it, and is over now. */
  private becameAvailable(): void {
    const tell = this.tellAvailable;
    this.tellAvailable = () => undefined;
    tell();
  }

  private heard(notice: { kind?: unknown; tab?: unknown } | null): void {
    const tab = typeof notice?.tab === "string" ? notice.tab : undefined;
    switch (notice?.kind) {
      case "leader":
        this.channel?.close();
        if (this.joining) {
          this.post({ kind: "join", tab: this.joining.tab });
        } else {
          this.becameAvailable();
        }
        break;
      case "join":
        if (this.host && tab !== undefined) {
          this.host.accept(new PortChannel(new BroadcastChannel(`${this.name}/${tab}`)));
          this.post({ kind: "accepted", tab });
        }
        break;
      case "accepted":
        if (this.joining?.tab === tab) {
          this.joining?.done.resolve(true);
        } else if (tab === this.tab) {
          this.becameAvailable();
        }
        break;
    }
  }

  private standForElection(options: { signal: AbortSignal } | { steal: true }): void {
    navigator.locks
      .request(`${this.name}/leader`, options, () => this.lead())
      .catch(() => {
        if (this.host) {
          // Another tab took over because this one did not answer: it is a follower from now on.
          this.stopLeading();
          this.channel?.close();
          this.standForElection({ signal: this.closing.signal });
        } else {
          this.isRefused = true;
          this.joining?.done.resolve(false);
        }
      });
  }

  /** The lock is held until the returned promise resolves. */
  private lead(): Promise<void> | undefined {
    if (this.closing.signal.aborted || this.host) {
      return undefined;
    }
    this.host = this.createHost();
    this.channel?.close();
    this.post({ kind: "leader" });
    this.joining?.done.resolve(true);
    this.becameAvailable();
    return new Promise((resolve) => (this.resign = resolve));
  }

  private stopLeading(): void {
    this.host?.close();
    this.host = undefined;
    this.resign();
  }

  private post(notice: Notice): void {
    if (!this.closing.signal.aborted) {
      this.notices.postMessage(notice);
    }
  }
}

function openOwn(host: SharedHost): Channel {
  const [mine, theirs] = localChannels();
  host.accept(theirs);
  return mine;
}
