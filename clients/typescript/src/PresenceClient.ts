import type { Backoff } from "./backoff.js";
import { CallLimit } from "./CallLimit.js";
import { ChangeStream } from "./ChangeStream.js";
import { ConnectionLoop } from "./ConnectionLoop.js";
import type { ConnectionStatus } from "./ConnectionStatus.js";
import type { DrainNotice, PresenceEntry, RejectedSubject } from "./contract.js";
import { Deferred } from "./Deferred.js";
import { Emitter } from "./Emitter.js";
import { EntryView } from "./EntryView.js";
import { FallbackLink } from "./FallbackLink.js";
import type { HubLink } from "./HubLink.js";
import { HubSession, type SessionListener, type SessionSettings } from "./HubSession.js";
import { PendingWatches, type WatchCall } from "./PendingWatches.js";
import { defaults, type PresenceClientOptions } from "./PresenceClientOptions.js";
import { PresenceError } from "./PresenceError.js";
import { read } from "./reading.js";
import { sort } from "./sort.js";
import { pause, systemTimers } from "./Timers.js";
import { TransportMemory } from "./TransportMemory.js";
import { toHandle, type WatchHandle } from "./WatchHandle.js";
import { WatchHolds } from "./WatchHolds.js";
import { WatchList } from "./WatchList.js";

export interface PresenceEvents {
  /** Entries that are new, changed, or have another freshness. */
  entriesChanged: readonly PresenceEntry[];
  connectionStateChanged: ConnectionStatus;
  /** These are not watched, and have left `entries`. */
  rejected: readonly RejectedSubject[];
  /** These may no longer be seen, and have left `entries`. */
  revoked: readonly string[];
  /** The node is going away; the client reconnects by itself. */
  draining: DrainNotice;
  /** A hub call failed. It is repeated by the client when `retriable`. */
  callFailed: PresenceError;
}

/** Of an attempt, so that the fallbacks have their turn before it is given up. */
const transportShare = 1 / 3;

/** Watches the presence of subjects over a connection that comes back by itself. */
export class PresenceClient {
  private readonly emitter = new Emitter<PresenceEvents>();
  private readonly streams = new Set<ChangeStream>();
  private readonly list = new WatchList();
  private readonly holds = new WatchHolds();
  private readonly view = new EntryView();
  private readonly pending = new PendingWatches(this.view.entries);
  private readonly settings: SessionSettings;
  private readonly transports = new TransportMemory();

  private current: ConnectionStatus = { state: "idle", attempt: 0 };
  private loop: ConnectionLoop | undefined;
  private connected: Deferred<void> | undefined;
  private link: HubLink | undefined;
  private session: HubSession | undefined;
  private outage: AbortController | undefined;

  constructor(private readonly options: PresenceClientOptions) {
    const backoff: Backoff = {
      baseMs: options.reconnectBaseMs ?? defaults.reconnectBaseMs,
      capMs: options.reconnectCapMs ?? defaults.reconnectCapMs,
    };
    this.settings = {
      backoff,
      random: options.random ?? Math.random,
      timers: options.timers ?? systemTimers,
      limit: new CallLimit(options.maxIdsPerCall ?? defaults.maxIdsPerCall),
    };
  }

  /** The newest entry of each watched subject. It stays during an outage, and tells so by its freshness. */
  get entries(): ReadonlyMap<string, PresenceEntry> {
    return this.view.entries;
  }

  get status(): ConnectionStatus {
    return this.current;
  }

  /** Returns the function that removes the listener. */
  on<Name extends keyof PresenceEvents>(name: Name, listener: (value: PresenceEvents[Name]) => void): () => void {
    return this.emitter.on(name, listener);
  }

  /** The changes from now on; of each subject only the latest that was not read yet. Ends with `stop()`. */
  changes(): AsyncIterableIterator<PresenceEntry> {
    const stream = new ChangeStream(() => this.streams.delete(stream));
    if (this.current.state === "stopped") {
      stream.end();
    } else {
      this.streams.add(stream);
    }
    return stream;
  }

  /** Resolves at the first connection, however many attempts that takes; rejects when stopped before. */
  connect(): Promise<void> {
    this.connected ??= this.start();
    return this.connected.promise;
  }

  /**
   * Adds subjects until the returned handle is disposed. The handle is a promise too: it resolves when the hub has answered
   * for all of them; while disconnected that is after the connect. Subjects that several calls watch stay for the last.
   */
  watch(ids: Iterable<string>): WatchHandle {
    if (this.current.state === "stopped") {
      return toHandle(Promise.reject(stoppedError()), () => undefined);
    }
    const { subjects, invalid } = sort(ids);
    subjects.forEach((id) => this.list.add(id));
    const held = this.holds.take(subjects);
    if (invalid.length > 0) {
      this.emitter.emit("rejected", invalid);
    }
    const release = () => this.drop(this.holds.release(held));
    const call: WatchCall = { ids: subjects, rejected: invalid, refused: release };
    const unanswered = subjects.filter((id) => !this.list.isConfirmed(id));
    const outcome = this.pending.wait(call, unanswered);
    this.session?.update();
    return toHandle(outcome, () => {
      this.pending.abandon(call);
      release();
    });
  }

