import { describe, expect, it } from "vitest";
import { describeActivity, describeInstant, stateOf } from "../../board/presenceText.js";
import { entry } from "../FakeHub.js";

describe("presence in words", () => {
  it.each([
    ["Available", "available"],
    ["AvailableIdle", "available"],
    ["BusyIdle", "busy"],
    ["inAMeeting", "busy"],
    ["DoNotDisturb", "doNotDisturb"],
    ["BeRightBack", "beRightBack"],
    ["Away", "away"],
    ["Offline", "offline"],
    ["PresenceUnknown", "unknown"],
    ["SomethingNew", "unknown"],
  ])("shows %s as %s", (availability, state) => {
    expect(stateOf(entry({ availability }))).toBe(state);
  });

  it("shows a person who was never observed as unknown, whatever the tokens", () => {
    expect(stateOf(entry({ freshness: "unknown", availability: "Offline" }))).toBe("unknown");
    expect(stateOf(undefined)).toBe("unknown");
  });

  it.each([
    ["Busy", "InAMeeting", "In a meeting"],
    ["Busy", "InACall", "In a call"],
    ["DoNotDisturb", "Presenting", "Presenting"],
    ["Offline", "OffWork", "Off work"],
    ["Away", "OutOfOffice", "Out of office"],
    ["Busy", "JugglingFourBalls", "Juggling four balls"],
  ])("says of %s, %s: %s", (availability, activity, words) => {
    expect(describeActivity(entry({ availability, activity }))).toBe(words);
  });

  it.each([
    ["Available", "Available"],
    ["DoNotDisturb", "DoNotDisturb"],
    ["AvailableIdle", "Available"],
    ["PresenceUnknown", "PresenceUnknown"],
  ])("does not repeat the state for %s, %s", (availability, activity) => {
    expect(describeActivity(entry({ availability, activity }))).toBe("");
  });

  it("writes an instant shorter the nearer it is", () => {
    const now = new Date("2026-03-10T12:00:00");
    const today = describeInstant(new Date("2026-03-10T08:05:00").toISOString(), now);
    const thisWeek = describeInstant(new Date("2026-03-08T08:05:00").toISOString(), now);
    const before = describeInstant(new Date("2026-01-02T08:05:00").toISOString(), now);
    expect(today).toMatch(/^0?8[:.]05/);
    expect(thisWeek).toMatch(/Sun.*0?8[:.]05/);
    expect(before).toMatch(/Jan.*2|2.*Jan/);
  });
});
