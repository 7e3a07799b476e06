import { pause, type Timers } from "./Timers.js";

/** How long a view that has lost its link may call its entries live. */
export class StaleDeadline {
  private armed: AbortController | undefined;

  constructor(
    private readonly dueMs: number,
    private readonly timers: Timers,
    private readonly onDue: () => void,
  ) {}

  /** Starts the deadline unless it runs: the loss of a link during its resume does not extend an earlier deadline. */
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
