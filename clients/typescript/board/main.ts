import { Backoff } from "../src/Backoff.js";
import { Board } from "./Board.js";
import { readConfiguration } from "./configuration.js";
import { ConnectionIndicator } from "./ConnectionIndicator.js";
import { byId } from "./dom.js";
import { focusOnSlash } from "./keyboard.js";
import type { Person } from "./Person.js";
import { simulation } from "./simulation.js";
import { TenantBoard } from "./TenantBoard.js";
import { language, translatePage } from "./texts/index.js";
import { TokenSource } from "./TokenSource.js";

const retry = { baseMs: 1_000, capMs: 30_000 };
translatePage(language);

const indicator = new ConnectionIndicator(byId("connection", HTMLElement));

focusOnSlash(document, () => byId("search", HTMLInputElement).focus());

const configuration = await untilAnswered(readConfiguration);
const { signIn } = configuration;
const people = signIn ? undefined : await untilAnswered(() => simulation.people());
if (people) {
  showSimulated(people);
} else {
  // Loaded on demand: a board without a sign-in has no use for MSAL.
  const openSession = signIn && (async () => (await import("./Session.js")).openSession(signIn));
  await new TenantBoard(indicator, configuration, openSession).start();
}

function showSimulated(people: readonly Person[]): void {
  const tokens = new TokenSource(() => simulation.token());
  new Board(
    people,
    ({ refresh }) => tokens.get(refresh),
    configuration.subjectsPerConnection,
    (status) => indicator.show(status),
    (stale) => indicator.showStale(stale),
  );
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
