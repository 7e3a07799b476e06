/** The codes that come from the hub. */
export const wireCodes = ["invalidRequest", "limitExceeded", "unauthorized", "tokenExpired", "unavailable"] as const;

type WireCode = (typeof wireCodes)[number];

/**
 * `invalidRequest`, `limitExceeded`, `unauthorized`, `tokenExpired` and `unavailable` come from the hub;
 * `disconnected`, `stopped` and `unknown` are the client's own.
 */
export type PresenceErrorCode = WireCode | "disconnected" | "stopped" | "unknown";

export interface PresenceErrorOptions extends ErrorOptions {
  readonly retryAfterMs?: number | undefined;
}

/** A failed call or connection, with a stable code. */
export class PresenceError extends Error {
  override readonly name = "PresenceError";
  /** The hub asked not to be called again before this time has passed. The client waits that long before it repeats. */
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

/**
 * The application's token source has failed, rather than the connection. A source that knows why, such as that of MSAL,
 * throws a PresenceError, whose code stays.
 */
export class TokenSourceError extends PresenceError {
  constructor(cause: unknown) {
    const { code, retryAfterMs } = cause instanceof PresenceError ? cause : { code: "disconnected" as const };
    super(code, messageOf(cause), { cause, retryAfterMs });
  }
}

/** Reads the code of a failed hub call: SignalR says `... HubException: code: text`. */
export function fromHubError(error: unknown): PresenceError {
  return withWireCode(error) ?? new PresenceError("unknown", messageOf(error), { cause: error });
}

/**
 * Distinguishes a refusal of the hub from a lost connection, by the close message, or by the problem and the status of
 * an HTTP answer, which SignalR shows only in its text.
 */
export function fromConnectionError(error: unknown): PresenceError {
  if (error instanceof PresenceError) {
    return error;
  }
  const text = messageOf(error);
  // The hub does not support the client's hub protocol.
  const code = /handshake error.*(is not supported|does not support version)/i.test(text)
    ? "invalidRequest"
    : (problemCode(text) ?? statusCode(text));
  return withWireCode(error) ?? new PresenceError(code ?? "disconnected", text, { cause: error });
}

export function stoppedError(): PresenceError {
  return new PresenceError("stopped", "The client was stopped.");
}

/** Whether the hub has answered, so that another transport would get the same answer. */
export function isFinal({ code }: PresenceError): boolean {
  return code !== "disconnected" && code !== "unknown";
}

/**
 * The code of a problem inside SignalR's text. A transport's `invalidRequest` may only mean that another node answered.
 */
function problemCode(text: string): WireCode | undefined {
  const named = /"code"\s*:\s*"(\w+)"/.exec(text)?.[1];
  return wireCodes.find((known) => known === named && known !== "invalidRequest");
}

function statusCode(text: string): WireCode | undefined {
  return /status code\D*40[13]\b|negotiate '40[13]'/i.test(text) ? "unauthorized" : undefined;
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
