import type { Deadline } from "./Deadline.js";

/** Arms a deadline while the page is hidden. Without a document it does nothing. */
export class HiddenPage {
  private readonly document = (globalThis as { document?: Document }).document;

  constructor(
    private readonly deadline: Deadline,
    private readonly onVisible: () => void,
  ) {}

  observe(): void {
    this.document?.addEventListener("visibilitychange", this.update);
    this.update();
  }

  ignore(): void {
    this.document?.removeEventListener("visibilitychange", this.update);
    this.deadline.disarm();
  }

  private readonly update = (): void => {
    if (this.document?.visibilityState === "hidden") {
      this.deadline.arm();
    } else {
      this.deadline.disarm();
      this.onVisible();
    }
  };
}
