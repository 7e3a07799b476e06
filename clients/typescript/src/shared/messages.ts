import type { ConnectionStatus } from "../ConnectionStatus.js";
import type { PresenceEntry } from "../contract.js";
import { PresenceError, TokenSourceError, type PresenceErrorCode } from "../PresenceError.js";

/**
 * The version of these messages. Tabs of one origin may run different versions of this package, and share a connection
 * only with those that have the same number.
 */
export const messageVersion = 1;

export interface ErrorMessage {
  readonly code: PresenceErrorCode;
  readonly message: string;
  /** The page's token source has failed, rather than the hub or the connection. */
  readonly isOfTokenSource?: true;
}

/** A `ConnectionStatus` without the error object, whose members would not survive. */
export interface StatusMessage extends Omit<ConnectionStatus, "error"> {
  readonly error?: ErrorMessage;
}

export type CallMethod = "Watch" | "Unwatch" | "Get";

/** From a tab to the host. */
export type TabMessage =
  | { readonly kind: "hello"; readonly tab: string; readonly url: string; readonly visible: boolean }
  | { readonly kind: "call"; readonly call: number; readonly method: CallMethod; readonly ids: readonly string[] }
  | { readonly kind: "visible"; readonly visible: boolean }
  | {
      readonly kind: "token";
      readonly request: number;
      readonly token?: string;
      readonly error?: string;
      /** The code of the error, where the token source knows one. */
      readonly code?: PresenceErrorCode;
    }
  | { readonly kind: "ping" }
  | { readonly kind: "bye" };

/** From the host to a tab. */
export type HostMessage =
  | { readonly kind: "welcome"; readonly status: StatusMessage }
  | { readonly kind: "status"; readonly status: StatusMessage }
  | { readonly kind: "changed"; readonly entries: readonly PresenceEntry[] }
  | { readonly kind: "revoked"; readonly ids: readonly string[] }
  | { readonly kind: "draining"; readonly reconnectAfterMs: number }
  | { readonly kind: "answer"; readonly call: number; readonly result?: unknown; readonly error?: ErrorMessage }
  | { readonly kind: "tokenWanted"; readonly request: number; readonly refresh: boolean }
  | { readonly kind: "pong" }
  | { readonly kind: "gone" };

type Fields = Readonly<Record<string, unknown>>;

const isText = (value: unknown) => typeof value === "string";
const isNumber = (value: unknown) => typeof value === "number";
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText);
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const isStatus = (value: unknown) => isFields(value) && isText(value["state"]) && isNumber(value["attempt"]);
const isEntry = (value: unknown) =>
  isFields(value) &&
  ["id", "availability", "activity", "freshness"].every((name) => isText(value[name])) &&
  isNumber(value["epoch"]) &&
  isNumber(value["revision"]);

const tabChecks: Record<TabMessage["kind"], (fields: Fields) => boolean> = {
  hello: ({ tab, url, visible }) => isText(tab) && isText(url) && typeof visible === "boolean",
  call: ({ call, method, ids }) =>
    isNumber(call) && ["Watch", "Unwatch", "Get"].includes(String(method)) && isTexts(ids),
  visible: ({ visible }) => typeof visible === "boolean",
  token: ({ request, token, error, code }) =>
    isNumber(request) && (isText(token) || isText(error)) && (code === undefined || isText(code)),
  ping: () => true,
  bye: () => true,
};

const hostChecks: Record<HostMessage["kind"], (fields: Fields) => boolean> = {
  welcome: ({ status }) => isStatus(status),
  status: ({ status }) => isStatus(status),
  changed: ({ entries }) => Array.isArray(entries) && entries.every(isEntry),
  revoked: ({ ids }) => isTexts(ids),
  draining: ({ reconnectAfterMs }) => isNumber(reconnectAfterMs),
  answer: ({ call }) => isNumber(call),
  tokenWanted: ({ request, refresh }) => isNumber(request) && typeof refresh === "boolean",
  pong: () => true,
  gone: () => true,
};

/** The message of a tab, or undefined when it is none: other code of the origin may post to the same channel. */
export function readTabMessage(value: unknown): TabMessage | undefined {
  return isMessage(value, tabChecks) ? (value as unknown as TabMessage) : undefined;
}

/** The message of the host, or undefined when it is none. */
export function readHostMessage(value: unknown): HostMessage | undefined {
  return isMessage(value, hostChecks) ? (value as unknown as HostMessage) : undefined;
}

function isMessage(value: unknown, checks: Record<string, (fields: Fields) => boolean>): value is Fields {
  const kind = isFields(value) ? String(value["kind"]) : "";
  return Object.hasOwn(checks, kind) && checks[kind]?.(value as Fields) === true;
}

export function toStatusMessage({ error, ...status }: ConnectionStatus): StatusMessage {
  return { ...status, ...(error && { error: toErrorMessage(error) }) };
}

export function fromStatusMessage({ error, ...status }: StatusMessage): ConnectionStatus {
  return { ...status, ...(error && { error: fromErrorMessage(error) }) };
}

export function toErrorMessage(error: unknown): ErrorMessage {
  return error instanceof PresenceError
    ? { code: error.code, message: error.message, ...(error instanceof TokenSourceError && { isOfTokenSource: true }) }
    : { code: "unknown", message: error instanceof Error ? error.message : String(error) };
}

function fromErrorMessage({ code, message, isOfTokenSource }: ErrorMessage): PresenceError {
  const error = new PresenceError(code, message);
  return isOfTokenSource ? new TokenSourceError(error) : error;
}
