import { byId, setText } from "../pages/common/dom.js";
import type { ConnectionStatus } from "../src/index.js";
import { Board } from "./Board.js";
import { fromHash, toHash, type Choice } from "./Choice.js";
import type { BoardConfiguration } from "./configuration.js";
import type { ConnectionIndicator } from "./ConnectionIndicator.js";
import { PeopleFinder } from "./PeopleFinder.js";
import type { Session } from "./Session.js";
import { SignInForm } from "./SignInForm.js";
import { texts } from "./texts/index.js";
import { tokenProblem } from "./tokenProblem.js";

/** The board of a real tenant, where the user chooses the people to show. */
export class TenantBoard {
  private readonly form: SignInForm;
  private readonly choose = byId("choose", HTMLButtonElement);
  private session: Session | undefined;
  private board: Board | undefined;
  private status: ConnectionStatus = { state: "idle", attempt: 0 };
  /** What asks the hub for people at present. */
  private searching: PeopleFinder | undefined;
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
    const query = this.session && fromHash(location.hash);
    if (query) {
      this.form.submit(query);
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
    history.replaceState(null, "", toHash(choice.query) || location.pathname);
    if (choice.query) {
      this.indicator.say(texts.searching);
    }
    this.searching = new PeopleFinder(accessToken, (count) => {
      if (turn === this.turn) {
        this.indicator.say(texts.listing(count));
      }
    });
    const { people, problem, notice = "", isTokenRefused = false } = await this.searching.find(choice);
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
