import { toSubjectId } from "../src/contract.js";
import { byId, setText } from "../pages/shared/dom.js";
import type { Person } from "./Person.js";
import { texts } from "./texts/index.js";

/** The people to show: those that a search finds, and those of the ids. */
export interface Choice {
  /** Empty when the user is signed in by the page. */
  readonly token: string;
  readonly search: string;
  readonly people: readonly Person[];
}

/** Asks for the people to show, and for a token where the page cannot sign its user in. */
export class SignInForm {
  private readonly form = byId("sign-in", HTMLFormElement);
  private readonly token = byId("token", HTMLInputElement);
  private readonly search = byId("find", HTMLInputElement);
  private readonly signIn = byId("sign-in-again", HTMLButtonElement);

  constructor(onSubmit: (choice: Choice) => void) {
    this.form.onsubmit = (event) => {
      event.preventDefault();
      const { people, unreadable } = parsePeople(byId("ids", HTMLTextAreaElement).value);
      const search = this.search.value.trim();
      if (unreadable.length > 0) {
        this.show(texts.unreadableLines(unreadable.slice(0, 3).join("; ")));
      } else if (search === "" && people.length === 0) {
        this.show(texts.nothingChosen);
      } else {
        this.form.hidden = true;
        onSubmit({ token: this.token.value.trim(), search, people });
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

  /** Searches as if the user had asked for it, such as for the text of a link. */
  submit(search: string): void {
    this.search.value = search;
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
    (this.token.required ? this.token : this.search).focus();
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
