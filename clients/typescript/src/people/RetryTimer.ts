import { Backoff } from "../Backoff.js";
import type { Timers } from "../Timers.js";

const backoffOptions = { baseMs: 30_000, capMs: 5 * 60_000 };
/** After a retry that nothing has failed after, the next failure begins with a short wait again. */
const quietMs = 10 * 60_000;

/**
 * Says when to ask again for all that has failed on a page. One wait serves everything, so that what is asked then
 * shares requests.
 */
export class RetryTimer {
  private readonly listeners = new Set<() => void>();
  private readonly backoff: Backoff;
  private retry: unknown;
  private quiet: unknown;
  private isEnded = false;

  /** @param random Returns a number in [0, 1). */
  constructor(
    private readonly timers: Timers,
    random: () => number,
  ) {
    this.backoff = new Backoff(backoffOptions, random);
  }

  /** Returns the function that removes the listener. */
  onRetry(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * A request has failed for a reason that may pass.
   * @param retryAfterMs How long the hub asks to wait; undefined when it names no time.
   */
  failed(retryAfterMs: number | undefined): void {
    this.timers.clearTimeout(this.quiet);
    if (this.retry === undefined && !this.isEnded) {
      this.retry = this.timers.setTimeout(() => this.due(), this.backoff.next(retryAfterMs));
    }
  }

  end(): void {
    this.isEnded = true;
    this.timers.clearTimeout(this.retry);
    this.timers.clearTimeout(this.quiet);
    this.listeners.clear();
  }

  private due(): void {
    this.retry = undefined;
    this.quiet = this.timers.setTimeout(() => this.backoff.reset(), quietMs);
    [...this.listeners].forEach((listener) => listener());
  }
}
