import { toSubjectId } from "../src/contract.js";
import { byId, setText } from "./dom.js";
import type { Person } from "./Person.js";
import { texts } from "./texts/index.js";

/** Asks for a token and the ids to show, which a hub of a real tenant does not list. */
export class SignInForm {
  private readonly form = byId("sign-in", HTMLFormElement);

  constructor(onSubmit: (token: string, people: Person[]) => void) {
    this.form.onsubmit = (event) => {
      event.preventDefault();
      const { people, unreadable } = parsePeople(byId("ids", HTMLTextAreaElement).value);
      if (unreadable.length > 0) {
        this.show(texts.unreadableLines(unreadable.slice(0, 3).join("; ")));
        return;
      }
      this.form.hidden = true;
      onSubmit(byId("token", HTMLInputElement).value.trim(), people);
    };
  }

  /** The hub has refused the token, so it is dropped. */
  askAgain(problem: string): void {
    byId("token", HTMLInputElement).value = "";
    this.show(problem);
  }

  show(problem = ""): void {
    setText(byId("sign-in-problem", HTMLElement), problem);
    this.form.hidden = false;
    byId("token", HTMLInputElement).focus();
  }
}

export function parsePeople(text: string): { people: Person[]; unreadable: string[] } {
  const people = new Map<string, Person>();
  const unreadable: string[] = [];
  for (const line of text.split(/\r?\n/).map((raw) => raw.trim())) {
    const [first = "", ...name] = line.split(/[\s,;]+/);
    const id = toSubjectId(first);
    if (id) {
      people.set(id, { id, displayName: name.join(" ") || id.slice(0, 8), department: "" });
    } else if (line !== "") {
      unreadable.push(line);
    }
  }
  return { people: [...people.values()], unreadable };
}
