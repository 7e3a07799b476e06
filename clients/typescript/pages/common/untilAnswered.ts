import { Backoff, type BackoffOptions } from "../../src/Backoff.js";

/**
 * Asks until there is an answer: a page may load before its hub is ready. It waits between two attempts as the client
 * does.
 * @param failed Called after each attempt that has failed, with their number.
 */
export async function untilAnswered<T>(
  ask: () => Promise<T>,
  waits: BackoffOptions,
  failed: (error: unknown, attempts: number) => void,
): Promise<T> {
  const backoff = new Backoff(waits, Math.random);
  for (let attempts = 1; ; attempts++) {
    try {
      return await ask();
    } catch (error) {
      failed(error, attempts);
      await new Promise((resolve) => setTimeout(resolve, backoff.next()));
    }
  }
}
