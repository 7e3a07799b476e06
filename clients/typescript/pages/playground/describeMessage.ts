import type { PresenceEntry, WatchRequest, WatchResult } from "../../src/contract.js";
import { presenceLabel } from "../../src/labels/index.js";
import type { WireMessage } from "./WireProtocol.js";

const namedAtMost = 3;

/** One line that says what a message means. */
export function describeMessage(message: WireMessage, nameOf: (id: string) => string): string {
  const { method, isAnswer, content, error } = message;
  if (error !== undefined) {
    return error;
  }
  switch (isAnswer ? `${method} answer` : method) {
    case "Watch": {
      const { ids, cursor } = content as WatchRequest;
      return `${people(ids.length)}, ${cursor === undefined ? "without a cursor" : "from the cursor on"}`;
    }
    case "Watch answer": {
      const { entries, rejected } = content as WatchResult;
      return `${people(entries.length)}${rejected.length > 0 ? `, ${rejected.length} rejected` : ""}`;
    }
    case "PresenceChanged":
      return describeEntries(content as readonly PresenceEntry[], nameOf);
    case "Unwatch":
    case "Revoked":
      return people((content as readonly string[]).length);
    case "Bookmark":
      return "all up to this cursor was sent";
    case "Draining":
      return "this node is going away";
    default:
      return "";
  }
}

/** The cursor that a message carries. */
export function cursorOf({ method, isAnswer, content, error }: WireMessage): string | undefined {
  if (error !== undefined) {
    return undefined;
  }
  if (method === "Bookmark" && !isAnswer) {
    return content as string;
  }
  return method === "Watch" && isAnswer ? (content as WatchResult).cursor : undefined;
}

function describeEntries(entries: readonly PresenceEntry[], nameOf: (id: string) => string): string {
  const named = entries.slice(0, namedAtMost).map((entry) => `${nameOf(entry.id)}: ${presenceLabel(entry, "en")}`);
  const more = entries.length - named.length;
  return named.join("; ") + (more > 0 ? `; and ${more} more` : "");
}

function people(count: number): string {
  return count === 1 ? "1 person" : `${count} people`;
}
