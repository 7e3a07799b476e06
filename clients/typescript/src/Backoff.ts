export interface BackoffOptions {
  /** Upper bound of the first wait; it doubles with every failure. */
  readonly baseMs: number;
  /** Upper bound of every wait. */
  readonly capMs: number;
}

/** A hub that names a shorter wait would be asked without pause. */
const shortestNamedMs = 100;
/** A hub that names a longer wait is wrong: the client would not come back on the same day. */
const longestNamedMs = 10 * 60_000;

/**
 * Waits with full jitter: uniform between zero and the bound. Clients that lose their node at the same moment return
 * spread over the whole range; after a fixed wait they would return as one wave.
 */
export class Backoff {
  private failures = 0;

  /** @param random Returns a number in [0, 1). */
  constructor(
    private readonly options: BackoffOptions,
    private readonly random: () => number,
  ) {}

  /**
   * The wait before the next attempt. A wait that the hub names is kept in full, with as much jitter on top, so that
   * the clients of one wave do not return together. The hub sets the pace, so this jitter does not grow with the
   * failures.
   */
  next(retryAfterMs?: number): number {
    const { baseMs, capMs } = this.options;
    const bound = Math.min(capMs, baseMs * 2 ** this.failures++);
    if (!retryAfterMs) {
      return this.random() * bound;
    }
    const wait = Math.min(Math.max(retryAfterMs, shortestNamedMs), longestNamedMs);
    return wait + this.random() * Math.min(wait, capMs);
  }

  reset(): void {
    this.failures = 0;
  }
}
