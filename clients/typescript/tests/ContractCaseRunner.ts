import { expect, vi } from "vitest";
import type { PresenceClient, PresenceWatch } from "../src/index.js";
import { PresenceError } from "../src/index.js";
import { createClient, turn } from "./clientOfHub.js";
import {
  type ContractCase,
  type EntryValues,
  type ExpectedCall,
  expandEntry,
  expandId,
  expandRejected,
  refuseUnknown,
  type Step,
  stepName,
} from "./contractCase.js";
import { FakeHub, hubError } from "./FakeHub.js";

interface Waiting {
  readonly resolve: (value?: unknown) => void;
  readonly reject: (error: Error) => void;
}

const longestWaitMs = 120_000;

/** Plays one case on a fake hub, by the clock of the test. */
export class ContractCaseRunner {
  private readonly hub = new FakeHub();
  private readonly client: PresenceClient;
  private attempts: Waiting[] = [];
  private readonly unanswered: (Waiting & { readonly method: string })[] = [];
  private calls: ExpectedCall[] = [];
  private changed: string[] = [];
  private revoked: string[] = [];
  private readonly watches = new Map<string, PresenceWatch>();
  private readonly outcomes = new Map<string, object>();

  constructor(private readonly contractCase: ContractCase) {
    refuseUnknown("case", contractCase);
    refuseUnknown("options", contractCase.options ?? {});
    refuseUnknown("given", contractCase.given ?? {});
    this.hub.onStart = () => new Promise((resolve, reject) => this.attempts.push({ resolve: () => resolve(), reject }));
    this.hub.onCall = (method, argument) => {
      const { ids, cursor } = (Array.isArray(argument) ? { ids: argument } : argument) as Omit<ExpectedCall, "method">;
      this.calls.push({ method, ids, ...(cursor !== undefined && { cursor }) });
      return new Promise((resolve, reject) => this.unanswered.push({ method, resolve, reject }));
    };
    this.client = createClient(this.hub, contractCase.options);
    this.client.on("entriesChanged", (entries) => this.changed.push(...entries.map(({ id }) => id)));
    this.client.on("revoked", (ids) => this.revoked.push(...ids));
  }

  async run(): Promise<void> {
    const { given, steps } = this.contractCase;
    if (given) {
      const { watched, cursor } = given;
      await this.play({ client: "connect" });
      await this.play({ hub: "accept" });
      await this.play({ client: "watch", ids: watched, as: "given" });
      for (let call = this.calls.shift(); call; call = this.calls.shift()) {
        await this.play({ hub: "answer", entries: call.ids.map((id) => ({ id })), cursor });
      }
      this.changed = [];
    }
    for (const [index, step] of steps.entries()) {
      try {
        await this.play(step);
      } catch (error) {
        throw new Error(`Step ${index + 1}, ${JSON.stringify(step)}`, { cause: error });
      }
    }
    await this.client.stop();
  }

  private async play(step: Step): Promise<void> {
    const name = stepName(step);
    const action = this.actions[name];
    if (!action) {
      throw new Error(`There is no step "${name}".`);
    }
    await action(step);
    await turn();
  }

