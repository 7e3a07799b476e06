type Listener<T> = (value: T) => void;

/** Typed listeners by event name. */
export class Emitter<Events extends object> {
  private readonly listeners: { [Name in keyof Events]?: Set<Listener<Events[Name]>> } = {};

  /** Returns the function that removes the listener. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): () => void {
    const listeners = (this.listeners[name] ??= new Set());
    // A listener of its own per call: registered twice, it is called twice and removed once at a time.
    const own: Listener<Events[Name]> = (value) => listener(value);
    listeners.add(own);
    return () => listeners.delete(own);
  }

  emit<Name extends keyof Events>(name: Name, value: Events[Name]): void {
    for (const listener of [...(this.listeners[name] ?? [])]) {
      try {
        listener(value);
      } catch (error) {
        // A listener's failure must not stop the other listeners or the connection.
        console.error(`A listener of "${String(name)}" failed`, error);
      }
    }
  }
}
