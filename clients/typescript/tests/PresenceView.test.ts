import { describe, expect, it } from "vitest";
import { PresenceView } from "../src/PresenceView.js";
import { entry, subject } from "./FakeHub.js";

function permutations<T>(items: readonly T[]): T[][] {
  return items.length < 2
    ? [[...items]]
    : items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}

describe("PresenceView", () => {
  const history = [
    entry({ epoch: 1, revision: 7, availability: "Busy" }),
    entry({ epoch: 1, revision: 9, availability: "Away" }),
    entry({ epoch: 2, revision: 3, availability: "Offline" }),
    entry({ epoch: 2, revision: 4, availability: "Available" }),
    entry({ epoch: 1, revision: 8, availability: "DoNotDisturb" }),
  ];

  it.each(permutations(history))(
    "ends at the greatest (epoch, revision) in whatever order entries arrive",
    (...order) => {
      const view = new PresenceView();
      order.forEach((next) => view.merge(next));
      expect(view.entries.get(subject(1))?.availability).toBe("Available");
    },
  );

  it("lets an equal entry replace the held one, since its freshness may differ", () => {
    const view = new PresenceView();
    view.merge(entry());
    view.merge(entry({ freshness: "stale" }));
    expect(view.entries.get(subject(1))?.freshness).toBe("stale");
  });

  it("treats a freshness it does not know as stale", () => {
    const view = new PresenceView();
    view.merge(entry({ freshness: "lukewarm" as never }));
    expect(view.entries.get(subject(1))?.freshness).toBe("stale");
  });

  it("keeps a known subject as stale when the hub has lost its data", () => {
    const view = new PresenceView();
    view.merge(entry({ revision: 5, availability: "Busy" }));
    view.merge(entry({ epoch: 2, revision: 0, freshness: "unknown", availability: "PresenceUnknown" }));
    expect(view.entries.get(subject(1))).toMatchObject({ availability: "Busy", freshness: "stale", epoch: 2 });
    expect(view.markLive(subject(1))).toBeUndefined();
    view.merge(entry({ epoch: 2, revision: 3, availability: "Away" }));
    expect(view.entries.get(subject(1))).toMatchObject({ availability: "Away", freshness: "live" });
    view.merge(entry({ epoch: 2, revision: 4, freshness: "unknown", availability: "PresenceUnknown" }));
    expect(view.entries.get(subject(1))).toMatchObject({ freshness: "unknown" });
  });

  it("marks only live entries stale, and keeps the order", () => {
    const view = new PresenceView();
    view.merge(entry({ revision: 5 }));
    view.merge(entry({ id: subject(2), freshness: "unknown" }));
    expect(view.markStale(subject(1))).toMatchObject({ freshness: "stale", epoch: 1, revision: 5 });
    expect(view.markStale(subject(2))).toBeUndefined();
    expect(view.merge(entry({ revision: 5 }))).toMatchObject({ freshness: "live" });
  });
});