  private readonly actions: Record<string, (step: Step) => unknown> = {
    wait: ({ wait = 0 }) => vi.advanceTimersByTimeAsync(wait),

    "client connect": () => void this.client.connect(),
    "client watch": ({ ids = [], as = "" }) => {
      const watch = this.client.watch(ids.map(expandId));
      this.watches.set(as, watch);
      this.note(as, watch);
    },
    "client dispose": ({ watch = "" }) => this.watches.get(watch)?.dispose(),
    "client unwatch": ({ ids = [] }) => this.client.unwatch(ids.map(expandId)),
    "client get": ({ ids = [], as = "" }) =>
      this.note(
        as,
        this.client.get(ids.map(expandId)).then((entries) => ({ entries, rejected: [] })),
      ),

    "hub accept": async () => (await this.nextAttempt()).resolve(),
    "hub refuse": async ({ code, text }) =>
      (await this.nextAttempt()).reject(code ? new PresenceError(code as never, text ?? "") : new Error("refused")),
    "hub answer": ({ entries = [], rejected, cursor }) => {
      const call = this.nextCall();
      const answered = (entries as EntryValues[]).map(expandEntry);
      const watched = { entries: answered, rejected: expandRejected(rejected), cursor };
      call.resolve(call.method === "Watch" ? watched : call.method === "Get" ? answered : null);
    },
    "hub fail": ({ code = "", text = "" }) => this.nextCall().reject(hubError(code, text)),
    "hub push": ({ entries = [] }) => this.tell("PresenceChanged", (entries as EntryValues[]).map(expandEntry)),
    "hub bookmark": ({ cursor }) => this.tell("Bookmark", cursor),
    "hub revoke": ({ ids = [] }) => this.tell("Revoked", ids.map(expandId)),
    "hub drain": ({ reconnectAfterMs }) => this.tell("Draining", { reconnectAfterMs }),
    "hub close": ({ code, text }) => {
      this.unanswered.splice(0).forEach(({ reject }) => reject(new Error("The connection was closed.")));
      this.hub.link.drop(code ? hubError(code, text ?? "") : undefined);
    },

    "expect view": ({ entries = [] }) => {
      const expected = (entries as EntryValues[]).map((values) => ({ ...values, id: expandId(values.id) }));
      const shown = [...this.client.entries.values()];
      expect(sorted(shown.map(({ id }) => id))).toEqual(sorted(expected.map(({ id }) => id)));
      expected.forEach((values) => expect(this.client.entries.get(values.id)).toMatchObject(values));
    },
    "expect calls": ({ calls = [] }) => {
      const expected = calls.map(({ ids, ...call }) => ({ ...call, ids: sorted(ids.map(expandId)) }));
      expect(this.calls.splice(0).map(({ ids, ...call }) => ({ ...call, ids: sorted(ids) }))).toEqual(expected);
    },
    "expect changed": ({ ids = [] }) => expect(sorted(this.changed.splice(0))).toEqual(sorted(ids.map(expandId))),
    "expect revoked": ({ ids = [] }) => expect(sorted(this.revoked.splice(0))).toEqual(sorted(ids.map(expandId))),
    "expect outcome": ({ of = "", entries = [], rejected, error, pending }) => {
      const returned = { entries: (entries as string[]).map(expandId), rejected: expandRejected(rejected) };
      expect(this.outcomes.get(of)).toEqual(pending ? { pending } : error ? { error } : returned);
    },
    "expect state": ({ is, error }) =>
      expect({ is: this.client.status.state, error: this.client.status.error?.code }).toEqual({ is, error }),
    "expect attempts": ({ count }) => expect(this.hub.links).toHaveLength(count ?? 0),
  };

  private tell(method: string, argument: unknown): void {
    this.hub.link.tell(method, argument);
  }

  private note(
    name: string,
    call: Promise<{ entries: readonly { id: string }[]; rejected: readonly unknown[] }>,
  ): void {
    this.outcomes.set(name, { pending: true });
    call.then(
      ({ entries, rejected }) => this.outcomes.set(name, { entries: entries.map(({ id }) => id), rejected }),
      (error: unknown) => this.outcomes.set(name, { error: (error as PresenceError).code }),
    );
  }

  private nextCall(): Waiting & { readonly method: string } {
    const call = this.unanswered.shift();
    if (!call) {
      throw new Error("No call waits for an answer.");
    }
    return call;
  }

  private async nextAttempt(): Promise<Waiting> {
    for (let waited = 0; this.attempts.length === 0 && waited < longestWaitMs; waited += 100) {
      await vi.advanceTimersByTimeAsync(100);
    }
    const attempt = this.attempts.pop();
    if (!attempt) {
      throw new Error("The client does not connect.");
    }
    this.attempts = [];
    return attempt;
  }
}

function sorted(ids: readonly string[]): string[] {
  return [...ids].sort();
}
