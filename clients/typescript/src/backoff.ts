export interface Backoff {
  /** Upper bound of the first delay; doubles with every failed attempt. */
  readonly baseMs: number;
  /** Upper bound of every delay. */
  readonly capMs: number;
}

/** A hub that names a shorter wait would be asked without pause. */
const shortestNamedMs = 100;
/** A hub that names a longer wait is wrong: the client would not come back on the same day. */
const longestNamedMs = 10 * 60_000;

/**
 * Full jitter: anywhere between zero and the bound. A fleet that lost its node at one instant
 * comes back spread over the whole window, where a fixed delay would bring it back as one wave.
 */
export function fullJitter(backoff: Backoff, attempt: number, random: () => number): number {
  return random() * Math.min(backoff.capMs, backoff.baseMs * 2 ** attempt);
}

/**
 * The delay before the next attempt. A wait that the hub names is kept in full, with as much jitter on top, so that the
 * clients of one wave do not return together. The hub sets the pace, so this jitter does not grow with the attempts.
 */
export function retryDelay(
  backoff: Backoff,
  attempt: number,
  random: () => number,
  retryAfterMs: number | undefined,
): number {
  if (!retryAfterMs) {
    return fullJitter(backoff, attempt, random);
  }
  const wait = Math.min(Math.max(retryAfterMs, shortestNamedMs), longestNamedMs);
  return wait + random() * Math.min(wait, backoff.capMs);
}
