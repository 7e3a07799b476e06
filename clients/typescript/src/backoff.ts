export interface Backoff {
  /** Upper bound of the first delay; doubles with every failed attempt. */
  readonly baseMs: number;
  /** Upper bound of every delay. */
  readonly capMs: number;
}

/**
 * Full jitter: anywhere between zero and the bound. A fleet that lost its node at one instant
 * comes back spread over the whole window, where a fixed delay would bring it back as one wave.
 */
export function fullJitter(backoff: Backoff, attempt: number, random: () => number): number {
  return random() * Math.min(backoff.capMs, backoff.baseMs * 2 ** attempt);
}
