import { retryDelay, type Backoff } from "./backoff.js";
import type { CallLimit } from "./CallLimit.js";
import type { ConnectionStatus } from "./ConnectionStatus.js";
import type { HubLink } from "./HubLink.js";
import { fromConnectionError, PresenceError } from "./PresenceError.js";
import { pause, type Timers } from "./Timers.js";

export interface LoopSettings {
  /** @param refreshToken The hub refused the last token. */
  readonly createLink: (refreshToken: boolean) => HubLink;
  readonly timers: Timers;
  readonly backoff: Backoff;
  readonly random: () => number;
  readonly limit: CallLimit;
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

/** A refusal that only changes elsewhere is asked for again after this time and up to half as long: another tab may close. */
const refusedWaitMs = 60_000;

/** How long a connection must hold to count as accepted after the hub has refused the one before. */
const acceptedAfterMs = 1_000;

/** Keeps one connection open, without end, until stopped. One attempt at a time. */
export class ConnectionLoop {
  private readonly stopping = new AbortController();
  private link: HubLink | undefined;
  private attempt = 0;
  private everOpened = false;
  private lastError: PresenceError | undefined;
  /** The last connection was opened and refused before it settled. */
  private wasRefusedOpen = false;
  private settled = false;
  /** Tokens that the hub refused in a row. */
  private refusedTokens = 0;
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
      this.lastError = error;
      if (this.drain) {
        this.report();
        await this.drain;
        this.drain = undefined;
        this.attempt = 0;
      } else {
        const retryInMs = this.nextWait(error);
        this.report(retryInMs);
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
    const idsPerCall = this.settings.limit.value;
    const link = this.settings.createLink(this.refusedTokens > 0);
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
      void this.forgiveFailures(over.signal);
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
   * The hub can refuse a connection only after it has opened. Where it did so before, wait a moment for the refusal, so that
   * the status does not flap with each attempt.
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
    const error = this.settings.limit.lower(said, idsPerCall)
      ? new PresenceError("disconnected", said.message, { cause: said })
      : said;
    this.wasRefusedOpen = isRefusal(error) && !this.settled;
    return error;
  }

  private nextWait(error: PresenceError): number {
    const { backoff, random } = this.settings;
    const attempt = this.attempt++;
    const isAboutToken = error.code === "unauthorized" || error.code === "tokenExpired";
    this.refusedTokens = isAboutToken ? this.refusedTokens + 1 : this.refusedTokens;
    // The token source gets one chance at once to do better.
    return isRefusal(error) && (!isAboutToken || this.refusedTokens > 1)
      ? refusedWaitMs + random() * (refusedWaitMs / 2)
      : retryDelay(backoff, attempt, random, error.retryAfterMs);
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
      this.settled = true;
      this.attempt = 0;
      this.refusedTokens = 0;
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

/** The hub has answered and said no: trying again soon changes nothing. */
function isRefusal({ code }: PresenceError): boolean {
  return code === "limitExceeded" || code === "invalidRequest" || code === "unauthorized" || code === "tokenExpired";
}

function stoppedError(): PresenceError {
  return new PresenceError("stopped", "The client was stopped.");
}
