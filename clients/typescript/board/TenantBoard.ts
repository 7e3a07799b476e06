import type { AccessTokenFactory, ConnectionStatus } from "../src/index.js";
import { PeopleClient } from "../src/people/PeopleClient.js";
import { Board } from "./Board.js";
import type { BoardConfiguration } from "./configuration.js";
import type { ConnectionIndicator } from "./ConnectionIndicator.js";
import { byId, setText } from "../pages/shared/dom.js";
import type { Person } from "./Person.js";
import type { Session } from "./Session.js";
import { SignInForm, type Choice } from "./SignInForm.js";
import { texts } from "./texts/index.js";
import { tokenProblem } from "./tokenProblem.js";

/** As many as a hub answers to one search. */
const mostFound = 50;

interface Found {
  readonly people: readonly Person[];
  /** Why there is no one to show. */
  readonly problem?: string;
  readonly notice?: string;
  readonly isTokenRefused?: boolean;
}

/** The board of a real tenant, where the user chooses the people to show. */
export class TenantBoard {
  private readonly form: SignInForm;
  private readonly choose = byId("choose", HTMLButtonElement);
  private session: Session | undefined;
  private board: Board | undefined;
  private status: ConnectionStatus = { state: "idle", attempt: 0 };
  /** The client of the search that is under way. */
  private searching: PeopleClient | undefined;
  /** Counts the choices: an answer to an earlier one comes too late. */
  private turn = 0;

  /** @param openSession Undefined when the user pastes a token. */
  constructor(
    private readonly indicator: ConnectionIndicator,
    private readonly configuration: BoardConfiguration,
    private readonly openSession: (() => Promise<Session>) | undefined,
  ) {
    this.form = new SignInForm((choice) => void this.show(choice));
    this.choose.onclick = () => this.chooseAgain();
    if (openSession) {
      this.form.useSession(() => void this.signInAgain());
    }
  }

  /** Signs the user in where the page can, and shows the people of the page's address or asks for them. */
  async start(): Promise<void> {
    this.indicator.say(this.openSession ? texts.signingIn : texts.notConnected);
    try {
      this.session = await this.openSession?.();
      await this.session?.accessToken({ refresh: false });
    } catch (error) {
      this.signInFailed(error);
      return;
    }
    this.indicator.say(texts.notConnected);
    const search = this.session && new URLSearchParams(location.hash.slice(1)).get("find");
    if (search) {
      this.form.submit(search);
    } else {
      this.form.show();
    }
  }

  /** Tries the whole start again when there is no session, such as after its code could not be loaded. */
  private async signInAgain(): Promise<void> {
    try {
      await (this.session ? this.session.signIn() : this.start());
    } catch (error) {
      this.signInFailed(error);
    }
  }

  private signInFailed(error: unknown): void {
    this.indicator.say(texts.notConnected);
    this.form.offerSignIn(texts.signInFailed(error instanceof Error ? error.message : String(error)));
  }

  /** Gives up a search that is under way. */
  private chooseAgain(): void {
    this.turn++;
    this.endSearch();
    this.form.show();
  }

  private async show(choice: Choice): Promise<void> {
    const turn = ++this.turn;
    this.endSearch();
    // At once, since a search may take minutes while the hub cannot be reached.
    this.choose.hidden = false;
    const accessToken = this.session?.accessToken ?? (() => choice.token);
    const { people, problem, notice = "", isTokenRefused = false } = await this.find(choice, accessToken);
    if (turn !== this.turn) {
      return;
    }
    this.endSearch();
    if (isTokenRefused && !this.session) {
      this.form.askAgain(texts.pasteAfterRefusal("unauthorized"));
      return;
    }
    if (problem !== undefined) {
      this.form.show(problem);
      return;
    }
    setText(byId("notice", HTMLElement), notice);
    // Not before, so that cards without a connection never look live.
    void this.board?.stop();
    this.board = new Board(
      people,
      accessToken,
      this.configuration.subjectsPerConnection,
      (status) => this.statusChanged(status),
      (stale) => this.indicator.showStale(stale),
    );
  }

  private async find({ search, people }: Choice, accessTokenFactory: AccessTokenFactory): Promise<Found> {
    history.replaceState(null, "", search === "" ? location.pathname : `#${new URLSearchParams({ find: search })}`);
    if (search === "") {
      return { people };
    }
    this.indicator.say(texts.searching);
    const url = new URL("hubs/presence", document.baseURI).href;
    this.searching = new PeopleClient({ url, accessTokenFactory, report: () => undefined });
    const { people: found = [], problem } = await this.searching.find(search, mostFound);
    const isTokenRefused = problem === "unauthorized";
    const all = new Map(people.map((person) => [person.id, person]));
    found.forEach(({ id, displayName, department }) => all.set(id, { id, displayName, department: department ?? "" }));
    if (all.size > 0) {
      const notice = found.length === 0 ? "" : texts.mostFound(mostFound);
      return { people: [...all.values()], notice: problem ? searchProblem(problem) : notice, isTokenRefused };
    }
    return { people: [], problem: problem ? searchProblem(problem) : texts.foundNoOne(search), isTokenRefused };
  }

  /** Shows again how the connection is. */
  private endSearch(): void {
    this.searching?.stop();
    this.searching = undefined;
    this.indicator.show(this.status);
  }

  private statusChanged(status: ConnectionStatus): void {
    this.status = status;
    if (!this.searching) {
      this.indicator.show(status);
    }
    const problem = this.openSession ? undefined : tokenProblem(status.error);
    if (problem) {
      // The board holds the token, so both are dropped; the cards stay as stale ones.
      void this.board?.stop();
      this.board = undefined;
      if (!this.searching) {
        this.form.askAgain(problem);
      }
    }
  }
}

function searchProblem(problem: string): string {
  return problem === "notSupported" ? texts.searchNotSupported : texts.searchFailed;
}
