import type { Filter } from "./Filter.js";
import { searchText, type Person } from "./Person.js";

interface Listed {
  readonly person: Person;
  readonly searchText: string;
}

/**
 * The people of the board, in their order, in pages of as many as one connection may watch. With one page, all are on
 * it; with more, those that match the search and the department.
 */
export class Pages {
  private listed: readonly Listed[];
  private selected: readonly Listed[];
  private index = 0;

  /** @param size The most people of one page. */
  constructor(
    people: readonly Person[],
    private readonly size: number,
  ) {
    this.listed = people
      .map((person) => ({ person, searchText: searchText(person) }))
      .sort(
        ({ person: left }, { person: right }) =>
          left.department.localeCompare(right.department) || left.displayName.localeCompare(right.displayName),
      );
    this.selected = this.listed;
  }

  /** All people of the board. */
  get total(): number {
    return this.listed.length;
  }

  /** Whether there are more people than one page may have. */
  get isPaged(): boolean {
    return this.listed.length > this.size;
  }

  get count(): number {
    return Math.max(1, Math.ceil(this.selected.length / this.size));
  }

  /** From 1. */
  get number(): number {
    return this.index + 1;
  }

  /** In their order. */
  get departments(): readonly string[] {
    return [...new Set(this.listed.map(({ person }) => person.department))];
  }

  /** Those of the present page. */
  get people(): readonly Person[] {
    const first = this.index * this.size;
    return this.selected.slice(first, first + this.size).map(({ person }) => person);
  }

  /** Goes to the first page of those that the filter selects. */
  select(filter: Filter): void {
    if (this.isPaged) {
      this.selected = this.listed.filter(({ person, searchText }) => filter.selects(person, searchText));
      this.index = 0;
    }
  }

  go(pages: number): void {
    this.index = Math.min(Math.max(this.index + pages, 0), this.count - 1);
  }

  remove(ids: ReadonlySet<string>): void {
    const stays = ({ person }: Listed) => !ids.has(person.id);
    this.listed = this.listed.filter(stays);
    this.selected = this.selected.filter(stays);
    this.go(0);
  }
}
