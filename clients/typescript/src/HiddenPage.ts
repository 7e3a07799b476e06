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

  /** The client connects in a page that may have been hidden for long. A time that runs already goes on. */
  armIfHidden(): void {
    if (this.isHidden) {
      this.deadline.arm();
    }
  }

  private get isHidden(): boolean {
    return this.document?.visibilityState === "hidden";
  }

  private readonly update = (): void => {
    if (this.isHidden) {
      this.deadline.arm();
    } else {
      this.deadline.disarm();
      this.onVisible();
    }
  };
}
