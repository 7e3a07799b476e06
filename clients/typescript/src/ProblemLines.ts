import type { Advice } from "./Advice.js";
import type { ConnectionStatus } from "./ConnectionStatus.js";
import type { RejectedSubject } from "./contract.js";
import { onDemandCode } from "./onDemandCode.js";

/** Failed attempts until a client that was never connected is taken for a misconfigured one. */
export const attemptsUntilUnreachable = 3;

/** One console line for each lasting problem. What the lines say is loaded with the first problem. */
export class ProblemLines {
  private advice: Advice | undefined;
  private hasSaidPlainly = false;

  constructor(
    private readonly url: string,
    private readonly log: false | ((message: string) => void) = (message) => console.warn(message),
  ) {}

  onStatus(status: ConnectionStatus): void {
    const { error, attempt } = status;
    if (error) {
      this.withAdvice(
        (advice) => advice.onStatus(status),
        (log) => {
          if (attempt >= attemptsUntilUnreachable && !this.hasSaidPlainly) {
            this.hasSaidPlainly = true;
            log(`PresenceHub: ${this.url}: ${error.message}`);
          }
        },
      );
    }
  }

  onRejected(subjects: readonly RejectedSubject[]): void {
    this.withAdvice((advice) => advice.onRejected(subjects));
  }

  /** A connection has held: what comes now is another problem. */
  reset(): void {
    this.advice?.reset();
  }

  /** @param otherwise What to do when the code of the advice cannot be loaded. */
  private withAdvice(say: (advice: Advice) => void, otherwise?: (log: (message: string) => void) => void): void {
    const { url, log } = this;
    if (log) {
      onDemandCode
        .load()
        .then(
          ({ Advice }) => say((this.advice ??= new Advice(url, log))),
          () => otherwise?.(log),
        )
        // A logger of the application must not stop the connection.
        .catch(() => undefined);
    }
  }
}
