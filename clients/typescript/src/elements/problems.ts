import type { PersonProblem } from "../people/Person.js";

/** Why an element cannot show a presence. */
export type ElementProblem =
  | PersonProblem
  | "notConfigured"
  | "noPerson"
  | "noPeople"
  | "limitExceeded"
  | "refused"
  | "connection"
  | "invalidDetails";

interface Explanation {
  /** For the title of the element. */
  readonly title: string;
  /** For the console; absent when what failed has reported it. */
  readonly advice?: string;
}

const explanations: Record<ElementProblem, Explanation> = {
  notConfigured: {
    title: "Presence is not set up on this page",
    advice: "Call configurePresence({ url, accessTokenFactory }) or put the elements into a <presence-provider>.",
  },
  noPerson: {
    title: "No person is named",
    advice: "Set one of the attributes user-id, email and person-query.",
  },
  noPeople: {
    title: "Addresses and names cannot be looked up",
    advice:
      "Configure the elements with accessTokenFactory or a token URL to look up addresses and names, or set user-id.",
  },
  invalidId: { title: "Not a valid id", advice: "The attribute user-id takes an Entra object id, which is a GUID." },
  invalidEmail: { title: "Not a valid address", advice: "The attribute email takes one e-mail address." },
  notVisible: {
    title: "No such person, or not visible to you",
    advice: "The hub knows no such person, or its policy does not let this user see the person.",
  },
  notSupported: {
    title: "Addresses and names cannot be looked up",
  },
  unauthorized: {
    title: "The hub refuses to show people",
  },
  unavailable: { title: "The person could not be looked up" },
  limitExceeded: {
    title: "Too many people on this page",
    advice: "The hub limits how many people a connection may watch. Remove elements that are out of view.",
  },
  refused: { title: "The hub refused to show this person", advice: "The next connection asks for the person again." },
  connection: { title: "No connection to the hub" },
  invalidDetails: {
    title: "The given details cannot be read",
    advice: 'The attributes person-details and fallback-details take JSON such as {"displayName": "Ada Lovelace"}.',
  },
};

export function problemTitle(problem: ElementProblem): string {
  return explanations[problem].title;
}

export function problemAdvice(problem: ElementProblem): string | undefined {
  return explanations[problem].advice;
}
