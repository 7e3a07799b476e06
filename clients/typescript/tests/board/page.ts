import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Person } from "../../board/Person.js";
import { subject } from "../FakeHub.js";

/** The real page's body, without its script. */
export function loadPage(): void {
  const html = readFileSync(join(import.meta.dirname, "../../board/index.html"), "utf8");
  document.body.innerHTML = /<body>([\s\S]*)<\/body>/.exec(html)?.[1] ?? "";
}

export const people: Person[] = [
  { id: subject(1), displayName: "Ada Lovelace", department: "Engineering" },
  { id: subject(2), displayName: "Élodie Marchand", department: "Engineering" },
  { id: subject(3), displayName: "Grace Hopper", department: "Sales" },
];

export function card(number: number): HTMLElement {
  const found = document.querySelector<HTMLElement>(`[data-subject-id="${subject(number)}"]`);
  if (!found) {
    throw new Error(`There is no card of subject ${number}.`);
  }
  return found;
}

/** What a reader sees, in one line. */
export function textOf(node: Element): string {
  return node.textContent.replace(/\s+/g, " ").trim();
}

/** Chooses in the form what kind of people to show. */
export function chooseKind(kind: "find" | "department" | "all"): void {
  const radio = document.querySelector<HTMLInputElement>(`#sign-in [name="kind"][value="${kind}"]`);
  radio?.click();
}
