// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PersonCard } from "../../board/PersonCard.js";
import { entry, subject } from "../FakeHub.js";
import { textOf } from "./page.js";

const now = new Date("2026-01-01T10:00:00Z");

describe("PersonCard", () => {
  let card: PersonCard;

  beforeEach(() => {
    vi.useFakeTimers();
    card = new PersonCard({ id: subject(1), displayName: "Ada Lovelace", department: "Engineering" });
  });

  afterEach(() => vi.useRealTimers());

  const badge = () => card.root.querySelector("[data-badge]")?.getAttribute("data-badge");

  it("is honest before the first entry", () => {
    expect(card.root.dataset).toMatchObject({ subjectId: subject(1), freshness: "unknown" });
    expect(card.root.dataset["availability"]).toBeUndefined();
    expect(textOf(card.root)).toContain("Waiting for presence");
  });

  it("shows name, department, state, activity and since in words", () => {
    card.update(entry({ availability: "Busy", activity: "InAMeeting", revision: 42 }), now);
    expect(textOf(card.root)).toMatch(/AL.*Ada Lovelace.*Engineering.*Busy.*In a meeting.*since/);
    expect(card.root.dataset).toMatchObject({ availability: "Busy", freshness: "live", revision: "42" });
    expect(card.root.querySelector("time")?.getAttribute("datetime")).toBe("2026-01-01T08:00:00.000000Z");
  });

  it("has a shape of its own for every state", () => {
    const shapes = ["Available", "Busy", "DoNotDisturb", "BeRightBack", "Away", "Offline", "PresenceUnknown"].map(
      (availability) => {
        card.update(entry({ availability }), now);
        return badge();
      },
    );
    expect(new Set(shapes).size).toBe(7);
    expect(card.root.querySelector("use")?.getAttribute("href")).toBe("#badge-unknown");
  });

  it("labels what is stale, with the last confirmation, and drops the label when it is live again", () => {
    card.update(entry({ freshness: "stale" }), now);
    expect(textOf(card.root)).toMatch(/last confirmed.*Stale/);
    card.update(entry(), now);
    expect(textOf(card.root)).not.toMatch(/stale|confirmed/i);
  });

  it("does not show a person of unknown presence as offline", () => {
    card.update(
      entry({
        freshness: "unknown",
        availability: "PresenceUnknown",
        activity: "PresenceUnknown",
        since: null,
        observedAt: null,
      }),
      now,
    );
    expect(textOf(card.root)).toContain("No presence known");
    expect(badge()).toBe("unknown");
    expect(card.root.querySelector("time")?.textContent).toBe("");
  });

  it("highlights a change for a while, but neither the first entry nor a mere confirmation", () => {
    card.update(entry(), now);
    card.update(entry({ observedAt: "2026-01-01T09:30:00Z" }), now);
    expect(card.root.dataset["changed"]).toBeUndefined();

    card.update(entry({ availability: "Busy", revision: 2 }), now);
    const first = card.root.dataset["changed"];
    card.update(entry({ availability: "Away", revision: 3 }), now);
    expect(card.root.dataset["changed"]).not.toBe(first);
    vi.advanceTimersByTime(2_000);
    expect(card.root.dataset["changed"]).toBeUndefined();
  });

  it("says why a person is not shown", () => {
    card.update(entry(), now);
    card.reject("notVisible");
    expect(textOf(card.root)).toContain("Not visible to you");
    expect(card.root.dataset["availability"]).toBeUndefined();
  });

  it("shows names as text, never as markup", () => {
    const other = new PersonCard({ id: subject(2), displayName: "<img src=x onerror=alert(1)>", department: "<b>" });
    expect(other.root.querySelector("img, b")).toBeNull();
  });
});
