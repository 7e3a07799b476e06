import { describe, expect, it } from "vitest";
import { fluentStatus, presenceState, presenceStates } from "../../src/index.js";
import { entry } from "../FakeHub.js";

describe("presenceState", () => {
  it.each([
    ["Available", "available"],
    ["AvailableIdle", "available"],
    ["Busy", "busy"],
    ["BusyIdle", "busy"],
    ["inAMeeting", "busy"],
    ["InACall", "busy"],
    ["DoNotDisturb", "doNotDisturb"],
    ["presenting", "doNotDisturb"],
    ["Focusing", "doNotDisturb"],
    ["BeRightBack", "beRightBack"],
    ["Away", "away"],
    ["OutOfOffice", "outOfOffice"],
    ["Offline", "offline"],
    ["PresenceUnknown", "unknown"],
    ["SomethingNew", "unknown"],
    ["constructor", "unknown"],
    ["__proto__", "unknown"],
    ["", "unknown"],
  ])("shows availability %s as %s", (availability, state) => {
    expect(presenceState(entry({ availability }))).toBe(state);
  });

  it("shows a person who was never observed as unknown, whatever the tokens", () => {
    const never = { freshness: "unknown", availability: "Offline", activity: "OutOfOffice" } as const;
    expect(presenceState(entry(never))).toBe("unknown");
    expect(presenceState(undefined)).toBe("unknown");
  });

  it("keeps the state of a stale entry", () => {
    expect(presenceState(entry({ availability: "Busy", freshness: "stale" }))).toBe("busy");
  });

  it.each([null, 7, {}, ["Busy"]])("takes %j as availability and activity for unknown", (token) => {
    expect(presenceState(entry({ availability: token as never, activity: token as never }))).toBe("unknown");
  });

  it.each([
    ["activity", { activity: "outOfOffice" }, true],
    ["field", { outOfOffice: true }, true],
    ["settings in the field", { outOfOffice: { isOutOfOffice: true } }, true],
    ["field that says no", { outOfOffice: { isOutOfOffice: false } }, false],
    ["field of another form", { outOfOffice: "yes" }, false],
    ["field that is null", { outOfOffice: null }, false],
    ["time off work", { availability: "Offline", activity: "OffWork" }, false],
  ])("reads being out of office from: %s", (_, values, expected) => {
    expect(presenceState(entry(values)) === "outOfOffice").toBe(expected);
  });
});

describe("fluentStatus", () => {
  it.each([
    ["Available", "Available", "available", false],
    ["Available", "OutOfOffice", "available", true],
    ["Busy", "InAMeeting", "busy", false],
    ["Busy", "OutOfOffice", "busy", true],
    ["DoNotDisturb", "Presenting", "do-not-disturb", false],
    ["BeRightBack", "BeRightBack", "away", false],
    ["Away", "Away", "away", false],
    ["Away", "OutOfOffice", "away", true],
    ["Offline", "OffWork", "offline", false],
    ["OutOfOffice", "OutOfOffice", "out-of-office", true],
    ["PresenceUnknown", "OutOfOffice", "out-of-office", true],
    ["PresenceUnknown", "PresenceUnknown", "unknown", false],
    ["SomethingNew", "InAMeeting", "unknown", false],
  ])("of %s, %s is %s, out of office: %s", (availability, activity, status, outOfOffice) => {
    expect(fluentStatus(entry({ availability, activity }))).toEqual({ status, outOfOffice });
  });

  it("of no entry is unknown", () => {
    expect(fluentStatus(undefined)).toEqual({ status: "unknown", outOfOffice: false });
  });

  it("is known for every state", () => {
    const statuses = presenceStates.map((availability) => fluentStatus(entry({ availability })).status);
    expect(new Set(statuses).size).toBe(presenceStates.length - 1); // beRightBack and away share one
  });
});
