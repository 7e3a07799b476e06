/** The clock of the client's waits; tests have their own. */
export interface Timers {
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(handle: unknown): void;
}

export const systemTimers: Timers = {
  setTimeout: (callback, milliseconds) => globalThis.setTimeout(callback, milliseconds),
  clearTimeout: (handle) => globalThis.clearTimeout(handle as ReturnType<typeof globalThis.setTimeout>),
};

/** A browser's timer of a longer time fires at once. */
const longestMs = 2 ** 31 - 1;

/** Resolves after the time, however long, or as soon as the signal is aborted, which the caller has to check. */
export function pause(timers: Timers, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const finish = () => {
      timers.clearTimeout(handle);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    let leftMs = milliseconds;
    const wait = (): unknown => {
      const partMs = Math.min(leftMs, longestMs);
      leftMs -= partMs;
      return timers.setTimeout(() => (leftMs > 0 ? (handle = wait()) : finish()), partMs);
    };
    let handle = wait();
    signal.addEventListener("abort", finish);
  });
}
