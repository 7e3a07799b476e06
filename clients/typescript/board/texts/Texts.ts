import type { RejectionReason } from "../../src/index.js";

/** The texts that stand in the page itself, by the name that `data-text` gives. */
export interface PageTexts {
  readonly title: string;
  readonly skip: string;
  readonly heading: string;
  readonly starting: string;
  readonly search: string;
  readonly department: string;
  readonly filterByPresence: string;
  readonly exactTimes: string;
  readonly pages: string;
  readonly previous: string;
  readonly next: string;
  readonly tokenHeading: string;
  readonly tokenIntroduction: string;
  readonly token: string;
  readonly find: string;
  readonly ids: string;
  readonly show: string;
  readonly signIn: string;
  readonly choose: string;
  readonly tokenHint: string;
  readonly noMatch: string;
  readonly clearFilters: string;
}

/** What the board says in one language. */
export interface Texts {
  readonly page: PageTexts;

  readonly allDepartments: string;
  /** The heading of people whose department is not known. */
  readonly noDepartment: string;
  people(count: number): string;
  peopleOf(shown: number, all: number): string;
  peopleShown(count: number): string;
  availableOf(available: number, all: number): string;
  pageOf(page: number, count: number): string;
  /** Of a count: how many of them are stale. */
  staleCount(count: number): string;
  readonly stale: string;

  readonly waiting: string;
  readonly noPresence: string;
  since(instant: string): string;
  lastConfirmed(instant: string): string;
  readonly rejected: Readonly<Record<RejectionReason, string>>;

  readonly live: string;
  readonly connectedButStale: string;
  readonly connecting: string;
  readonly reconnecting: string;
  readonly notConnected: string;
  readonly unauthorized: string;
  readonly tokenExpired: string;
  readonly limitExceeded: string;
  readonly invalidRequest: string;

  readonly chooseHeading: string;
  readonly chooseIntroduction: string;
  readonly nothingChosen: string;
  readonly signingIn: string;
  signInFailed(reason: string): string;
  readonly searching: string;
  /** Said of each search: the hub leaves out those that the user may not see, so their number says nothing. */
  mostFound(count: number): string;
  foundNoOne(search: string): string;
  readonly searchNotSupported: string;
  readonly searchFailed: string;

  readonly pasteAfterExpiry: string;
  pasteAfterRefusal(reason: string): string;
  unreadableLines(lines: string): string;
}
