import { pause, type Timers } from "./Timers.js";

/** Tells when the page has been hidden for a while, and when it is visible again. Without a document it tells nothing. */
export class HiddenPage {
  private readonly document = (globalThis as { document?: Document }).document;
  private hidden: AbortController | undefined;

  constructor(
    private readonly afterMs: number,
    private readonly timers: Timers,
    private readonly onHidden: () => void,
    private readonly onVisible: () => void,
  ) {}

  observe(): void {
    this.document?.addEventListener("visibilitychange", this.update);
    this.update();
  }

  ignore(): void {
    this.document?.removeEventListener("visibilitychange", this.update);
    this.endWait();
  }

  private readonly update = (): void => {
    if (this.document?.visibilityState !== "hidden") {
      this.endWait();
      this.onVisible();
    } else if (!this.hidden) {
      const hidden = new AbortController();
      this.hidden = hidden;
      void pause(this.timers, this.afterMs, hidden.signal).then(() => {
        if (!hidden.signal.aborted) {
          this.onHidden();
        }
      });
    }
  };

  private endWait(): void {
    this.hidden?.abort();
    this.hidden = undefined;
  }
}
