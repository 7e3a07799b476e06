import { byId, setText } from "../pages/common/dom.js";
import { toSubjectId } from "../src/contract.js";
import type { Choice, Query, QueryKind } from "./Choice.js";
import type { Person } from "./Person.js";
import { texts } from "./texts/index.js";

/** Asks for the people to show, and for a token where the page cannot sign its user in. */
export class SignInForm {
  private readonly form = byId("sign-in", HTMLFormElement);
  private readonly token = byId("token", HTMLInputElement);
  private readonly find = byId("find", HTMLInputElement);
  private readonly ids = byId("ids", HTMLTextAreaElement);
  private readonly department = byId("list-department", HTMLInputElement);
  private readonly signIn = byId("sign-in-again", HTMLButtonElement);
  private readonly kinds = [...this.form.querySelectorAll<HTMLInputElement>('[name="kind"]')];

  constructor(onSubmit: (choice: Choice) => void) {
    this.kinds.forEach((kind) => (kind.onchange = () => this.showFields()));
    this.showFields();
    this.form.onsubmit = (event) => {
      event.preventDefault();
      const { query, people, problem } = this.read();
      if (problem === undefined) {
        this.form.hidden = true;
        onSubmit({ token: this.token.value.trim(), query, people });
      } else {
        this.show(problem);
      }
    };
  }

  /**
   * The page signs its user in, so the form asks for no token.
   * @param signIn Begins the sign-in when the user wants to.
   */
  useSession(signIn: () => void): void {
    byId("token-field", HTMLElement).hidden = true;
    byId("token-hint", HTMLElement).hidden = true;
    this.token.required = false;
    this.signIn.onclick = signIn;
    setText(byId("sign-in-heading", HTMLElement), texts.chooseHeading);
    setText(byId("sign-in-introduction", HTMLElement), texts.chooseIntroduction);
  }

  /** Asks the hub as if the user had chosen it, such as for the address of the page. */
  submit(query: Query): void {
    this.kinds.forEach((kind) => (kind.checked = kind.value === query.kind));
    if (query.kind !== "all") {
      (query.kind === "find" ? this.find : this.department).value = query.text;
    }
    this.showFields();
    this.form.requestSubmit();
  }

  /** The hub has refused the token, so it is dropped. */
  askAgain(problem: string): void {
    this.token.value = "";
    this.show(problem);
  }

  /** The sign-in has brought no token: the user may begin another one. */
  offerSignIn(problem: string): void {
    this.show(problem);
    this.signIn.hidden = false;
    this.signIn.focus();
  }

  show(problem = ""): void {
    setText(byId("sign-in-problem", HTMLElement), problem);
    this.signIn.hidden = true;
    this.form.hidden = false;
    (this.token.required ? this.token : this.firstField).focus();
  }

  private get kind(): QueryKind {
    return (this.kinds.find((kind) => kind.checked)?.value ?? "find") as QueryKind;
  }

  private get firstField(): HTMLInputElement {
    switch (this.kind) {
      case "find":
        return this.find;
      case "department":
        return this.department;
      case "all":
        return byId("kind-all", HTMLInputElement);
    }
  }

  private read(): { query?: Query; people: readonly Person[]; problem?: string } {
    if (this.kind === "all") {
      return { query: { kind: "all" }, people: [] };
    }
    if (this.kind === "department") {
      const text = this.department.value.trim();
      return text === ""
        ? { people: [], problem: texts.noDepartmentChosen }
        : { query: { kind: "department", text }, people: [] };
    }
    const { people, unreadable } = parsePeople(this.ids.value);
    const text = this.find.value.trim();
    if (unreadable.length > 0) {
      return { people, problem: texts.unreadableLines(unreadable.slice(0, 3).join("; ")) };
    }
    if (text !== "") {
      return { query: { kind: "find", text }, people };
    }
    return people.length > 0 ? { people } : { people, problem: texts.nothingChosen };
  }

  private showFields(): void {
    byId("find-fields", HTMLElement).hidden = this.kind !== "find";
    byId("department-field", HTMLElement).hidden = this.kind !== "department";
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
