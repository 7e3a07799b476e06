import { type ReactiveController, type ReactiveControllerHost } from "lit";
import type { PresenceEntry } from "../contract.js";
import type { PeopleClient } from "../people/PeopleClient.js";
import type { Person } from "../people/Person.js";
import { findSlot, type ContextSlot } from "./ContextSlot.js";
import { report } from "./PageReports.js";
import { isSameReference, lookUp, resolveId, type PersonReference, type Resolved } from "./PersonReference.js";
import type { PresenceContext } from "./PresenceContext.js";
import { problemAdvice, problemTitle, type ElementProblem } from "./problems.js";

export type PresenceHost = ReactiveControllerHost & Element;

/** How long a page may take to configure its elements after they were connected. */
const configurationMs = 5_000;

/** Keeps an element's entry and person up to date while the element is in the document. */
export class PresenceController implements ReactiveController {
  entry: PresenceEntry | undefined;
  person: Person | undefined;
  problem: ElementProblem | undefined;

  private id: string | undefined;
  private slot: ContextSlot | undefined;
  private reference: PersonReference | undefined;
  /** The element was connected, or has another context. */
  private due = false;
  private endUse: () => void = () => undefined;
  private endWatch: () => void = () => undefined;
  private unsubscribe: () => void = () => undefined;

  /**
   * @param read The person that the element's attributes name.
   * @param needsPerson Whether the element shows the person's details, so that they are looked up for an id too.
   */
  constructor(
    private readonly host: PresenceHost,
    private readonly read: () => PersonReference | undefined,
    private readonly needsPerson: boolean,
  ) {
    host.addController(this);
  }

  /** The id of the person, as soon as it is known. */
  get subjectId(): string | undefined {
    return this.id;
  }

  /** Looks people up for the element's user. */
  get people(): PeopleClient | undefined {
    return this.slot?.current?.people;
  }

  /** The problem in words; undefined when there is none. */
  get problemText(): string | undefined {
    const connection = this.problem === "connection" ? this.slot?.current?.problem : undefined;
    return this.problem && (connection ?? problemTitle(this.problem));
  }

  hostConnected(): void {
    this.slot = findSlot(this.host);
    this.unsubscribe = this.slot.subscribe(() => this.beginLater());
    this.beginLater();
  }

  hostDisconnected(): void {
    this.unsubscribe();
    this.end();
  }

  /**
   * Compares the attributes with what is shown. The element calls it at the beginning of its update and not when it is
   * connected, since a page may connect an element first and set its attributes after that.
   */
  update(): void {
    if (!this.host.isConnected) {
      return;
    }
    const reference = this.read();
    if (this.due || !isSameReference(reference, this.reference)) {
      this.due = false;
      this.end();
      this.begin(reference);
    }
  }

  private beginLater(): void {
    this.due = true;
    this.host.requestUpdate();
  }

  private begin(reference: PersonReference | undefined): void {
    this.reference = reference;
    const context = this.slot?.current;
    if (reference && context) {
      this.use(context, reference);
    } else if (reference) {
      const timer = setTimeout(() => this.fail("notConfigured"), configurationMs);
      this.endUse = () => clearTimeout(timer);
    }
  }

  private end(): void {
    this.endUse();
    this.endWatch();
    this.endUse = this.endWatch = () => undefined;
    this.entry = this.person = this.problem = this.id = undefined;
  }

  private use(context: PresenceContext, reference: PersonReference): void {
    let ended = false;
    const removeListener = context.onProblemChanged(() => this.connectionChanged(context));
    this.endUse = () => {
      ended = true;
      removeListener();
    };
    this.connectionChanged(context);
    const take = (resolved: Resolved) => (ended ? undefined : this.resolved(context, resolved));
    const byId = resolveId(reference);
    if (byId) {
      take(byId);
      if (this.needsPerson && byId.id !== undefined) {
        // Presence is shown whether the hub knows more about the person or not.
        this.untilKnown(context, async () => take({ person: (await context.people?.byId(byId.id ?? ""))?.person }));
      }
    } else {
      this.untilKnown(context, async () => take(await lookUp(reference, context.people)));
    }
  }

  /** Asks now, and again whenever what was unavailable may be there. */
  private untilKnown({ people }: PresenceContext, ask: () => Promise<void>): void {
    const endUse = this.endUse;
    const endRetries = people?.onRetry(() => (this.person ? undefined : void ask()));
    this.endUse = () => {
      endRetries?.();
      endUse();
    };
    void ask();
  }

  private resolved(context: PresenceContext, { id, person, problem }: Resolved): void {
    this.person ??= person;
    if (problem) {
      this.fail(problem);
    }
    if (id !== undefined && id !== this.id) {
      this.id = id;
      this.problem = undefined;
      this.connectionChanged(context);
      this.endWatch = context.watches.add(id, {
        changed: (entry) => {
          this.entry = entry;
          this.problem = undefined;
          this.host.requestUpdate();
        },
        ended: (reason) => this.fail(reason),
      });
    }
    this.host.requestUpdate();
  }

  private connectionChanged(context: PresenceContext): void {
    if (this.problem === undefined || this.problem === "connection") {
      this.problem = context.problem === undefined || this.entry ? undefined : "connection";
      this.host.requestUpdate();
    }
  }

  private fail(problem: ElementProblem): void {
    this.entry = undefined;
    this.problem = problem;
    const { userId, email, personQuery } = this.reference ?? {};
    const named = [userId, email, personQuery].find(Boolean);
    const element = `<${this.host.localName}${named ? ` for ${JSON.stringify(named)}` : ""}>`;
    const advice = problemAdvice(problem);
    if (advice !== undefined) {
      report(`element:${problem}`, `${element}: ${problemTitle(problem)}. ${advice}`);
    }
    this.host.requestUpdate();
  }
}
