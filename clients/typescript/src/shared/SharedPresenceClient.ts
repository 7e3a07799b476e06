import { Backoff } from "../Backoff.js";
import type { ConnectionStatus } from "../ConnectionStatus.js";
import type { PresenceEntry } from "../contract.js";
import { Deferred } from "../Deferred.js";
import { Emitter } from "../Emitter.js";
import { PresenceClient } from "../PresenceClient.js";
import { defaults, type AccessTokenFactory } from "../PresenceClientOptions.js";
import { PresenceError, TokenSourceError } from "../PresenceError.js";
import type { PresenceEvents } from "../PresenceEvents.js";
import type { PresenceSource } from "../PresenceSource.js";
import type { PresenceWatch } from "../PresenceWatch.js";
import { systemTimers, type Timers } from "../Timers.js";
import type { Carrier } from "./Carrier.js";
import { fromStatusMessage } from "./messages.js";
import type { CreateWorker } from "./pageWorker.js";
import { TabCarriers } from "./TabCarriers.js";
import { TabLink } from "./TabLink.js";
import { holdTabLock } from "./tabLock.js";
import { userKeyOf } from "./userKey.js";

export interface SharedPresenceClientOptions {
  /** The hub, for instance `https://presence.example.com/hubs/presence`; it may be relative to the page. */
  readonly url: string;
  /** Returns the user's access token. The host asks a tab for it; each tab also reads from it who the user is. */
  readonly accessTokenFactory: AccessTokenFactory;
  /**
   * Tabs with the same key and URL share a connection. Default: tenant and object id of the token. A token that does
   * not hold them is not shared.
   */
  readonly userKey?: string | undefined;
  /** Creates the shared worker; `false` for none. Default: the worker beside this package's files. */
  readonly createWorker?: CreateWorker | false | undefined;

  /** For tests. */
  readonly timers?: Timers;
  /** For tests: a number in [0, 1). */
  readonly random?: () => number;
  /** For tests: the ways to a host. */
  readonly createCarriers?: (name: string) => readonly Carrier[];
}

/**
 * A presence client whose connection all tabs of the browser share. It has a view of its own, and reaches the hub
 * through the host: a shared worker, else one of the tabs, else this page.
 */
export class SharedPresenceClient implements PresenceSource {
  private readonly emitter = new Emitter<Pick<PresenceEvents, "connectionStateChanged" | "draining">>();
  private readonly inner: PresenceClient;
  private readonly carriers: TabCarriers;
  private readonly tab = newTabId();
  /** The waits between attempts are short, as for a host at hand. A token source gets those of any client. */
  private readonly tokenBackoff: Backoff;
  /** The address as the host needs it; undefined when it is malformed. */
  private readonly hub: string | undefined;
  private hostStatus: ConnectionStatus = { state: "connecting", attempt: 0 };
  private link: TabLink | undefined;
  private connected: Deferred<void> | undefined;
  private releaseTabLock: (() => void) | undefined;

  constructor(private readonly options: SharedPresenceClientOptions) {
    const timers = options.timers ?? systemTimers;
    const { reconnectBaseMs: baseMs, reconnectCapMs: capMs } = defaults;
    this.tokenBackoff = new Backoff({ baseMs, capMs }, options.random ?? Math.random);
    this.hub = absoluteUrl(options.url);
    this.carriers = new TabCarriers(this.hub ?? options.url, options, timers);
    // The host is at hand, so attempts need not be spread, and it does the rest of what a client does about the hub.
    const tabOptions = { reconnectBaseMs: 100, reconnectCapMs: 5_000, log: false, whenHidden: "keep" } as const;
    this.inner = new PresenceClient({
      ...tabOptions,
      ...(options.timers && { timers }),
      url: options.url,
      accessTokenFactory: options.accessTokenFactory,
      createLink: () => this.createLink(timers),
    });
    this.inner.on("connectionStateChanged", () => this.statusChanged());
  }

  get entries(): ReadonlyMap<string, PresenceEntry> {
    return this.inner.entries;
  }

  /** That of the shared connection; while there is no host, that of the search for one. */
  get status(): ConnectionStatus {
    return this.inner.status.state === "connected" ? this.hostStatus : this.inner.status;
  }

