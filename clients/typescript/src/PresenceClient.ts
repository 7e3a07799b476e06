import { Backoff } from "./Backoff.js";
import { CallLimit } from "./CallLimit.js";
import { ConnectionLoop } from "./ConnectionLoop.js";
import type { ConnectionStatus } from "./ConnectionStatus.js";
import type { PresenceEntry } from "./contract.js";
import { Deadline } from "./Deadline.js";
import { Deferred } from "./Deferred.js";
import { Emitter } from "./Emitter.js";
import { FallbackLink } from "./FallbackLink.js";
import { HiddenPage } from "./HiddenPage.js";
import type { HubLink } from "./HubLink.js";
import { LinkSync, type CallSettings } from "./LinkSync.js";
import { parseIds } from "./parseIds.js";
import { defaults, type PresenceClientOptions } from "./PresenceClientOptions.js";
import { PresenceError, stoppedError } from "./PresenceError.js";
import type { PresenceEvents } from "./PresenceEvents.js";
import type { PresenceSource } from "./PresenceSource.js";
import { toWatch, type PresenceWatch } from "./PresenceWatch.js";
import { ProblemLines } from "./ProblemLines.js";
import { read } from "./reading.js";
import { systemTimers } from "./Timers.js";
import type { TransportMemory } from "./TransportMemory.js";
import { WatchBook } from "./WatchBook.js";

/** The part of an attempt's time that one transport gets, so that the fallbacks have their turn. */
const transportShare = 1 / 3;

/** Watches the presence of subjects. It connects and reconnects by itself. */
export class PresenceClient implements PresenceSource {
  private readonly emitter = new Emitter<PresenceEvents>();
  private readonly book: WatchBook;
  private readonly settings: CallSettings;
  /** How long a view that has lost its link may call its entries live. A link lost in its resume adds no time. */
  private readonly staleDeadline: Deadline;
  private readonly random: () => number;
  private readonly transports: TransportMemory = {};
  private readonly problems: ProblemLines;

  private current: ConnectionStatus = { state: "idle", attempt: 0 };
  private loop: ConnectionLoop | undefined;
  private connected: Deferred<void> | undefined;
  private hasOpened = false;
  private isPausedByPage = false;
  private readonly hiddenPage: HiddenPage | undefined;
  private sync: LinkSync | undefined;

  constructor(private readonly options: PresenceClientOptions) {
    const backoff = {
      baseMs: options.reconnectBaseMs ?? defaults.reconnectBaseMs,
      capMs: options.reconnectCapMs ?? defaults.reconnectCapMs,
    };
    this.random = options.random ?? Math.random;
    this.problems = new ProblemLines(options.url, options.log);
    this.settings = {
      newBackoff: () => new Backoff(backoff, this.random),
      timers: options.timers ?? systemTimers,
      limit: new CallLimit(options.maxIdsPerCall ?? defaults.maxIdsPerCall),
    };
    this.book = new WatchBook({
      changed: (entries) => this.emitter.emit("entriesChanged", entries),
      rejected: (subjects) => {
        this.problems.onRejected(subjects);
        this.emitter.emit("rejected", subjects);
      },
      revoked: (ids) => this.emitter.emit("revoked", ids),
      work: () => this.sync?.update(),
    });
    const { timers } = this.settings;
    if (options.whenHidden === "pause") {
      const pauseAfterMs = options.pauseAfterMs ?? defaults.pauseAfterMs;
      const deadline = new Deadline(pauseAfterMs, timers, () => (this.isPausedByPage ||= this.suspend()));
      this.hiddenPage = new HiddenPage(deadline, () => {
        if (this.isPausedByPage) {
          this.resume();
        }
      });
    }
    const dueMs = options.staleAfterDisconnectMs ?? defaults.staleAfterDisconnectMs;
    this.staleDeadline = new Deadline(dueMs, timers, () => this.book.markStale());
  }

  /** The latest entry of each watched subject. It stays during an outage, marked `stale`. */
  get entries(): ReadonlyMap<string, PresenceEntry> {
    return this.book.view.entries;
  }

  get status(): ConnectionStatus {
    return this.current;
  }

  /** Returns the function that removes the listener. */
  on<Name extends keyof PresenceEvents>(name: Name, listener: (value: PresenceEvents[Name]) => void): () => void {
    return this.emitter.on(name, listener);
  }

  /** The changes from now on, as the latest entry of each changed subject. Ends with `stop()`. */
  changes(): AsyncIterableIterator<PresenceEntry> {
    const stream = this.book.view.openStream();
    if (this.current.state === "stopped") {
      void stream.return();
    }
    return stream;
  }

  /**
   * Resolves at the first connection, however many attempts that takes; rejects when stopped before, or when the URL
   * cannot be used. A paused client connects when it is resumed.
   */
  connect(): Promise<void> {
    this.connected ??= this.start();
    return this.connected.promise;
  }

