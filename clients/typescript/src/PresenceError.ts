const wireCodes = ["invalidRequest", "limitExceeded", "unauthorized", "unavailable"] as const;

/**
 * `invalidRequest`, `limitExceeded`, `unauthorized` and `unavailable` come from the hub;
 * `disconnected`, `stopped` and `unknown` are the client's own.
 */
export type PresenceErrorCode = (typeof wireCodes)[number] | "disconnected" | "stopped" | "unknown";

/** A failed call or connection, with a stable code to decide on. */
export class PresenceError extends Error {
  override readonly name = "PresenceError";

  constructor(
    readonly code: PresenceErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Whether the same call may succeed later. An error without a code is the hub's own failure, so it may. */
  get retriable(): boolean {
    return this.code === "unavailable" || this.code === "unknown";
  }
}

/** Reads the code of a failed hub call: SignalR says `... HubException: code: text`. */
export function fromHubError(error: unknown): PresenceError {
  const text = messageOf(error);
  const match = /(?:^|HubException: )(\w+): ?([\s\S]*)$/.exec(text);
  const code = wireCodes.find((known) => known === match?.[1]);
  return code
    ? new PresenceError(code, match?.[2] ?? text, { cause: error })
    : new PresenceError("unknown", text, { cause: error });
}

/** Tells a refused token from a connection that merely failed: negotiate reports its status in the text only. */
export function fromConnectionError(error: unknown): PresenceError {
  const text = messageOf(error);
  const refused = /status code\D*40[13]\b|negotiate '40[13]'/i.test(text);
  return new PresenceError(refused ? "unauthorized" : "disconnected", text, { cause: error });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
