import { pause, type Timers } from "./Timers.js";

/** Calls once, a fixed time after it was armed, unless it is disarmed before. */
export class Deadline {
  private armed: AbortController | undefined;

  constructor(
    private readonly dueMs: number,
    private readonly timers: Timers,
    private readonly onDue: () => void,
  ) {}

  /** Starts the time unless it runs. */
  arm(): void {
    if (this.armed) {
      return;
    }
    const armed = new AbortController();
    this.armed = armed;
    void pause(this.timers, this.dueMs, armed.signal).then(() => {
      if (!armed.signal.aborted) {
        this.armed = undefined;
        this.onDue();
      }
    });
  }

  disarm(): void {
    this.armed?.abort();
    this.armed = undefined;
  }
}