  /**
   * Watches subjects until the returned watch is disposed. It is a promise too, which resolves when the hub has
   * answered for all of them; while disconnected, after the next connection. A subject stays until its last watch has
   * ended.
   * @param callback Called with each new entry of these subjects until the watch ends, and with an entry that is known
   * already right after the call returns. It is not called for a subject after that was revoked or rejected.
   */
  watch(ids: Iterable<string>, callback?: (entry: PresenceEntry) => void): PresenceWatch {
    return this.current.state === "stopped"
      ? toWatch(Promise.reject(stoppedError()), () => undefined)
      : this.book.watch(ids, callback);
  }

  /**
   * Ends one watch of each subject, for watches that are not kept. A subject that no other watch holds is removed and
   * its entry forgotten, at once, connected or not.
   */
  unwatch(ids: Iterable<string>): void {
    this.book.unwatch(ids);
  }

  /** Reads once, without watching. Fails while disconnected. Ids that may not be seen are left out. */
  async get(ids: Iterable<string>): Promise<PresenceEntry[]> {
    return read(parseIds(ids).subjects, this.settings, () => this.sync);
  }

  /**
   * Closes the connection until `resume()`. Watches and `entries` stay, and what is watched meanwhile waits. Does
   * nothing unless the client is connecting or connected.
   */
  pause(): void {
    this.suspend();
    this.isPausedByPage = false;
  }

  /**
   * Connects again at once after `pause()`, and catches up from where the client left off. Entries turn stale when the
   * hub does not confirm them in `staleAfterDisconnectMs`. Does nothing unless the client is paused.
   */
  resume(): void {
    this.isPausedByPage = false;
    if (this.connected && this.current.state === "paused") {
      this.startLoop(this.connected);
      this.hiddenPage?.armIfHidden();
    }
  }

  /** Ends the connection and every wait. `entries` keeps the last view; `connect()` starts again. */
  async stop(): Promise<void> {
    await this.end();
  }

  private async end(error?: PresenceError): Promise<void> {
    const { connected } = this;
    const reason = error ?? stoppedError();
    this.connected = undefined;
    this.hasOpened = false;
    this.hiddenPage?.ignore();
    this.isPausedByPage = false;
    const loopStopped = this.endLoop();
    connected?.reject(reason);
    this.book.stop(reason);
    if (this.current.state !== "stopped") {
      this.report({ state: "stopped", attempt: 0, ...(error && { error }) });
    }
    await loopStopped;
  }

  private start(): Deferred<void> {
    const connected = new Deferred<void>();
    connected.allowUnawaited();
    this.connected = connected;
    this.startLoop(connected);
    this.hiddenPage?.observe();
    return connected;
  }

  private startLoop(connected: Deferred<void>): void {
    const connectTimeoutMs = this.options.connectTimeoutMs ?? defaults.connectTimeoutMs;
    const linkOptions = {
      ...this.options,
      memory: this.transports,
      timers: this.settings.timers,
      transportTimeoutMs: connectTimeoutMs * transportShare,
    };
    const loop = new ConnectionLoop(
      {
        ...this.settings,
        random: this.random,
        createLink: this.options.createLink ?? ((refreshToken) => new FallbackLink({ ...linkOptions, refreshToken })),
        connectTimeoutMs,
        settledAfterMs: defaults.settledAfterMs,
        everOpened: this.hasOpened,
      },
      {
        status: (status) => this.report(status),
        created: (link) => (this.sync = this.createSync(link, loop)),
        opened: () => {
          this.hasOpened = true;
          connected.resolve();
          this.sync?.begin();
        },
        settled: () => this.problems.reset(),
        closed: () => {
          this.closeLink();
          this.staleDeadline.arm();
        },
      },
    );
    this.loop = loop;
    this.staleDeadline.arm();
    loop.run().catch((error: unknown) => {
      if (this.loop === loop) {
        void this.end(unusableUrl(error));
      }
    });
  }

  /** Returns false when there is nothing to pause. */
  private suspend(): boolean {
    if (!this.loop) {
      return false;
    }
    void this.endLoop();
    this.report({ state: "paused", attempt: 0 });
    return true;
  }

  /** Nothing is expected of the hub from now on, so nothing turns stale. */
  private endLoop(): Promise<void> | undefined {
    const { loop } = this;
    this.loop = undefined;
    this.staleDeadline.disarm();
    this.closeLink();
    return loop?.stop();
  }

  private createSync(link: HubLink, loop: ConnectionLoop): LinkSync {
    return new LinkSync(link, this.book, this.settings, {
      draining: (notice) => {
        loop.drainAfter(notice.reconnectAfterMs);
        this.emitter.emit("draining", notice);
      },
      failed: (error) => this.emitter.emit("callFailed", error),
      synced: () => this.staleDeadline.disarm(),
    });
  }

  private closeLink(): void {
    this.sync?.end();
    this.sync = undefined;
  }

  private report(status: ConnectionStatus): void {
    this.current = status;
    this.problems.onStatus(status);
    this.emitter.emit("connectionStateChanged", status);
  }
}

function unusableUrl(cause: unknown): PresenceError {
  return new PresenceError("invalidRequest", cause instanceof Error ? cause.message : String(cause), { cause });
}
