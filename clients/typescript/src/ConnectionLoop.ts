import type { Backoff } from "./Backoff.js";
import type { CallLimit } from "./CallLimit.js";
import type { ConnectionStatus } from "./ConnectionStatus.js";
import type { HubLink } from "./HubLink.js";
import { fromConnectionError, PresenceError, stoppedError } from "./PresenceError.js";
import { needsAttention, Refusals } from "./Refusals.js";
import { pause, type Timers } from "./Timers.js";

export interface LoopSettings {
  /** @param refreshToken The hub refused the last token. */
  readonly createLink: (refreshToken: boolean) => HubLink;
  readonly timers: Timers;
  readonly newBackoff: () => Backoff;
  readonly random: () => number;
  readonly limit: CallLimit;
  /** An attempt that takes longer is given up. */
  readonly connectTimeoutMs: number;
  /** How long a connection must hold to reset the backoff. A hub that accepts and closes at once has not accepted. */
  readonly settledAfterMs: number;
  /** There was a connection before this loop. */
  readonly everOpened: boolean;
}

/** Nothing is told after the loop was stopped. */
export interface LoopListener {
  status(status: ConnectionStatus): void;
  created(link: HubLink): void;
  opened(): void;
  /** The connection has held: the hub has accepted it. */
  settled(): void;
  closed(): void;
}

/** How long a connection must hold to count as accepted after the hub has refused the one before. */
const acceptedAfterMs = 1_000;

/** Opens one link after the other until it is stopped. It never gives up. */
export class ConnectionLoop {
  private readonly stopping = new AbortController();
  private readonly backoff: Backoff;
  private readonly refusals: Refusals;
  private link: HubLink | undefined;
  private attempt = 0;
  private everOpened: boolean;
  private lastError: PresenceError | undefined;
  /** The last connection was opened and refused before it settled. */
  private wasRefusedOpen = false;
  private settled = false;
  private drain: Promise<void> | undefined;
  private onDrained: () => void = () => undefined;

  constructor(
    private readonly settings: LoopSettings,
    private readonly listener: LoopListener,
  ) {
    this.backoff = settings.newBackoff();
    this.everOpened = settings.everOpened;
    this.refusals = new Refusals(settings.random);
  }

  /** Ends when stopped; throws only when no link can be created, for instance because the URL is malformed. */
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
      this.lastError = error;
      if (this.drain) {
        this.report();
        await this.drain;
        this.drain = undefined;
        this.forgetFailures();
      } else {
        const retryInMs = this.nextWait(error);
        this.report(retryInMs);
        await pause(this.settings.timers, retryInMs, this.stopping.signal);
      }
    }
  }

  /** Opens a new connection after the time, even if this one closes before. The first notice counts. */
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
    const end = () => over.abort();
    this.stopping.signal.addEventListener("abort", end);
    const ended = new Promise<undefined>((resolve) => over.signal.addEventListener("abort", () => resolve(undefined)));
    const idsPerCall = this.settings.limit.value;
    const link = this.settings.createLink(this.refusals.needNewToken);
    this.link = link;
    this.settled = false;
    try {
      const closed = new Promise<unknown>((resolve) =>
        link.onclose((error) => resolve(error ?? "The connection was closed.")),
      );
      const drained = new Promise<string>((resolve) => (this.onDrained = () => resolve("The hub drains.")));
      this.tell((listener) => listener.created(link));
      await Promise.race([link.start(), this.connectTimeout(over.signal), ended]);
      const refused = await this.refusedAfterOpening(closed, over.signal);
      if (this.isStopped() || refused) {
        return this.isStopped() ? stoppedError() : this.closeReason(refused, idsPerCall);
      }
      this.everOpened = true;
      void this.resetOnceSettled(over.signal);
      this.lastError = undefined;
      this.report(undefined, true);
      this.tell((listener) => listener.opened());
      return this.closeReason(await Promise.race([closed, drained, ended]), idsPerCall);
    } catch (error) {
      this.wasRefusedOpen = false;
      return fromConnectionError(error);
    } finally {
      end();
      this.stopping.signal.removeEventListener("abort", end);
      this.tell((listener) => listener.closed());
      // Not awaited: a connection that hangs while stopping must not keep the next attempt from starting.
      link.stop().catch(() => undefined);
    }
  }

  /**
   * The hub can refuse a connection only after it has opened. After such a refusal, the loop waits a moment for the
   * next one, so that the status does not flap with each attempt.
   */
  private async refusedAfterOpening(closed: Promise<unknown>, over: AbortSignal): Promise<unknown> {
    return this.wasRefusedOpen ? Promise.race([pause(this.settings.timers, acceptedAfterMs, over), closed]) : undefined;
  }

  private closeReason(closed: unknown, idsPerCall: number): PresenceError {
    const said = fromConnectionError(closed);
    // A message that was too large for the hub is sent in parts on the next connection.
    const error = this.settings.limit.tryLower(said, idsPerCall)
      ? new PresenceError("disconnected", said.message, { cause: said })
      : said;
    this.wasRefusedOpen = needsAttention(error) && !this.settled;
    return error;
  }

  private nextWait(error: PresenceError): number {
    this.attempt++;
    return this.refusals.waitAfter(error) ?? this.backoff.next(error.retryAfterMs);
  }

  private forgetFailures(): void {
    this.attempt = 0;
    this.backoff.reset();
  }

  private async connectTimeout(over: AbortSignal): Promise<never> {
    await pause(this.settings.timers, this.settings.connectTimeoutMs, over);
    throw new PresenceError("disconnected", "The connection attempt took too long.");
  }

  private async resetOnceSettled(over: AbortSignal): Promise<void> {
    await pause(this.settings.timers, this.settings.settledAfterMs, over);
    if (!over.aborted) {
      this.settled = true;
      this.forgetFailures();
      this.refusals.reset();
      this.tell((listener) => listener.settled());
    }
  }

  private report(retryInMs?: number, open = false): void {
    const trying = this.everOpened ? "reconnecting" : "connecting";
    const status: ConnectionStatus = {
      state: open ? "connected" : trying,
      attempt: this.attempt,
      ...(retryInMs !== undefined && { retryInMs }),
      ...(this.lastError && { error: this.lastError }),
    };
    this.tell((listener) => listener.status(status));
  }

  /** A listener may stop the loop, and a link may close later than that. */
  private tell(report: (listener: LoopListener) => void): void {
    if (!this.isStopped()) {
      report(this.listener);
    }
  }
}
