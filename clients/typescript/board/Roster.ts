import type { PresenceEntry, RejectedSubject } from "../src/index.js";
import { Chips } from "./Chips.js";
import { Counts } from "./Counts.js";
import { DepartmentSection } from "./DepartmentSection.js";
import { byId, element, setText } from "../pages/common/dom.js";
import { Filter } from "./Filter.js";
import { Pager } from "./Pager.js";
import { Pages } from "./Pages.js";
import type { Person } from "./Person.js";
import { PersonCard } from "./PersonCard.js";
import type { TimeStyle } from "./presenceText.js";
import { texts } from "./texts/index.js";

/** A page of another search is not built for each letter of it. */
const typingMs = 300;

export interface RosterOptions {
  /** The most people that are shown at once, and then paged. */
  readonly pageSize?: number;
  /** Receives of how many people the presence could not be confirmed in time. */
  readonly onStale?: (stale: number) => void;
  /** Receives who has come onto the page and who has left it, before the page is shown. */
  readonly onPage?: (added: readonly string[], removed: readonly string[]) => void;
}

/** All people on the board, with the filters. */
export class Roster {
  private readonly pages: Pages;
  private cards = new Map<string, PersonCard>();
  private sections: readonly DepartmentSection[] = [];
  private readonly filter = new Filter();
  private readonly chips: Chips;
  private readonly pager: Pager;
  private readonly search = byId("search", HTMLInputElement);
  private readonly department = byId("department", HTMLSelectElement);
  private readonly times: TimeStyle = { exact: false };
  private refreshing = false;
  private hasEnded = false;
  private typing: ReturnType<typeof setTimeout> | undefined;

  constructor(
    people: readonly Person[],
    private readonly options: RosterOptions = {},
  ) {
    const named = people.map((person) => ({ ...person, department: person.department || texts.noDepartment }));
    this.pages = new Pages(named, options.pageSize ?? Number.MAX_SAFE_INTEGER);
    const departments = this.pages.departments.map((name) => option(name, name));
    this.department.replaceChildren(option(texts.allDepartments, ""), ...departments);
    this.chips = new Chips(emptied("chips"), (key) => {
      this.filter.toggle(key);
      this.refresh(true);
    });
    this.pager = new Pager((pages) => {
      this.pages.go(pages);
      this.build();
      this.refresh(true);
      window.scrollTo(0, 0);
    });
    this.listen();
    byId("tools", HTMLElement).hidden = false;
    this.build();
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
    this.pages.remove(new Set(ids));
    this.build();
    this.refreshSoon();
  }

  /** For the turn of the day, and for another style of times. */
  updateTimes(): void {
    const now = new Date();
    this.cards.forEach((card) => card.updateTimes(now));
  }

  /** Presence is confirmed no more. Another roster may take the place of this one. */
  end(): void {
    this.hasEnded = true;
    clearTimeout(this.typing);
    const now = new Date();
    for (const card of this.cards.values()) {
      if (card.entry?.freshness === "live") {
        card.update({ ...card.entry, freshness: "stale" }, now);
      }
    }
    this.refresh(false);
  }

  /** Shows the people of the page. Cards that stay keep what they show. */
  private build(): void {
    const { people } = this.pages;
    const previous = this.cards;
    this.cards = new Map(
      people.map((person) => [person.id, previous.get(person.id) ?? new PersonCard(person, this.times)]),
    );
    const added = [...this.cards.keys()].filter((id) => !previous.has(id));
    const removed = [...previous.keys()].filter((id) => !this.cards.has(id));
    if (added.length + removed.length > 0) {
      const byDepartment = new Map<string, PersonCard[]>();
      for (const card of this.cards.values()) {
        const cards = byDepartment.get(card.person.department) ?? [];
        byDepartment.set(card.person.department, cards);
        cards.push(card);
      }
      this.sections = [...byDepartment].map(([name, cards], index) => new DepartmentSection(name, index, cards));
      emptied("roster").append(...this.sections.map((section) => section.root));
      this.options.onPage?.(added, removed);
    }
    this.pager.update(this.pages);
  }

  private listen(): void {
    // An earlier roster may have left them otherwise.
    this.search.value = "";
    this.search.oninput = () => this.searchFor(this.search.value);
    this.search.onkeydown = (event) => {
      if (event.key === "Escape" && this.search.value !== "") {
        event.preventDefault();
        this.search.value = "";
        this.searchFor("");
      }
    };
    this.department.onchange = () => {
      this.filter.department = this.department.value;
      this.select();
    };
    const exact = byId("exact-times", HTMLButtonElement);
    exact.setAttribute("aria-pressed", "false");
    exact.onclick = () => {
      this.times.exact = !this.times.exact;
      exact.setAttribute("aria-pressed", String(this.times.exact));
      this.updateTimes();
    };
    byId("reset", HTMLButtonElement).onclick = () => {
      this.filter.clear();
      this.search.value = "";
      this.department.value = "";
      this.select();
      this.search.focus();
    };
  }

  private searchFor(text: string): void {
    this.filter.search = text;
    clearTimeout(this.typing);
    if (this.pages.isPaged) {
      this.typing = setTimeout(() => this.select(), typingMs);
    } else {
      this.select();
    }
  }

  private select(): void {
    clearTimeout(this.typing);
    this.pages.select(this.filter);
    this.build();
    this.refresh(true);
  }

  /** Many changes of one frame share the counting. */
  private refreshSoon(): void {
    if (!this.refreshing) {
      this.refreshing = true;
      requestAnimationFrame(() => {
        this.refreshing = false;
        if (!this.hasEnded) {
          this.refresh(false);
        }
      });
    }
  }

  private refresh(byReader: boolean): void {
    let shown = 0;
    this.sections.forEach((section) => (shown += section.refresh(this.filter)));
    const counts = new Counts(this.cards.values());
    this.chips.update(counts, this.filter.keys);
    const { total } = this.pages;
    const people = shown === total ? texts.people(total) : texts.peopleOf(shown, total);
    setText(byId("headcount", HTMLElement), counts.stale > 0 ? `${people}, ${texts.staleCount(counts.stale)}` : people);
    this.options.onStale?.(counts.stale);
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
