import { afterEach, describe, expect, it, vi } from "vitest";
import { activityLabel, presenceLabel, presenceStates, stateLabel } from "../../src/index.js";
import { entry } from "../FakeHub.js";

describe("presenceLabel", () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each([
    ["Available", "Available", "Available"],
    ["AvailableIdle", "Inactive", "Available, inactive"],
    ["Available", "AvailableInactive", "Available, inactive"],
    ["Available", "OutOfOffice", "Available, out of office"],
    ["Busy", "InAMeeting", "Busy, in a meeting"],
    ["Busy", "InACall", "Busy, in a call"],
    ["Busy", "InAConferenceCall", "Busy, in a conference call"],
    ["inACall", "busy", "Busy, in a call"],
    ["DoNotDisturb", "DoNotDisturb", "Do not disturb"],
    ["DoNotDisturb", "Presenting", "Do not disturb, presenting"],
    ["DoNotDisturb", "UrgentInterruptionsOnly", "Do not disturb, urgent interruptions only"],
    ["Away", "BeRightBack", "Away, be right back"],
    ["Away", "OutOfOffice", "Out of office"],
    ["OutOfOffice", "OutOfOffice", "Out of office"],
    ["Offline", "OffWork", "Offline, off work"],
    ["PresenceUnknown", "PresenceUnknown", "Status unknown"],
    ["PresenceUnknown", "OutOfOffice", "Out of office"],
    ["Busy", "JugglingFourBalls", "Busy, juggling four balls"],
    ["Busy", "InDREADMode", "Busy, in dread mode"],
    ["SomethingNew", "deep_work-session", "Something new, deep work session"],
    ["constructor", "__proto__", "Constructor, proto"],
    ["ÜberBeschäftigt", "", "Über beschäftigt"],
  ])("says of %s, %s: %s", (availability, activity, label) => {
    expect(presenceLabel(entry({ availability, activity }), "en")).toBe(label);
  });

  it("says all of a person who is busy and out of office", () => {
    const busy = entry({ availability: "Busy", activity: "InACall", outOfOffice: { isOutOfOffice: true } });
    expect(presenceLabel(busy, "en")).toBe("Busy, in a call, out of office");
  });

  it("says that an entry is stale, or that nothing is known", () => {
    const stale = { availability: "Busy", activity: "InAMeeting", freshness: "stale" } as const;
    expect(presenceLabel(entry(stale), "en")).toBe("Busy, in a meeting (may be out of date)");
    expect(presenceLabel(entry({ ...stale, freshness: "unknown" }), "en")).toBe("Status unknown");
    expect(presenceLabel(undefined, "en")).toBe("Status unknown");
  });

  it.each([
    ["de", "Beschäftigt, in einer Besprechung (möglicherweise veraltet)"],
    ["fr", "Occupé(e), en réunion (peut-être obsolète)"],
    ["es", "Ocupado, en una reunión (puede no estar actualizado)"],
    ["de-AT", "Beschäftigt, in einer Besprechung (möglicherweise veraltet)"],
    ["FR_ca", "Occupé(e), en réunion (peut-être obsolète)"],
    ["ja", "Busy, in a meeting (may be out of date)"],
    ["", "Busy, in a meeting (may be out of date)"],
    ["not a locale!", "Busy, in a meeting (may be out of date)"],
    ["x".repeat(100_000), "Busy, in a meeting (may be out of date)"],
  ])("is translated to the language of %.20s", (locale, label) => {
    const stale = entry({ availability: "Busy", activity: "InAMeeting", freshness: "stale" });
    expect(presenceLabel(stale, locale)).toBe(label);
  });

  it("uses the page's language, then the browser's, and English where there is no page", () => {
    expect(presenceLabel(entry())).toBe("Available");
    vi.stubGlobal("document", { documentElement: { lang: "" } });
    vi.stubGlobal("navigator", { language: "es-MX" });
    expect(presenceLabel(entry())).toBe("Disponible");
    vi.stubGlobal("document", { documentElement: { lang: "de-CH" } });
    expect(stateLabel("available")).toBe("Verfügbar");
  });

  it("cuts a token of any length and never throws", () => {
    expect(presenceLabel(entry({ activity: "x".repeat(1_000_000) }), "en").length).toBeLessThan(200);
    const malformed = [null, undefined, 7, {}, Symbol("token")];
    for (const token of malformed) {
      expect(presenceLabel(entry({ availability: token as never, activity: token as never }), "en")).toBe(
        "Status unknown",
      );
    }
  });
});

describe("activityLabel", () => {
  it.each([
    ["Busy", "InAMeeting", "In a meeting"],
    ["Busy", "JugglingFourBalls", "Juggling four balls"],
    ["Available", "OutOfOffice", "Available"],
    ["Away", "OutOfOffice", ""],
    ["AvailableIdle", "Available", ""],
    ["PresenceUnknown", "PresenceUnknown", ""],
    ["SomethingNew", "InACall", "Something new, in a call"],
  ])("adds to the state of %s, %s: %s", (availability, activity, label) => {
    expect(activityLabel(entry({ availability, activity }), "en")).toBe(label);
  });

  it("is empty without an observation", () => {
    expect(activityLabel(undefined)).toBe("");
    expect(activityLabel(entry({ freshness: "unknown", activity: "InAMeeting" }))).toBe("");
  });
});

describe("stateLabel", () => {
  it.each(["en", "de", "fr", "es"])("has a word of its own for each state in %s", (locale) => {
    const labels = presenceStates.map((state) => stateLabel(state, locale));
    expect(new Set(labels).size).toBe(presenceStates.length);
    expect(labels.every((label) => /^\p{Lu}/u.test(label))).toBe(true);
  });
});
