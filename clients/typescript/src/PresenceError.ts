const wireCodes = ["invalidRequest", "limitExceeded", "unauthorized", "unavailable"] as const;

/**
 * `invalidRequest`, `limitExceeded`, `unauthorized` and `unavailable` come from the hub;
 * `disconnected`, `stopped` and `unknown` are the client's own.
 */
export type PresenceErrorCode = (typeof wireCodes)[number] | "disconnected" | "stopped" | "unknown";

export interface PresenceErrorOptions extends ErrorOptions {
  readonly retryAfterMs?: number | undefined;
}

/** A failed call or connection, with a stable code to decide on. */
export class PresenceError extends Error {
  override readonly name = "PresenceError";
  /** The hub asked not to be called again before this time has passed. The client's own repetitions wait that long. */
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly code: PresenceErrorCode,
    message: string,
    options?: PresenceErrorOptions,
  ) {
    super(message, options);
    this.retryAfterMs = options?.retryAfterMs;
  }

  /** Whether the same call may succeed later. An error without a code is the hub's own failure, so it may. */
  get retriable(): boolean {
    return this.code === "unavailable" || this.code === "unknown";
  }
}

/** Reads the code of a failed hub call: SignalR says `... HubException: code: text`. */
export function fromHubError(error: unknown): PresenceError {
  return withWireCode(error) ?? new PresenceError("unknown", messageOf(error), { cause: error });
}

/**
 * Tells a hub that refuses from one that is away. A refusal at negotiate shows its HTTP status in the text only;
 * the wait that it asked for comes from its headers.
 */
export function fromConnectionError(error: unknown, retryAfterMs?: number): PresenceError {
  if (error instanceof PresenceError) {
    return error;
  }
  const text = messageOf(error);
  if (retryAfterMs !== undefined) {
    return new PresenceError("unavailable", text, { cause: error, retryAfterMs });
  }
  const refused = /status code\D*40[13]\b|negotiate '40[13]'/i.test(text);
  return withWireCode(error) ?? new PresenceError(refused ? "unauthorized" : "disconnected", text, { cause: error });
}

function withWireCode(error: unknown): PresenceError | undefined {
  const [, name, text = ""] = /(?:^|HubException: )(\w+): ?([\s\S]*)$/.exec(messageOf(error)) ?? [];
  const code = wireCodes.find((known) => known === name);
  const wait = code === "unavailable" ? /; retry after (\d+) ms$/.exec(text)?.[1] : undefined;
  const retryAfterMs = wait === undefined ? undefined : Number(wait);
  return code && new PresenceError(code, text, { cause: error, retryAfterMs });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
