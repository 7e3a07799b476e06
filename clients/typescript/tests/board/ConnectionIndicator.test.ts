// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { ConnectionIndicator, describe as describeStatus } from "../../board/ConnectionIndicator.js";
import { byId } from "../../pages/common/dom.js";
import { PresenceError } from "../../src/index.js";
import { loadPage, textOf } from "./page.js";

describe("ConnectionIndicator", () => {
  beforeEach(loadPage);

  it("shows the state as text and attribute in a status region", () => {
    const root = byId("connection", HTMLElement);
    new ConnectionIndicator(root).show({ state: "connected", attempt: 0 });
    expect(root.getAttribute("role")).toBe("status");
    expect(root.dataset["connectionState"]).toBe("connected");
    expect(textOf(root)).toBe("Live");
  });

  it("never says that it is live while some presence is stale", () => {
    const root = byId("connection", HTMLElement);
    const indicator = new ConnectionIndicator(root);
    indicator.showStale(3);
    indicator.show({ state: "connected", attempt: 0 });
    expect(textOf(root)).toBe("Connected, but some presence is stale");
    expect(root.dataset["stale"]).toBe("true");
    indicator.showStale(0);
    expect(textOf(root)).toBe("Live");
  });

  it("says the same at every further attempt, so that an outage is announced once", () => {
    const texts = [0, 1, 2].map((attempt) =>
      describeStatus({ state: "reconnecting", attempt, retryInMs: attempt * 1_000 }),
    );
    expect(new Set(texts).size).toBe(1);
  });

  it.each([
    ["unauthorized", "Sign-in refused"],
    ["tokenExpired", "Sign-in expired"],
    ["limitExceeded", "open too often. Close another one"],
    ["invalidRequest", "Reload it"],
  ] as const)("tells %s from an outage, whatever the state was before", (code, text) => {
    const error = new PresenceError(code, "");
    expect(describeStatus({ state: "connecting", attempt: 1, error })).toContain(text);
    expect(describeStatus({ state: "reconnecting", attempt: 2, retryInMs: 75_000, error })).toContain(text);
  });
});
