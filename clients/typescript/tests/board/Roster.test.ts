// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { byId } from "../../pages/common/dom.js";
import { focusOnSlash } from "../../board/keyboard.js";
import { Roster } from "../../board/Roster.js";
import { entry, subject } from "../FakeHub.js";
import { card, loadPage, people, textOf } from "./page.js";

describe("Roster", () => {
  let roster: Roster;

  beforeEach(() => {
    vi.useFakeTimers();
    loadPage();
    roster = new Roster(people);
    roster.update([
      entry(),
      entry({ id: subject(2), availability: "Busy", activity: "InACall" }),
      entry({ id: subject(3), freshness: "stale" }),
    ]);
    vi.advanceTimersToNextFrame();
  });

  afterEach(() => vi.useRealTimers());

  const search = () => byId("search", HTMLInputElement);
  const chip = (key: string) => document.querySelector<HTMLButtonElement>(`[data-filter="${key}"]`);
  const shown = () => [1, 2, 3].filter((number) => !card(number).hidden);

  function type(text: string): void {
    search().value = text;
    search().dispatchEvent(new Event("input", { bubbles: true }));
  }

  it("groups by department, in order, with how many are available", () => {
    const sections = [...document.querySelectorAll("section")];
    expect(sections.map((section) => textOf(section.querySelector("header") ?? section))).toEqual([
      "Engineering1 of 2 available",
      "Sales0 of 1 available, 1 stale",
    ]);
  });

  it("counts by state, and says how many of them are stale", () => {
    expect(["available", "busy", "stale"].map((key) => textOf(chip(key) ?? document.body))).toEqual([
      "Available 2 (1 stale)",
      "Busy 1",
      "Stale 1",
    ]);
    expect(textOf(byId("headcount", HTMLElement))).toBe("3 people, 1 stale");
    roster.update([entry({ id: subject(3), revision: 2 })]);
    vi.advanceTimersToNextFrame();
    expect(textOf(chip("available") ?? document.body)).toBe("Available 2");
    expect(textOf(byId("headcount", HTMLElement))).toBe("3 people");
  });

  it("tells the header of how many people the presence is stale", () => {
    const stale: number[] = [];
    roster = new Roster(people, { onStale: (count) => stale.push(count) });
    roster.update([entry({ freshness: "stale" }), entry({ id: subject(2), freshness: "stale" })]);
    vi.advanceTimersToNextFrame();
    expect(stale).toEqual([0, 2]);
  });

  it.each([
    ["love", [1]],
    ["elodie", [2]],
    ["ENGINEERING ada", [1]],
    ["sales", [3]],
    ["", [1, 2, 3]],
  ])("finds by name or department: %s", (text, expected) => {
    type(text);
    expect(shown()).toEqual(expected);
  });

  it("hides a department without a match, and says when no person matches", () => {
    type("grace");
    expect([...document.querySelectorAll("section")].map((section) => section.hidden)).toEqual([true, false]);
    type("no such name");
    expect(byId("empty", HTMLElement).hidden).toBe(false);
    byId("reset", HTMLButtonElement).click();
    expect(shown()).toEqual([1, 2, 3]);
    expect(document.activeElement).toBe(search());
  });

  it("filters by the pressed states, and lets go", () => {
    chip("busy")?.click();
    expect(shown()).toEqual([2]);
    expect(chip("busy")?.getAttribute("aria-pressed")).toBe("true");
    chip("stale")?.click();
    expect(shown()).toEqual([2, 3]);
    chip("busy")?.click();
    chip("stale")?.click();
    expect(shown()).toEqual([1, 2, 3]);
  });

  it("filters by department", () => {
    const department = byId("department", HTMLSelectElement);
    department.value = "Sales";
    department.dispatchEvent(new Event("change"));
    expect(shown()).toEqual([3]);
  });

  it("moves a card in and out of a filter as presence changes", () => {
    chip("busy")?.click();
    roster.update([entry({ availability: "Busy", revision: 2 })]);
    vi.advanceTimersToNextFrame();
    expect(shown()).toEqual([1, 2]);
  });

  it("touches only the card that changed", () => {
    const touched: Node[] = [];
    const observer = new MutationObserver((records) => touched.push(...records.map((record) => record.target)));
    observer.observe(byId("roster", HTMLElement), {
      subtree: true,
      attributes: true,
      childList: true,
      characterData: true,
    });
    roster.update([entry({ availability: "Away", revision: 2 })]);
    touched.push(...observer.takeRecords().map((record) => record.target));
    observer.disconnect();
    expect(touched.length).toBeGreaterThan(0);
    expect(touched.every((node) => card(1).contains(node))).toBe(true);
  });

  it("shows exact times on all cards by a button that the keyboard reaches", () => {
    const exact = byId("exact-times", HTMLButtonElement);
    const times = () => [1, 3].map((number) => textOf(card(number).querySelector(".meta") ?? document.body));
    const short = times();
    exact.click();
    expect(exact.getAttribute("aria-pressed")).toBe("true");
    expect(times()).toEqual([
      expect.stringMatching(/2026.*:\d\d:\d\d/),
      expect.stringMatching(/2026.*confirmed.*2026/),
    ]);
    roster.update([entry({ revision: 2 })]);
    expect(times()[0]).toMatch(/2026.*:\d\d:\d\d/);
    exact.click();
    expect(times()).toEqual(short);
  });

  it("leaves stale cards when it ends, and the next roster resets its controls", () => {
    type("ada");
    byId("exact-times", HTMLButtonElement).click();
    roster.update([entry({ revision: 2 })]);
    roster.end();
    expect([1, 2, 3].map((number) => card(number).dataset["freshness"])).toEqual(["stale", "stale", "stale"]);
    expect(textOf(byId("headcount", HTMLElement))).toBe("1 of 3 people, 3 stale");

    new Roster(people.slice(0, 2));
    expect(search().value).toBe("");
    expect(byId("exact-times", HTMLButtonElement).getAttribute("aria-pressed")).toBe("false");
    // The frame that the first roster has asked for.
    vi.advanceTimersToNextFrame();
    expect(textOf(byId("headcount", HTMLElement))).toBe("2 people");
  });

  it("announces the reader's own filtering only", () => {
    expect(byId("shown", HTMLElement).textContent).toBe("");
    type("ada");
    expect(byId("shown", HTMLElement).textContent).toBe("1 person shown");
    roster.update([entry({ availability: "Away", revision: 2 })]);
    vi.advanceTimersToNextFrame();
    expect(byId("shown", HTMLElement).textContent).toBe("1 person shown");
  });

  it("removes who is revoked", () => {
    roster.remove([subject(3)]);
    vi.advanceTimersToNextFrame();
    expect(document.querySelector(`[data-subject-id="${subject(3)}"]`)).toBeNull();
    expect(byId("headcount", HTMLElement).textContent).toBe("2 people");
  });

  describe("of more people than a connection may watch", () => {
    const many = Array.from({ length: 25 }, (_, index) => ({
      id: subject(index + 1),
      displayName: `P${String(index + 1).padStart(2, "0")}`,
      department: index < 5 ? "Sales" : "Engineering",
    }));
    let watched: Set<string>;
    const numbers = () =>
      [...watched].map((id) => Number.parseInt(id.slice(0, 8), 16)).sort((left, right) => left - right);
    const numbered = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

    beforeEach(() => {
      watched = new Set();
      const onPage = (added: readonly string[], removed: readonly string[]) => {
        removed.forEach((id) => watched.delete(id));
        added.forEach((id) => watched.add(id));
        expect(watched.size).toBeLessThanOrEqual(10);
      };
      roster = new Roster(many, { pageSize: 10, onPage });
    });

    it("shows and watches one page, and turns it", () => {
      expect(numbers()).toEqual(numbered(6, 15));
      expect(textOf(byId("page", HTMLElement))).toBe("Page 1 of 3, with presence and counts of this page");
      expect(textOf(byId("headcount", HTMLElement))).toBe("10 of 25 people");
      byId("next", HTMLButtonElement).click();
      byId("next", HTMLButtonElement).click();
      expect(numbers()).toEqual(numbered(1, 5));
      expect(document.querySelectorAll("[data-subject-id]")).toHaveLength(5);
      expect(byId("next", HTMLButtonElement).getAttribute("aria-disabled")).toBe("true");
      byId("next", HTMLButtonElement).click();
      expect(numbers()).toEqual(numbered(1, 5));
    });

    it("searches in all pages, once the reader has stopped typing, and keeps the cards that stay", () => {
      roster.update([entry({ id: subject(6), availability: "Busy" })]);
      type("p0");
      expect(numbers()).toEqual(numbered(6, 15));
      vi.advanceTimersByTime(300);
      expect(numbers()).toEqual(numbered(1, 9));
      expect(card(6).dataset["availability"]).toBe("Busy");
      const department = byId("department", HTMLSelectElement);
      department.value = "Sales";
      department.dispatchEvent(new Event("change"));
      expect(numbers()).toEqual(numbered(1, 5));
      byId("reset", HTMLButtonElement).click();
      expect(numbers()).toEqual(numbered(6, 15));
    });

    it("fills the page after those who are revoked", () => {
      roster.remove([subject(6), subject(7)]);
      expect(numbers()).toEqual(numbered(8, 17));
      expect(textOf(byId("page", HTMLElement))).toContain("Page 1 of 3");
    });
  });

  describe("keyboard", () => {
    const press = (target: Element, key: string, modifiers: KeyboardEventInit = {}) => {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...modifiers });
      target.dispatchEvent(event);
      return event;
    };

    beforeEach(() => focusOnSlash(document, () => search().focus()));

    it("goes to the search on a slash from anywhere", () => {
      const event = press(document.body, "/");
      expect(document.activeElement).toBe(search());
      expect(event.defaultPrevented).toBe(true);
    });

    it("lets a slash be typed into a field, and leaves shortcuts of the browser alone", () => {
      expect(press(search(), "/").defaultPrevented).toBe(false);
      expect(press(document.body, "/", { ctrlKey: true }).defaultPrevented).toBe(false);
    });

    it("clears the search on Escape", () => {
      type("ada");
      press(search(), "Escape");
      expect(search().value).toBe("");
      expect(shown()).toEqual([1, 2, 3]);
    });
  });
});
