import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ConnectionStatus, PresenceClient } from "../src/index.js";
import { BusyHub } from "./BusyHub.js";
import { subject } from "./FakeHub.js";

/** Node's timers may fire a moment before the full millisecond. */
const timerSlack = 5;

describe("PresenceClient at a busy hub, over a real socket", () => {
  let hub: BusyHub;
  let client: PresenceClient;
  let states: ConnectionStatus[];

  beforeEach(async () => {
    hub = new BusyHub();
    states = [];
    client = new PresenceClient({ url: await hub.listen(), accessTokenFactory: () => "token", random: () => 0 });
    client.on("connectionStateChanged", (status) => states.push(status));
  });

  afterEach(async () => {
    await client.stop();
    await hub.close();
  });

  it("comes back after the time that the hub names, for connections and for calls", async () => {
    void client.connect();
    const { entries } = await client.watch([subject(1)]);
    expect(entries).toHaveLength(1);

    expect(states.find((status) => status.retryInMs !== undefined)).toMatchObject({
      retryInMs: 1_000,
      error: { code: "unavailable", retryAfterMs: 1_000 },
    });
    const [refused = 0, accepted = 0, ...more] = hub.times("negotiate");
    expect(accepted - refused).toBeGreaterThanOrEqual(1_000 - timerSlack);
    const [first = 0, second = 0] = hub.times("Watch");
    expect(second - first).toBeGreaterThanOrEqual(300 - timerSlack);
    expect(more).toEqual([]);
  });

  it("takes the cookies of the negotiation along, so that a sticky balancer finds the node", async () => {
    await client.connect();
    const polls = hub.requests.filter(({ what }) => what === "poll");
    expect(polls.length).toBeGreaterThan(0);
    expect(polls.map(({ cookie }) => cookie)).toEqual(polls.map(() => "node=7"));
  });
});
