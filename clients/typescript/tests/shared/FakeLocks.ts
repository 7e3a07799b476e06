type Callback = () => Promise<unknown> | undefined;

interface Waiting {
  readonly grant: () => void;
  readonly signal: AbortSignal | undefined;
}

interface Held {
  readonly lose: (reason: unknown) => void;
}

/** The browser's locks, as far as elections use them: exclusive, in order, and to be stolen. */
export class FakeLocks {
  isRefusing = false;
  private heldSteals: (() => void)[] | undefined;
  private readonly held = new Map<string, Held>();
  private readonly waiting = new Map<string, Waiting[]>();

  /** Steals wait until the returned function is called. */
  holdSteals(): () => void {
    const steals = (this.heldSteals = [] as (() => void)[]);
    return () => steals.forEach((steal) => steal());
  }

  request(name: string, options: { signal?: AbortSignal; steal?: true }, callback: Callback): Promise<unknown> {
    if (this.isRefusing) {
      return Promise.reject(new DOMException("Access to the Locks API is denied.", "SecurityError"));
    }
    return new Promise((resolve, reject) => {
      const grant = () => {
        const held: Held = { lose: reject };
        this.held.set(name, held);
        void Promise.resolve(callback()).then((value) => {
          resolve(value);
          if (this.held.get(name) === held) {
            this.held.delete(name);
            this.next(name);
          }
        });
      };
      if (options.steal) {
        const steal = () => {
          this.held.get(name)?.lose(new DOMException("The lock was stolen.", "AbortError"));
          grant();
        };
        if (this.heldSteals) {
          this.heldSteals.push(steal);
        } else {
          steal();
        }
        return;
      }
      this.waiting.set(name, [...(this.waiting.get(name) ?? []), { grant, signal: options.signal }]);
      queueMicrotask(() => (this.held.has(name) ? undefined : this.next(name)));
    });
  }

  private next(name: string): void {
    const queue = (this.waiting.get(name) ?? []).filter(({ signal }) => !signal?.aborted);
    const first = queue.shift();
    this.waiting.set(name, queue);
    first?.grant();
  }
}
