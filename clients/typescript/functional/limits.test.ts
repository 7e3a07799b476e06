import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { PresenceClient, type ConnectionStatus } from "../src/index.js";
import { environment } from "./environment.js";
import { hub } from "./hub.js";

const wanted = 2_000;

describe("the client with more ids than the hub takes in one call", () => {
  it.each([1_000, 2_000, 10_000])("watches with calls of %i ids", async (maxIdsPerCall) => {
    const statuses: ConnectionStatus[] = [];
    const client = new PresenceClient({
      url: `${environment.hub}/hubs/presence`,
      accessTokenFactory: () => hub.token(),
      maxIdsPerCall,
    });
    client.on("connectionStateChanged", (status) => statuses.push(status));
    await client.connect();

    const { entries, rejected } = await client.watch(Array.from({ length: wanted }, () => randomUUID()));

    expect(entries).toHaveLength(Math.min(wanted, environment.subjectsPerConnection));
    expect(rejected).toHaveLength(wanted - entries.length);
    expect(rejected.every(({ reason }) => reason === "limitExceeded")).toBe(true);
    expect(client.status.state).toBe("connected");
    expect(statuses.filter(({ state }) => state === "connected").length).toBeLessThanOrEqual(2);
    await client.stop();
  });
});
