import type { PresenceError } from "./PresenceError.js";

/** How many ids one call carries: the option's value, or less once the hub has refused that many. It never grows. */
export class CallLimit {
  constructor(private ids: number) {}

  get value(): number {
    return this.ids;
  }

  /**
   * Adopts the limit that a refusal names. True when the call carried more ids: it can be repeated in parts.
   * @param sent Ids that the call carried, at most. Another call may have lowered the limit meanwhile.
   */
  tryLower(refusal: PresenceError, sent: number): boolean {
    const named =
      refusal.code === "limitExceeded" ? /; one call may carry (\d+)$/.exec(refusal.message)?.[1] : undefined;
    const limit = Number(named);
    if (!(limit > 0)) {
      return false;
    }
    this.ids = Math.min(this.ids, limit);
    return limit < sent;
  }
}
