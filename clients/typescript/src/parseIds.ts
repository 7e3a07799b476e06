import { toSubjectId, type RejectedSubject } from "./contract.js";

/** The distinct subjects in the order of the call, and the ids that are not valid. */
export function parseIds(ids: Iterable<string>): { subjects: string[]; invalid: RejectedSubject[] } {
  const subjects = new Set<string>();
  const invalid: RejectedSubject[] = [];
  for (const id of ids) {
    const subject = toSubjectId(id);
    if (subject) {
      subjects.add(subject);
    } else {
      invalid.push({ id, reason: "invalidId" });
    }
  }
  return { subjects: [...subjects], invalid };
}
