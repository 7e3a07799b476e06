import { toSubjectId, type RejectedSubject } from "./contract.js";

/** An id that a page without types passes can be anything, and what takes `rejected` counts on text. */
function textOf(id: unknown): string {
  // An object may have no text of its own.
  return typeof id === "object" && id !== null ? Object.prototype.toString.call(id) : String(id);
}

/** The distinct subjects in the order of the call, and the ids that are not valid. */
export function parseIds(ids: Iterable<string>): { subjects: string[]; invalid: RejectedSubject[] } {
  const subjects = new Set<string>();
  const invalid: RejectedSubject[] = [];
  for (const id of ids) {
    const subject = toSubjectId(id);
    if (subject) {
      subjects.add(subject);
    } else {
      invalid.push({ id: textOf(id), reason: "invalidId" });
    }
  }
  return { subjects: [...subjects], invalid };
}
