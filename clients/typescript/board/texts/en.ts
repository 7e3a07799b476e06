import { counter } from "./counter.js";
import type { Texts } from "./Texts.js";

const n = counter("en");

export const en: Texts = {
  page: {
    title: "Presence board",
    skip: "Skip to people",
    heading: "Presence",
    starting: "Starting…",
    search: "Search name or department",
    department: "Department",
    filterByPresence: "Filter by presence",
    exactTimes: "Exact times",
    pages: "Pages",
    previous: "Previous",
    next: "Next",
    tokenHeading: "Connect to your tenant",
    tokenIntroduction:
      "This hub serves a real Microsoft 365 tenant, so the board needs an access token that the hub accepts. Choose " +
      "people, a department or the whole company.",
    token: "Access token",
    kinds: "Who to show",
    kindFind: "People by name or id",
    kindDepartment: "A department",
    kindAll: "The whole company",
    find: "Name to search for",
    ids: "People, one a line: the object id, then a name if you like",
    listDepartment: "Department, as the directory writes it",
    show: "Show presence",
    signIn: "Sign in",
    choose: "Show other people",
    tokenHint: "The token stays in this page's memory and is sent to this hub only.",
    noMatch: "No person matches.",
    clearFilters: "Clear filters",
  },

  allDepartments: "All departments",
  noDepartment: "People",
  people: (count) => (count === 1 ? "1 person" : `${n(count)} people`),
  peopleOf: (shown, all) => `${n(shown)} of ${n(all)} people`,
  peopleShown: (count) => (count === 1 ? "1 person shown" : `${n(count)} people shown`),
  availableOf: (available, all) => `${n(available)} of ${n(all)} available`,
  pageOf: (page, count) => `Page ${n(page)} of ${n(count)}, with presence and counts of this page`,
  staleCount: (count) => `${n(count)} stale`,
  stale: "Stale",

  waiting: "Waiting for presence",
  noPresence: "No presence known",
  since: (instant) => `since ${instant}`,
  lastConfirmed: (instant) => `last confirmed ${instant}`,
  rejected: {
    notVisible: "Not visible to you",
    invalidId: "Not a valid id",
    limitExceeded: "Over this connection's limit",
  },

  live: "Live",
  connectedButStale: "Connected, but some presence is stale",
  connecting: "Connecting…",
  reconnecting: "Reconnecting, showing last known presence…",
  notConnected: "Not connected",
  unauthorized: "Sign-in refused, trying again…",
  tokenExpired: "Sign-in expired, signing in again…",
  limitExceeded: "You have this page open too often. Close another one; this one tries again every minute…",
  invalidRequest: "This page does not fit the hub. Reload it; it tries again every minute…",

  chooseHeading: "Who do you want to see?",
  chooseIntroduction: "Choose people, a department or the whole company.",
  nothingChosen: "Enter a name or object ids.",
  noDepartmentChosen: "Enter a department.",
  signingIn: "Signing in…",
  signInFailed: (reason) => `The sign-in gave no access to this hub: ${reason}`,
  searching: "Searching…",
  mostFound: (count) => `A search shows ${n(count)} people at most.`,
  foundNoOne: (search) => `The hub finds no one by “${search}” that you may see.`,
  searchNotSupported:
    "This hub may not look people up: it needs the permission User.ReadBasic.All. Enter object ids instead.",
  searchFailed: "The hub cannot search now. Try again later, or enter object ids.",
  listing: (count) => `Reading the list, ${n(count)} so far…`,
  departmentIsEmpty: (department) => `The hub finds no one in the department “${department}” that you may see.`,
  companyIsEmpty: "The hub finds no one that you may see.",
  departmentNotSupported:
    "This hub may not list departments: it needs the permission User.Read.All. Choose people in another way.",
  listFailed: "The hub cannot list people now. Try again later, or choose people in another way.",
  firstListed: (count) => `There are more people. The first ${n(count)} by name are shown.`,
  partListed: (count) => `The hub did not answer the whole list. ${n(count)} people are shown.`,

  pasteAfterExpiry: "The access token has expired. Paste a new one.",
  pasteAfterRefusal: (reason) => `The hub refused this access token (${reason}). Paste another one.`,
  unreadableLines: (lines) => `These lines do not begin with an object id: ${lines}`,
};
