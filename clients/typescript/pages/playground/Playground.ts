import { render } from "lit";
import { byId, setText } from "../common/dom.js";
import type { SimulatedPerson } from "../common/simulation.js";
import type { PresenceClient, PresenceEntry } from "../../src/index.js";
import { presenceLabel } from "../../src/labels/index.js";
import type { Choice } from "./choices.js";
import { codeSamples } from "./codeSamples.js";
import type { ConnectionCut } from "./ConnectionCut.js";
import { EventLog } from "./EventLog.js";
import { cursorOf, describeMessage } from "./describeMessage.js";
import { faultsTemplate, type FaultActions } from "./faultsTemplate.js";
import { peopleTemplate, type PeopleActions } from "./peopleTemplate.js";
import type { Faults, Simulation, SimulationState } from "./Simulation.js";
import { connectionText, logTemplate, positionTemplate } from "./statusTemplates.js";
import type { WireMessage } from "./WireProtocol.js";

const shownAtMost = 12;
const loggedAtMost = 100;

interface Waiting {
  readonly person: SimulatedPerson;
  readonly choice: Choice;
  readonly since: number;
}

/** The page: what it knows, what its controls do, and what it shows. */
export class Playground implements PeopleActions, FaultActions {
  private readonly log = new EventLog(loggedAtMost, () => this.update());
  private readonly names = new Map<string, string>();
  private people: readonly SimulatedPerson[] = [];
  /** Those of them that the search finds. */
  private shown: readonly SimulatedPerson[] = [];
  private state: SimulationState | undefined;
  private cursor: string | undefined;
  /** The change that the page has made last, until it is shown. */
  private waiting: Waiting | undefined;
  private isUpdateDue = false;

  private readonly search = byId("search", HTMLInputElement);
  private readonly result = byId("result", HTMLElement);

  constructor(
    private readonly hub: URL,
    private readonly client: PresenceClient,
    private readonly simulation: Simulation,
    private readonly connection: ConnectionCut,
  ) {
    client.on("entriesChanged", (entries) => this.changed(entries));
    client.on("connectionStateChanged", (status) => {
      this.log.add("page", status.state, status.error?.message ?? "");
    });
    this.search.addEventListener("input", () => this.find());
    byId("clear", HTMLButtonElement).addEventListener("click", () => this.log.clear());
    // Another page may have changed the faults meanwhile.
    addEventListener("focus", () => void this.refresh());
  }

  start(people: readonly SimulatedPerson[]): void {
    this.people = people;
    people.forEach(({ id, displayName }) => this.names.set(id, displayName));
    void this.refresh();
    this.find();
  }

  received(message: WireMessage): void {
    this.cursor = cursorOf(message) ?? this.cursor;
    const title = message.isAnswer ? `${message.method} answered` : message.method;
    const text = describeMessage(message, (id) => this.names.get(id) ?? id);
    this.log.add(message.direction, title, text, message.content);
  }

  show(person: SimulatedPerson, choice: Choice): void {
    const entry = this.client.entries.get(person.id);
    // The same presence again is no change, which would be waited for in vain.
    const isSet = entry?.availability === choice.availability && entry.activity === choice.activity;
    const waiting = isSet ? undefined : { person, choice, since: performance.now() };
    this.waiting = waiting;
    this.say(
      isSet
        ? `${person.displayName} is set to ${choice.label} already.`
        : `Setting ${person.displayName} to ${choice.label}…`,
    );
    void this.act(async () => {
      try {
        await this.simulation.show(person.id, choice);
      } catch (error) {
        this.waiting = this.waiting === waiting ? undefined : this.waiting;
        throw error;
      }
    });
  }

  release(person: SimulatedPerson): void {
    this.waiting = undefined;
    void this.act(async () => {
      await this.simulation.release(person.id);
      this.say(`${person.displayName} follows the simulated working day again.`);
    });
  }

  setGraphAway(graphIsAway: boolean): void {
    void this.setFaults({ graphIsAway }, graphIsAway ? "Microsoft Graph is away." : "Microsoft Graph is back.");
  }

  setNotificationsLost(notificationsAreLost: boolean): void {
    const said = notificationsAreLost ? "Notifications are lost from now on." : "Notifications arrive again.";
    void this.setFaults({ notificationsAreLost }, said);
  }

  restartStore(): void {
    void this.act(async () => {
      this.say("Restarting the store…");
      await this.simulation.restartStore();
      this.say("The store has restarted without its data.");
    });
  }

  cutOnce(): void {
    this.say("The connection is cut.");
    this.connection.once();
  }

  holdCut(isHeld: boolean): void {
    if (isHeld) {
      this.connection.hold();
    } else {
      this.connection.release();
    }
    this.say(isHeld ? "The connection is cut, and stays so." : "The page may connect again.");
  }

  private async setFaults(faults: Partial<Faults>, said: string): Promise<void> {
    await this.act(async () => {
      this.state = await this.simulation.setFaults(faults);
      this.say(said);
    });
  }

  private async refresh(): Promise<void> {
    await this.act(async () => {
      this.state = await this.simulation.state();
      this.update();
    });
  }

  private async act(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.say(`That failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** What the page did, in words: to everyone by the status line, and in the log. */
  private say(text: string): void {
    setText(this.result, text);
    this.log.add("page", "This page", text);
  }

  private changed(entries: readonly PresenceEntry[]): void {
    const { waiting } = this;
    const entry = entries.find(
      ({ id, availability, activity }) =>
        id === waiting?.person.id &&
        availability === waiting.choice.availability &&
        activity === waiting.choice.activity,
    );
    if (waiting && entry) {
      this.waiting = undefined;
      const ms = Math.round(performance.now() - waiting.since);
      this.say(`${waiting.person.displayName}: ${presenceLabel(entry, "en")}, shown ${ms} ms after the click.`);
    }
    this.update();
  }

  private find(): void {
    const sought = this.search.value.trim().toLowerCase();
    this.shown = this.people
      .filter((person) => `${person.displayName} ${person.department}`.toLowerCase().includes(sought))
      .slice(0, shownAtMost);
    this.update();
  }

  /** Shows everything once after a turn in which something has changed. */
  private update(): void {
    if (!this.isUpdateDue) {
      this.isUpdateDue = true;
      queueMicrotask(() => {
        this.isUpdateDue = false;
        this.draw();
      });
    }
  }

  private draw(): void {
    const { client, people, shown } = this;
    const { status, entries } = client;
    const connection = byId("connection", HTMLElement);
    connection.dataset["connectionState"] = status.state;
    setText(connection, connectionText(status));
    render(peopleTemplate(shown, entries, this), byId("people", HTMLElement));
    setText(byId("shown", HTMLElement), people.length === 0 ? "" : `${shown.length} of ${people.length} people`);
    render(faultsTemplate(this.state, this.connection.isHeld, this), byId("faults", HTMLElement));
    const shownEntries = shown.map(({ id }) => entries.get(id)).filter((entry) => entry !== undefined);
    render(positionTemplate(status, this.cursor, shownEntries), byId("position", HTMLElement));
    render(logTemplate(this.log.lines), byId("log", HTMLElement));
    const samples = codeSamples(this.hub, people[0]?.id ?? "11111111-2222-3333-4444-555555555555");
    setText(byId("html", HTMLElement), samples.html);
    setText(byId("script", HTMLElement), samples.script);
  }
}
