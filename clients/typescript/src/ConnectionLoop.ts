import { retryDelay, type Backoff } from "./backoff.js";
import type { ConnectionStatus } from "./ConnectionStatus.js";
import type { HubLink } from "./HubLink.js";
import { fromConnectionError, PresenceError } from "./PresenceError.js";
import { pause, type Timers } from "./Timers.js";

export interface LoopSettings {
  readonly createLink: () => HubLink;
  readonly timers: Timers;
  readonly backoff: Backoff;
  readonly random: () => number;
  /** An attempt that takes longer is given up. */
  readonly connectTimeoutMs: number;
  /** A connection that held this long ends the row of failures; a hub that accepts and closes at once does not. */
  readonly settledAfterMs: number;
}

export interface LoopListener {
  status(status: ConnectionStatus): void;
  created(link: HubLink): void;
  opened(link: HubLink): void;
  closed(link: HubLink): void;
}

/** Keeps one connection open, without end, until stopped. One attempt at a time. */
export class ConnectionLoop {
  private readonly stopping = new AbortController();
  private link: HubLink | undefined;
  private attempt = 0;
  private everOpened = false;
  private drain: Promise<void> | undefined;
  private onDrained: () => void = () => undefined;

  constructor(
    private readonly settings: LoopSettings,
    private readonly listener: LoopListener,
  ) {}

  /** Ends when stopped; throws only when a connection cannot even be made, say from a malformed URL. */
  async run(): Promise<void> {
    for (;;) {
      this.report();
      if (this.isStopped()) {
        return;
      }
      const error = await this.runLink();
      if (this.isStopped()) {
        return;
      }
      if (this.drain) {
        this.report({ error });
        await this.drain;
        this.drain = undefined;
        this.attempt = 0;
      } else {
        const { backoff, random } = this.settings;
        const retryInMs = retryDelay(backoff, this.attempt++, random, error.retryAfterMs);
        this.report({ error, retryInMs });
        await pause(this.settings.timers, retryInMs, this.stopping.signal);
      }
    }
  }

  /** Moves to a new connection after the time, whether or not this one closes before. The first notice counts. */
  drainAfter(milliseconds: number): void {
    this.drain ??= pause(this.settings.timers, Math.max(0, milliseconds), this.stopping.signal).then(() =>
      this.onDrained(),
    );
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.link?.stop().catch(() => undefined);
  }

  private isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  /** One connection from attempt to end. Returns why it ended. */
  private async runLink(): Promise<PresenceError> {
    const over = new AbortController();
    const stopped = this.untilStopped(over.signal);
    const link = this.settings.createLink();
    this.link = link;
    try {
      const closed = new Promise<Error | undefined>((resolve) => link.onclose(resolve));
      this.listener.created(link);
      await Promise.race([link.start(), this.connectTimeout(over.signal), stopped]);
      if (this.isStopped()) {
        return stoppedError();
      }
      const drained = new Promise<undefined>((resolve) => (this.onDrained = () => resolve(undefined)));
      this.everOpened = true;
      void this.forgiveFailures(over.signal);
      this.report(undefined, true);
      this.listener.opened(link);
      const error = await Promise.race([closed, drained, stopped]);
      return fromConnectionError(error ?? "The connection was closed.");
    } catch (error) {
      return fromConnectionError(error);
    } finally {
      over.abort();
      this.listener.closed(link);
      // Not awaited: a connection that hangs while stopping must not keep the next attempt from starting.
      link.stop().catch(() => undefined);
    }
  }

  private untilStopped(over: AbortSignal): Promise<undefined> {
    return new Promise((resolve) => {
      const options = { once: true, signal: over };
      this.stopping.signal.addEventListener("abort", () => resolve(undefined), options);
    });
  }

  private async connectTimeout(over: AbortSignal): Promise<never> {
    await pause(this.settings.timers, this.settings.connectTimeoutMs, over);
    throw new PresenceError("disconnected", "The connection attempt took too long.");
  }

  private async forgiveFailures(over: AbortSignal): Promise<void> {
    await pause(this.settings.timers, this.settings.settledAfterMs, over);
    if (!over.aborted) {
      this.attempt = 0;
    }
  }

  private report(waiting?: { error: PresenceError; retryInMs?: number }, open = false): void {
    const trying = this.everOpened ? "reconnecting" : "connecting";
    this.listener.status({ state: open ? "connected" : trying, attempt: this.attempt, ...waiting });
  }
}

function stoppedError(): PresenceError {
  return new PresenceError("stopped", "The client was stopped.");
}
