import { byId } from "../pages/common/dom.js";
import { issueSimulatedToken, simulatedPeople } from "../pages/common/simulation.js";
import { TokenSource } from "../pages/common/TokenSource.js";
import { untilAnswered } from "../pages/common/untilAnswered.js";
import { Board } from "./Board.js";
import { readConfiguration } from "./configuration.js";
import { ConnectionIndicator } from "./ConnectionIndicator.js";
import { focusOnSlash } from "./keyboard.js";
import type { Person } from "./Person.js";
import { TenantBoard } from "./TenantBoard.js";
import { language, translatePage } from "./texts/index.js";

const hub = new URL(".", location.href);
const retry = { baseMs: 1_000, capMs: 30_000 };
translatePage(language);

const indicator = new ConnectionIndicator(byId("connection", HTMLElement));

focusOnSlash(document, () => byId("search", HTMLInputElement).focus());

const configuration = await whenReady(readConfiguration);
const { signIn } = configuration;
const people = signIn ? undefined : await whenReady(() => simulatedPeople(hub));
if (people) {
  showSimulated(people);
} else {
  // Loaded on demand: a board without a sign-in has no use for MSAL.
  const openSession = signIn && (async () => (await import("./Session.js")).openSession(signIn));
  await new TenantBoard(indicator, configuration, openSession).start();
}

function showSimulated(people: readonly Person[]): void {
  const tokens = new TokenSource(() => issueSimulatedToken(hub));
  new Board(
    people,
    ({ refresh }) => tokens.get(refresh),
    configuration.subjectsPerConnection,
    (status) => indicator.show(status),
    (stale) => indicator.showStale(stale),
  );
}

function whenReady<T>(ask: () => Promise<T>): Promise<T> {
  indicator.show({ state: "connecting", attempt: 0 });
  return untilAnswered(ask, retry, (_, attempt) => indicator.show({ state: "connecting", attempt }));
}