  on<Name extends keyof PresenceEvents>(name: Name, listener: (value: PresenceEvents[Name]) => void): () => void {
    return name === "connectionStateChanged" || name === "draining"
      ? this.emitter.on(name, listener as never)
      : this.inner.on(name, listener);
  }

  /** Resolves when the shared connection is open; rejects when stopped before, or when the URL is malformed. */
  connect(): Promise<void> {
    if (this.hub === undefined) {
      return Promise.reject(new PresenceError("invalidRequest", "The URL is malformed."));
    }
    if (!this.connected) {
      this.connected = new Deferred<void>();
      this.connected.allowUnawaited();
      this.followPage(true);
      this.inner.connect().catch((error: unknown) => this.connected?.reject(error));
    }
    return this.connected.promise;
  }

  watch(ids: Iterable<string>, callback?: (entry: PresenceEntry) => void): PresenceWatch {
    return this.inner.watch(ids, callback);
  }

  /** Ends one watch of each subject, for watches that are not kept. */
  unwatch(ids: Iterable<string>): void {
    this.inner.unwatch(ids);
  }

  get(ids: Iterable<string>): Promise<PresenceEntry[]> {
    return this.inner.get(ids);
  }

  /** Leaves the shared connection. It goes on for the other tabs. */
  async stop(): Promise<void> {
    this.followPage(false);
    this.connected?.reject(new PresenceError("stopped", "The client was stopped."));
    this.connected = undefined;
    const stopped = this.inner.stop();
    this.carriers.close();
    this.releaseTabLock?.();
    this.releaseTabLock = undefined;
    await stopped;
  }

  private createLink(timers: Timers): TabLink {
    this.link = new TabLink(
      {
        tab: this.tab,
        url: this.hub ?? this.options.url,
        timers,
        carriers: async () => {
          this.releaseTabLock ??= await holdTabLock(this.tab);
          return this.carriers.of(await this.userKey());
        },
        token: (refresh) => this.token(refresh),
        isVisible,
      },
      {
        status: (status) => {
          this.hostStatus = fromStatusMessage(status);
          this.statusChanged();
        },
        draining: (reconnectAfterMs) => this.emitter.emit("draining", { reconnectAfterMs }),
      },
    );
    return this.link;
  }

  private async userKey(): Promise<string | undefined> {
    return this.options.userKey ?? userKeyOf(await this.firstToken());
  }

  private async firstToken(): Promise<string> {
    try {
      const token = await this.options.accessTokenFactory({ refresh: false });
      this.tokenBackoff.reset();
      return token;
    } catch (error) {
      const { code, message, retryAfterMs: named } = new TokenSourceError(error);
      const retryAfterMs = this.tokenBackoff.next(named);
      throw new TokenSourceError(new PresenceError(code, message, { cause: error, retryAfterMs }));
    }
  }

  private async token(refresh: boolean): Promise<string> {
    const token = await this.options.accessTokenFactory({ refresh });
    if (this.options.userKey === undefined && userKeyOf(token) !== this.carriers.userKey) {
      // Another user has signed in on this page: it leaves the connection of the one before.
      void this.link?.stop();
      throw new PresenceError("unauthorized", "The user of the page has changed.");
    }
    return token;
  }

  private statusChanged(): void {
    if (this.status.state === "connected") {
      this.connected?.resolve();
    }
    this.emitter.emit("connectionStateChanged", this.status);
  }

  /** Tells the host when the page is hidden, and leaves it when the page ends or is kept for the way back. */
  private followPage(follow: boolean): void {
    if (typeof document !== "undefined") {
      const change = follow ? "addEventListener" : "removeEventListener";
      document[change]("visibilitychange", this.onVisibility);
      window[change]("pagehide", this.onPageHide);
    }
  }

  private readonly onVisibility = () => this.link?.setVisible(isVisible());

  private readonly onPageHide = () => {
    void this.link?.stop();
    this.carriers.close();
  };
}

function isVisible(): boolean {
  return typeof document === "undefined" || document.visibilityState !== "hidden";
}

function absoluteUrl(url: string): string | undefined {
  try {
    return new URL(url, typeof document === "undefined" ? undefined : document.baseURI).href;
  } catch {
    return undefined;
  }
}

/** Unique among the tabs of a browser; `crypto.randomUUID` needs a secure context. */
function newTabId(): string {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(16)).join("-");
}
