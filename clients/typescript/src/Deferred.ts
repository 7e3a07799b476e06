/** A promise that is settled from outside. */
export class Deferred<T> {
  readonly promise: Promise<T>;
  resolve!: (value: T) => void;
  reject!: (reason: unknown) => void;

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** Keeps a rejection that is not awaited from being unhandled, which would end a Node process. */
  allowUnawaited(): void {
    this.promise.catch(() => undefined);
  }
}