  /**
   * Ends one `watch` of each subject, instead of its handle. A subject that no other call watches is removed, and its entry
   * forgotten, at once, connected or not.
   */
  unwatch(ids: Iterable<string>): void {
    this.drop(this.holds.releaseIds(sort(ids).subjects));
  }

  /** Reads once, without watching. Fails while disconnected. Ids that may not be seen are left out. */
  async get(ids: Iterable<string>): Promise<PresenceEntry[]> {
    return read(sort(ids).subjects, this.settings, () => {
      const { link, session } = this;
      return link && session && { link, session };
    });
  }

  /** Ends the connection and every wait. `entries` keeps the last view; `connect()` starts again. */
  async stop(): Promise<void> {
    const { loop, connected } = this;
    this.outage?.abort();
    this.outage = undefined;
    this.loop = undefined;
    this.connected = undefined;
    this.closeSession();
    const loopStopped = loop?.stop();
    connected?.reject(stoppedError());
    this.pending.stop(stoppedError());
    this.streams.forEach((stream) => stream.end());
    this.streams.clear();
    if (this.current.state !== "stopped") {
      this.report({ state: "stopped", attempt: 0 });
    }
    await loopStopped;
  }

  private start(): Deferred<void> {
    const connected = new Deferred<void>();
    connected.allowUnawaited();
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
        createLink: this.options.createLink ?? ((refreshToken) => new FallbackLink({ ...linkOptions, refreshToken })),
        connectTimeoutMs,
        settledAfterMs: defaults.settledAfterMs,
      },
      {
        status: (status) => this.whileRunning(loop, () => this.report(status)),
        created: (link) => this.whileRunning(loop, () => (this.session = this.createSession(link, loop))),
        opened: (link) =>
          this.whileRunning(loop, () => {
            this.link = link;
            connected.resolve();
            this.session?.begin();
          }),
        closed: () =>
          this.whileRunning(loop, () => {
            this.closeSession();
            this.beginOutage();
          }),
      },
    );
    this.loop = loop;
    this.connected = connected;
    this.beginOutage();
    loop.run().catch((error: unknown) => {
      connected.reject(error);
      void this.stop();
    });
    return connected;
  }

  private createSession(link: HubLink, loop: ConnectionLoop): HubSession {
    const listener: SessionListener = {
      changed: (entries) => this.tell(entries),
      rejected: (subjects) => {
        subjects.forEach(({ id }) => this.lose(id.toLowerCase()));
        this.emitter.emit("rejected", subjects);
      },
      revoked: (ids) => {
        ids.forEach((id) => this.lose(id));
        this.emitter.emit("revoked", ids);
      },
      draining: (notice) => {
        loop.drainAfter(notice.reconnectAfterMs);
        this.emitter.emit("draining", notice);
      },
      failed: (error) => this.emitter.emit("callFailed", error),
      synced: () => {
        this.outage?.abort();
        this.outage = undefined;
      },
    };
    return new HubSession(link, { list: this.list, view: this.view, pending: this.pending }, this.settings, listener);
  }

  private closeSession(): void {
    this.session?.end();
    this.session = undefined;
    this.link = undefined;
  }

  /** The time without the hub runs from the loss of the connection until the list is answered again. */
  private beginOutage(): void {
    if (this.outage) {
      return;
    }
    const outage = new AbortController();
    this.outage = outage;
    void pause(this.settings.timers, this.options.staleAfterMs ?? defaults.staleAfterMs, outage.signal).then(() => {
      if (!outage.signal.aborted) {
        this.outage = undefined;
        this.degrade();
      }
    });
  }

  private degrade(): void {
    const unconfirmed = [...this.entries.keys()].filter((id) => !this.list.isConfirmed(id));
    this.tell(unconfirmed.map((id) => this.view.degrade(id)).filter((entry) => entry !== undefined));
  }

  private tell(entries: readonly PresenceEntry[]): void {
    if (entries.length > 0) {
      this.streams.forEach((stream) => entries.forEach((entry) => stream.push(entry)));
      this.emitter.emit("entriesChanged", entries);
    }
  }

  /** No call watches these any more. */
  private drop(ids: readonly string[]): void {
    for (const id of ids) {
      this.list.remove(id);
      this.forget(id);
      this.pending.answer(id);
    }
    this.session?.update();
  }

  /** The hub does not watch the subject. */
  private lose(id: string): void {
    this.holds.forget(id);
    this.forget(id);
  }

  private forget(id: string): void {
    this.view.forget(id);
    this.streams.forEach((stream) => stream.forget(id));
  }

  private report(status: ConnectionStatus): void {
    this.current = status;
    this.emitter.emit("connectionStateChanged", status);
  }

  /** Ignores what a loop still reports after `stop()`. */
  private whileRunning(loop: ConnectionLoop, action: () => void): void {
    if (this.loop === loop) {
      action();
    }
  }
}

function stoppedError(): PresenceError {
  return new PresenceError("stopped", "The client was stopped.");
}
