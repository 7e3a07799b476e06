interface Cached<T> {
  readonly value: T;
  readonly expiresAt: number;
}

/** Values with a lifetime. A full cache drops what was used least recently. */
export class ExpiringCache<T> {
  private readonly cached = new Map<string, Cached<T>>();

  /**
   * @param capacity The most values that are held.
   * @param now Milliseconds of a clock.
   */
  constructor(
    private readonly capacity: number,
    private readonly now: () => number,
  ) {}

  get(key: string): T | undefined {
    const found = this.cached.get(key);
    if (!found) {
      return undefined;
    }
    this.cached.delete(key);
    if (found.expiresAt <= this.now()) {
      return undefined;
    }
    this.cached.set(key, found);
    return found.value;
  }

  set(key: string, value: T, lifetimeMs: number): void {
    this.cached.delete(key);
    const [oldest] = this.cached.keys();
    if (this.cached.size >= this.capacity && oldest !== undefined) {
      this.cached.delete(oldest);
    }
    this.cached.set(key, { value, expiresAt: this.now() + lifetimeMs });
  }

  delete(key: string): void {
    this.cached.delete(key);
  }
}
