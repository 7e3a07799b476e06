import { Backoff } from "../src/Backoff.js";
import { Board } from "./Board.js";
import { ConnectionIndicator } from "./ConnectionIndicator.js";
import { byId } from "./dom.js";
import { focusOnSlash } from "./keyboard.js";
import type { Person } from "./Person.js";
import { SignInForm } from "./SignInForm.js";
import { simulation } from "./simulation.js";
import { tokenProblem } from "./tokenProblem.js";
import { language, translatePage } from "./texts/index.js";
import { TokenSource } from "./TokenSource.js";

const retry = { baseMs: 1_000, capMs: 30_000 };
translatePage(language);

const indicator = new ConnectionIndicator(byId("connection", HTMLElement));

focusOnSlash(document, () => byId("search", HTMLInputElement).focus());

const people = await untilAnswered(() => simulation.people());
if (people) {
  showSimulated(people);
} else {
  askForTenant();
}

function showSimulated(people: readonly Person[]): void {
  const tokens = new TokenSource(() => simulation.token());
  new Board(
    people,
    ({ refresh }) => tokens.get(refresh),
    (status) => indicator.show(status),
    (stale) => indicator.showStale(stale),
  );
}

function askForTenant(): void {
  indicator.show({ state: "idle", attempt: 0 });
  let board: Board | undefined;
  const form = new SignInForm((token, chosen) => {
    void board?.stop();
    board = new Board(
      chosen,
      () => token,
      (status) => {
        indicator.show(status);
        const problem = tokenProblem(status.error);
        if (problem) {
          // The board holds the token, so both are dropped; the cards stay as they were.
          void board?.stop();
          board = undefined;
          form.askAgain(problem);
        }
      },
      (stale) => indicator.showStale(stale),
    );
  });
  form.show();
}

/** The page may load before the hub is ready. It then retries with the client's backoff. */
async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  const backoff = new Backoff(retry, Math.random);
  for (let attempt = 0; ; attempt++) {
    indicator.show({ state: "connecting", attempt });
    try {
      return await ask();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, backoff.next()));
    }
  }
}
