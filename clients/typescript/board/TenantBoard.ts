import type { AccessTokenFactory, ConnectionStatus } from "../src/index.js";
import { PeopleClient } from "../src/people/PeopleClient.js";
import { Board } from "./Board.js";
import type { BoardConfiguration } from "./configuration.js";
import type { ConnectionIndicator } from "./ConnectionIndicator.js";
import { byId, setText } from "./dom.js";
import type { Person } from "./Person.js";
import type { Session } from "./Session.js";
import { SignInForm, type Choice } from "./SignInForm.js";
import { texts } from "./texts/index.js";
import { tokenProblem } from "./tokenProblem.js";

/** As many as a hub answers to one search. */
const mostFound = 50;

/** The board of a real tenant, where the user chooses the people to show. */
export class TenantBoard {
  private readonly form: SignInForm;
  private readonly choose = byId("choose", HTMLButtonElement);
  private board: Board | undefined;
  /** Counts the choices: an answer to an earlier one comes too late. */
  private turn = 0;

  /** @param session Undefined when the user pastes a token. */
  constructor(
    private readonly indicator: ConnectionIndicator,
    private readonly configuration: BoardConfiguration,
    private readonly session: Session | undefined,
  ) {
    this.form = new SignInForm((choice) => void this.show(choice));
    this.choose.onclick = () => this.form.show();
    if (session) {
      this.form.useSession(() => void session.signIn().catch((error: unknown) => this.signInFailed(error)));
    }
  }

  /** Signs the user in where the page can, and shows the people of the page's address or asks for them. */
  async start(): Promise<void> {
    this.indicator.say(this.session ? texts.signingIn : texts.notConnected);
    try {
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

  private signInFailed(error: unknown): void {
    this.indicator.say(texts.notConnected);
    this.form.offerSignIn(texts.signInFailed(error instanceof Error ? error.message : String(error)));
  }

  private async show(choice: Choice): Promise<void> {
    const turn = ++this.turn;
    void this.board?.stop();
    this.board = undefined;
    const accessToken = this.session?.accessToken ?? (() => choice.token);
    const { people, problem, notice = "" } = await this.find(choice, accessToken);
    if (turn !== this.turn) {
      return;
    }
    this.indicator.say(texts.notConnected);
    setText(byId("notice", HTMLElement), notice);
    if (problem !== undefined) {
      this.form.show(problem);
      return;
    }
    this.choose.hidden = false;
    this.board = new Board(
      people,
      accessToken,
      this.configuration.subjectsPerConnection,
      (status) => this.statusChanged(status),
      (stale) => this.indicator.showStale(stale),
    );
  }

  /** The chosen people; a problem only when there is no one to show. */
  private async find(
    { search, people }: Choice,
    accessTokenFactory: AccessTokenFactory,
  ): Promise<{ people: readonly Person[]; problem?: string; notice?: string }> {
    history.replaceState(null, "", search === "" ? location.pathname : `#${new URLSearchParams({ find: search })}`);
    if (search === "") {
      return { people };
    }
    this.indicator.say(texts.searching);
    const url = new URL("hubs/presence", document.baseURI).href;
    const client = new PeopleClient({ url, accessTokenFactory, report: () => undefined });
    const { people: found = [], problem } = await client.find(search, mostFound);
    client.stop();
    const all = new Map(people.map((person) => [person.id, person]));
    found.forEach(({ id, displayName, department }) => all.set(id, { id, displayName, department: department ?? "" }));
    if (all.size > 0) {
      const notice = found.length < mostFound ? "" : texts.firstFound(found.length);
      return { people: [...all.values()], notice: problem ? searchProblem(problem) : notice };
    }
    return { people: [], problem: problem ? searchProblem(problem) : texts.foundNoOne(search) };
  }

  private statusChanged(status: ConnectionStatus): void {
    this.indicator.show(status);
    const problem = this.session ? undefined : tokenProblem(status.error);
    if (problem) {
      // The board holds the token, so both are dropped; the cards stay as they were.
      void this.board?.stop();
      this.board = undefined;
      this.form.askAgain(problem);
    }
  }
}

function searchProblem(problem: string): string {
  return problem === "notSupported" ? texts.searchNotSupported : texts.searchFailed;
}
