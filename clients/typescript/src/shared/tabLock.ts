/** Browsers give locks in secure contexts only; Node has none. */
function lockManager(): LockManager | undefined {
  return (globalThis as { navigator?: { locks?: LockManager } }).navigator?.locks;
}

const lockName = (tab: string) => `presencehub/tab/${tab}`;

/** Holds a lock as long as the tab lives. Resolves when it is held, with the function that releases it. */
export async function holdTabLock(tab: string): Promise<() => void> {
  const locks = lockManager();
  if (!locks) {
    return () => undefined;
  }
  return new Promise((resolve) => {
    const held = locks.request(lockName(tab), () => new Promise<void>((release) => resolve(release)));
    held.catch(() => resolve(() => undefined));
  });
}

/**
 * Calls back when the tab is gone, however it ended: the browser then gives its lock away. Without locks the tab's
 * silence must do. Returns the function that ends the wait.
 */
export function whenTabEnds(tab: string, callback: () => void): () => void {
  const waiting = new AbortController();
  // An aborted wait rejects.
  lockManager()
    ?.request(lockName(tab), { signal: waiting.signal }, callback)
    .catch(() => undefined);
  return () => waiting.abort();
}
