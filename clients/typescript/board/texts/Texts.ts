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
  readonly kinds: string;
  readonly kindFind: string;
  readonly kindDepartment: string;
  readonly kindAll: string;
  readonly find: string;
  readonly ids: string;
  readonly listDepartment: string;
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
  readonly noDepartmentChosen: string;
  readonly signingIn: string;
  signInFailed(reason: string): string;
  readonly searching: string;
  /** Said of each search: the hub leaves out those that the user may not see, so their number says nothing. */
  mostFound(count: number): string;
  foundNoOne(search: string): string;
  readonly searchNotSupported: string;
  readonly searchFailed: string;
  /** While a list is read: how many people there are so far. */
  listing(count: number): string;
  departmentIsEmpty(department: string): string;
  readonly companyIsEmpty: string;
  readonly departmentNotSupported: string;
  readonly listFailed: string;
  /** There are more people than the board shows. */
  firstListed(count: number): string;
  /** The hub has stopped answering before the end of the list. */
  partListed(count: number): string;

  readonly pasteAfterExpiry: string;
  pasteAfterRefusal(reason: string): string;
  unreadableLines(lines: string): string;
}
