/** The clock the client runs on; tests bring their own. */
export interface Timers {
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(handle: unknown): void;
}

export const systemTimers: Timers = {
  setTimeout: (callback, milliseconds) => globalThis.setTimeout(callback, milliseconds),
  clearTimeout: (handle) => globalThis.clearTimeout(handle as ReturnType<typeof globalThis.setTimeout>),
};

/** Resolves after the time, or at once when the signal is or becomes aborted: the caller looks at the signal. */
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
    const handle = timers.setTimeout(finish, milliseconds);
    signal.addEventListener("abort", finish);
  });
}
