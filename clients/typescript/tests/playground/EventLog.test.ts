import { describe, expect, it } from "vitest";
import { EventLog } from "../../pages/playground/EventLog.js";

describe("the log of the playground", () => {
  it("keeps the newest lines, newest first", () => {
    let changes = 0;
    const log = new EventLog(2, () => changes++);
    ["a", "b", "c"].forEach((title) => log.add("page", title, ""));
    expect(log.lines.map(({ title, number }) => [title, number])).toEqual([
      ["c", 3],
      ["b", 2],
    ]);
    log.clear();
    expect(log.lines).toEqual([]);
    expect(changes).toBe(4);
  });

  it("shortens a long message, and has no JSON for what the page did", () => {
    const log = new EventLog(2, () => undefined);
    log.add("received", "PresenceChanged", "", { text: "x".repeat(10_000) });
    log.add("page", "This page", "");
    expect(log.lines.map(({ json }) => json?.length)).toEqual([undefined, 4_002]);
  });
});
