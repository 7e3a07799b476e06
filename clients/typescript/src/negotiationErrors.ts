import { PresenceError, wireCodes, type PresenceErrorCode } from "./PresenceError.js";

/** Why the hub refused to negotiate. A busy hub names a wait. */
export function fromRefusal(status: number, body: string, retryAfterMs: number | undefined): PresenceError {
  const { code, detail } = readProblem(body);
  const text = typeof detail === "string" ? detail : `The hub's address answered ${status}.`;
  const known = wireCodes.find((wireCode) => wireCode === code) ?? codeOfStatus(status);
  return new PresenceError(retryAfterMs === undefined ? known : "unavailable", text, { retryAfterMs });
}

/** What answered is no hub, for instance a page that a server returns for every address. */
export function notAHub(contentType: string | null): PresenceError {
  return new PresenceError(
    "invalidRequest",
    `The address answered with ${contentType ?? "something else"}, not as a hub.`,
  );
}

function codeOfStatus(status: number): PresenceErrorCode {
  if (status === 401 || status === 403) {
    return "unauthorized";
  }
  // Most wrong addresses answer with a 4xx status. After a server error or a timeout the next attempt may succeed.
  return status < 500 && status !== 408 && status !== 429 ? "invalidRequest" : "disconnected";
}

function readProblem(body: string): { code?: unknown; detail?: unknown } {
  try {
    const problem: unknown = JSON.parse(body);
    return typeof problem === "object" && problem !== null ? problem : {};
  } catch {
    return {};
  }
}
