import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PresenceEntry, RejectedSubject } from "../src/index.js";
import { entry, subject } from "./FakeHub.js";

export type EntryValues = Partial<PresenceEntry> & { readonly id: string };

export interface ExpectedCall {
  readonly method: string;
  readonly ids: readonly string[];
  readonly cursor?: string;
}

/** A step: what it is and about, by the first member, and its other members. clients/contract-cases has the format. */
export interface Step {
  readonly client?: "connect" | "watch" | "dispose" | "unwatch" | "get";
  readonly hub?: "accept" | "refuse" | "answer" | "fail" | "push" | "bookmark" | "revoke" | "drain" | "close";
  readonly expect?: "view" | "calls" | "changed" | "revoked" | "outcome" | "state" | "attempts";
  readonly wait?: number;
  readonly ids?: readonly string[];
  readonly as?: string;
  readonly watch?: string;
  readonly entries?: readonly EntryValues[] | readonly string[];
  readonly rejected?: readonly RejectedSubject[];
  readonly cursor?: string;
  readonly code?: string;
  readonly text?: string;
  readonly reconnectAfterMs?: number;
  readonly calls?: readonly ExpectedCall[];
  readonly of?: string;
  readonly error?: string;
  readonly pending?: boolean;
  readonly is?: string;
  readonly count?: number;
}

export interface ContractCase {
  readonly name: string;
  readonly options?: { readonly maxIdsPerCall?: number; readonly staleAfterDisconnectMs?: number };
  readonly given?: { readonly watched: readonly string[]; readonly cursor: string };
  readonly steps: readonly Step[];
}

const members: Record<string, readonly string[]> = {
  case: ["name", "options", "given", "steps"],
  options: ["maxIdsPerCall", "staleAfterDisconnectMs"],
  given: ["watched", "cursor"],
  wait: ["wait"],
  "client connect": ["client"],
  "client watch": ["client", "ids", "as"],
  "client dispose": ["client", "watch"],
  "client unwatch": ["client", "ids"],
  "client get": ["client", "ids", "as"],
  "hub accept": ["hub"],
  "hub refuse": ["hub", "code", "text"],
  "hub answer": ["hub", "entries", "rejected", "cursor"],
  "hub fail": ["hub", "code", "text"],
  "hub push": ["hub", "entries"],
  "hub bookmark": ["hub", "cursor"],
  "hub revoke": ["hub", "ids"],
  "hub drain": ["hub", "reconnectAfterMs"],
  "hub close": ["hub", "code", "text"],
  "expect view": ["expect", "entries"],
  "expect calls": ["expect", "calls"],
  "expect changed": ["expect", "ids"],
  "expect revoked": ["expect", "ids"],
  "expect outcome": ["expect", "of", "entries", "rejected", "error", "pending"],
  "expect state": ["expect", "is", "error"],
  "expect attempts": ["expect", "count"],
};

const folder = join(import.meta.dirname, "../../contract-cases");

export function readContractCases(): { topic: string; cases: ContractCase[] }[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return files.map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as never);
}

/** The name of a step, for instance "hub push". Fails for one that has members this runner does not know. */
export function stepName(step: Step): string {
  const { client, hub, expect } = step;
  const name = client ? `client ${client}` : hub ? `hub ${hub}` : expect ? `expect ${expect}` : "wait";
  refuseUnknown(name, step);
  return name;
}

export function refuseUnknown(kind: string, value: object): void {
  const unknown = Object.keys(value).filter((member) => !members[kind]?.includes(member));
  if (unknown.length > 0) {
    throw new Error(`"${kind}" does not have ${unknown.join(", ")}: ${JSON.stringify(value)}`);
  }
}

/** `s1` as the id that it stands for; `S1` as the same in upper case. */
export function expandId(id: string): string {
  const number = /^s(\d+)$/i.exec(id)?.[1];
  const expanded = number === undefined ? id : subject(Number(number));
  return id.startsWith("S") ? expanded.toUpperCase() : expanded;
}

/** The entry as the hub sends it. */
export function expandEntry(values: EntryValues): PresenceEntry {
  const isUnknown = values.freshness === "unknown";
  const { availability = isUnknown ? "PresenceUnknown" : "Available" } = values;
  const times = isUnknown
    ? { since: null, observedAt: null }
    : { since: "2026-01-01T08:00:00.000Z", observedAt: "2026-01-01T09:00:00.000Z" };
  return entry({ availability, activity: availability, ...times, ...values, id: expandId(values.id) });
}

export function expandRejected(rejected: readonly RejectedSubject[] = []): RejectedSubject[] {
  return rejected.map(({ id, reason }) => ({ id: expandId(id), reason }));
}
