import type { PresenceEntry, RejectedSubject } from "../src/index.js";
import { Chips } from "./Chips.js";
import { Counts } from "./Counts.js";
import { DepartmentSection } from "./DepartmentSection.js";
import { byId, element, setText } from "./dom.js";
import { Filter } from "./Filter.js";
import type { Person } from "./Person.js";
import { PersonCard } from "./PersonCard.js";
import type { TimeStyle } from "./presenceText.js";
import { texts } from "./texts/index.js";

/** All people on the board, with the filters. */
export class Roster {
  private readonly cards = new Map<string, PersonCard>();
  private readonly sections = new Map<string, DepartmentSection>();
  private readonly filter = new Filter();
  private readonly chips: Chips;
  private readonly search = byId("search", HTMLInputElement);
  private readonly department = byId("department", HTMLSelectElement);
  private readonly times: TimeStyle = { exact: false };
  private refreshing = false;

  /** @param onStale Receives of how many people the presence could not be confirmed in time. */
  constructor(
    people: readonly Person[],
    private readonly onStale: (stale: number) => void = () => undefined,
  ) {
    const sorted = [...people].sort((a, b) => a.displayName.localeCompare(b.displayName));
    for (const person of sorted) {
      this.cards.set(
        person.id,
        new PersonCard({ ...person, department: person.department || texts.noDepartment }, this.times),
      );
    }
    this.buildSections();
    this.chips = new Chips(emptied("chips"), (key) => {
      this.filter.toggle(key);
      this.refresh(true);
    });
    this.listen();
    byId("tools", HTMLElement).hidden = false;
    this.refresh(false);
  }

  update(entries: readonly PresenceEntry[]): void {
    const now = new Date();
    entries.forEach((entry) => this.cards.get(entry.id)?.update(entry, now));
    this.refreshSoon();
  }

  reject(subjects: readonly RejectedSubject[]): void {
    subjects.forEach(({ id, reason }) => this.cards.get(id.toLowerCase())?.reject(reason));
    this.refreshSoon();
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) {
      const card = this.cards.get(id);
      if (card) {
        this.cards.delete(id);
        this.sections.get(card.person.department)?.remove(card);
      }
    }
    this.refreshSoon();
  }

  /** For the turn of the day, and for another style of times. */
  updateTimes(): void {
    const now = new Date();
    this.cards.forEach((card) => card.updateTimes(now));
  }

  private buildSections(): void {
    const byDepartment = new Map<string, PersonCard[]>();
    for (const card of this.cards.values()) {
      const cards = byDepartment.get(card.person.department) ?? [];
      byDepartment.set(card.person.department, [...cards, card]);
    }
    const names = [...byDepartment.keys()].sort((a, b) => a.localeCompare(b));
    names.forEach((name, index) => {
      this.sections.set(name, new DepartmentSection(name, index, byDepartment.get(name) ?? []));
    });
    emptied("roster").append(...[...this.sections.values()].map((section) => section.root));
    this.department.replaceChildren(option(texts.allDepartments, ""), ...names.map((name) => option(name, name)));
  }

  private listen(): void {
    this.search.oninput = () => {
      this.filter.search = this.search.value;
      this.refresh(true);
    };
    this.search.onkeydown = (event) => {
      if (event.key === "Escape" && this.search.value !== "") {
        event.preventDefault();
        this.search.value = "";
        this.filter.search = "";
        this.refresh(true);
      }
    };
    this.department.onchange = () => {
      this.filter.department = this.department.value;
      this.refresh(true);
    };
    const exact = byId("exact-times", HTMLButtonElement);
    exact.onclick = () => {
      this.times.exact = !this.times.exact;
      exact.setAttribute("aria-pressed", String(this.times.exact));
      this.updateTimes();
    };
    byId("reset", HTMLButtonElement).onclick = () => {
      this.filter.clear();
      this.search.value = "";
      this.department.value = "";
      this.refresh(true);
      this.search.focus();
    };
  }

  /** Many changes of one frame share the counting. */
  private refreshSoon(): void {
    if (!this.refreshing) {
      this.refreshing = true;
      requestAnimationFrame(() => {
        this.refreshing = false;
        this.refresh(false);
      });
    }
  }

  private refresh(byReader: boolean): void {
    let shown = 0;
    this.sections.forEach((section) => (shown += section.refresh(this.filter)));
    const counts = new Counts(this.cards.values());
    this.chips.update(counts, this.filter.keys);
    const { size } = this.cards;
    const people = shown === size ? texts.people(size) : texts.peopleOf(shown, size);
    setText(byId("headcount", HTMLElement), counts.stale > 0 ? `${people}, ${texts.staleCount(counts.stale)}` : people);
    this.onStale(counts.stale);
    byId("empty", HTMLElement).hidden = shown > 0;
    if (byReader) {
      // Announced for the reader's own filtering only: a board that speaks at every change says nothing.
      setText(byId("shown", HTMLElement), texts.peopleShown(shown));
    }
  }
}

function emptied(id: string): HTMLElement {
  const found = byId(id, HTMLElement);
  found.replaceChildren();
  return found;
}

function option(text: string, value: string): HTMLOptionElement {
  const created = element("option", "", text);
  created.value = value;
  return created;
}
