import { beforeEach, describe, expect, it, vi } from "vitest";
import { entry } from "../FakeHub.js";

type Labels = typeof import("../../src/labels/index.js");

describe("registerLabels", () => {
  let labels: Labels;
  const meeting = entry({ availability: "Busy", activity: "InAMeeting" });

  beforeEach(async () => {
    // What is registered stays until the module is loaded again.
    vi.resetModules();
    labels = await import("../../src/labels/index.js");
  });

  it("adds a language, whose missing words are English", () => {
    labels.registerLabels("it", { states: { busy: "occupato" }, activities: { InAMeeting: "in riunione" } });
    expect(labels.presenceLabel(meeting, "it-IT")).toBe("Occupato, in riunione");
    expect(labels.stateLabel("away", "it")).toBe("Away");
  });

  it("replaces single words of a locale", () => {
    labels.registerLabels("de-AT", { states: { away: "nicht da" } });
    expect(labels.stateLabel("away", "de-at")).toBe("Nicht da");
    expect(labels.stateLabel("busy", "de-AT")).toBe("Beschäftigt");
    expect(labels.stateLabel("away", "de")).toBe("Abwesend");
  });

  it("names a token that is new at Graph", () => {
    labels.registerLabels("en", { activities: { inTheZone: "in the zone" } });
    expect(labels.presenceLabel(entry({ availability: "Busy", activity: "InTheZone" }), "en")).toBe(
      "Busy, in the zone",
    );
  });

  it("raises the first letter as the language does", () => {
    labels.registerLabels("tr", { states: { busy: "iş başında" } });
    expect(labels.stateLabel("busy", "tr")).toBe("İş başında");
  });

  it("keeps what it has when it is given anything else", () => {
    const wrong: unknown[] = [undefined, null, 7, "text", { states: { busy: 7, away: null } }, { stale: {} }];
    wrong.forEach((value) => labels.registerLabels("en", value as never));
    labels.registerLabels(7 as never, { states: { busy: "no" } });
    labels.registerLabels("en", { states: { busy: "x".repeat(201) } });
    expect(labels.presenceLabel(meeting, "en")).toBe("Busy, in a meeting");
  });

  it("is bounded in locales and in words", () => {
    for (let index = 0; index < 1_000; index++) {
      labels.registerLabels(`x${index}`, { states: { busy: `busy ${index}` } });
      labels.registerLabels("de", { activities: { [`token${index}`]: `word ${index}` } });
    }
    expect(labels.stateLabel("busy", "x999")).toBe("Busy");
    expect(labels.stateLabel("busy", "x10")).toBe("Busy 10");
    expect(labels.activityLabel(entry({ activity: "token999" }), "de")).toBe("Token999");
    expect(labels.activityLabel(entry({ activity: "token10" }), "de")).toBe("Word 10");
    labels.registerLabels("de", { states: { busy: "belegt" } });
    expect(labels.stateLabel("busy", "de")).toBe("Belegt");
  });
});
