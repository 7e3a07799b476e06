// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { describeInstant } from "../../board/presenceText.js";

describe("instants in words", () => {
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
