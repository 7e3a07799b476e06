import type { Backoff } from "./Backoff.js";
import type { CallLimit } from "./CallLimit.js";
import type { ConnectionStatus } from "./ConnectionStatus.js";
import type { HubLink } from "./HubLink.js";
import { fromConnectionError, PresenceError } from "./PresenceError.js";
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

export interface LoopListener {
  status(status: ConnectionStatus): void;
  created(link: HubLink): void;
  opened(link: HubLink): void;
  /** The connection has held: the hub has accepted it. */
  settled(): void;
  closed(link: HubLink): void;
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
    const stopped = this.untilStopped(over.signal);
    const idsPerCall = this.settings.limit.value;
    const link = this.settings.createLink(this.refusals.needNewToken);
    this.link = link;
    this.settled = false;
    try {
      const closed = new Promise<Error | undefined>((resolve) => link.onclose(resolve));
      const drained = new Promise<undefined>((resolve) => (this.onDrained = () => resolve(undefined)));
      this.listener.created(link);
      await Promise.race([link.start(), this.connectTimeout(over.signal), stopped]);
      const refused = await this.refusedAfterOpening(closed, over.signal);
      if (this.isStopped() || refused) {
        return this.isStopped() ? stoppedError() : this.closeReason(refused, idsPerCall);
      }
      this.everOpened = true;
      void this.resetOnceSettled(over.signal);
      this.lastError = undefined;
      this.report(undefined, true);
      this.listener.opened(link);
      const error = await Promise.race([closed, drained, stopped]);
      return this.closeReason(error ?? "The connection was closed.", idsPerCall);
    } catch (error) {
      this.wasRefusedOpen = false;
      return fromConnectionError(error);
    } finally {
      over.abort();
      this.listener.closed(link);
      // Not awaited: a connection that hangs while stopping must not keep the next attempt from starting.
      link.stop().catch(() => undefined);
    }
  }

  /**
   * The hub can refuse a connection only after it has opened. After such a refusal, the loop waits a moment for the
   * next one, so that the status does not flap with each attempt.
   */
  private async refusedAfterOpening(closed: Promise<Error | undefined>, over: AbortSignal): Promise<unknown> {
    if (!this.wasRefusedOpen) {
      return undefined;
    }
    const accepted = new AbortController();
    const end = () => accepted.abort();
    [over, this.stopping.signal].forEach((signal) =>
      signal.addEventListener("abort", end, { signal: accepted.signal }),
    );
    const held = pause(this.settings.timers, acceptedAfterMs, accepted.signal);
    const refusal = closed.then((error) => error ?? "The connection was closed.");
    const outcome = await Promise.race([held, refusal]);
    end();
    return outcome;
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

  private async resetOnceSettled(over: AbortSignal): Promise<void> {
    await pause(this.settings.timers, this.settings.settledAfterMs, over);
    if (!over.aborted) {
      this.settled = true;
      this.forgetFailures();
      this.refusals.reset();
      this.listener.settled();
    }
  }

  private report(retryInMs?: number, open = false): void {
    const trying = this.everOpened ? "reconnecting" : "connecting";
    this.listener.status({
      state: open ? "connected" : trying,
      attempt: this.attempt,
      ...(retryInMs !== undefined && { retryInMs }),
      ...(this.lastError && { error: this.lastError }),
    });
  }
}

function stoppedError(): PresenceError {
  return new PresenceError("stopped", "The client was stopped.");
}
