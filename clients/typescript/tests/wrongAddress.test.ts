import { describe, expect, it, vi } from "vitest";
import { PresenceClient } from "../src/index.js";
import { TransportHub } from "./TransportHub.js";

describe("PresenceClient at an address that is no hub, over a real socket", () => {
  it.each([
    [{ status: 200, headers: { "Content-Type": "text/html" }, body: "<!doctype html><title>Intranet</title>" }, /html/],
    [{ status: 404, headers: { "Content-Type": "text/html" }, body: "<h1>Not found</h1>" }, /404/],
    [{ status: 405, headers: {}, body: "" }, /405/],
  ])("takes %j for a wrong URL", async (negotiation, message) => {
    const server = new TransportHub();
    Object.assign(server, { webSockets: 200, negotiation });
    const log = vi.fn();
    const client = new PresenceClient({ url: await server.listen(), accessTokenFactory: () => "token", log });
    void client.connect();
    await vi.waitFor(() => expect(log).toHaveBeenCalledOnce());
    expect(client.status.error).toMatchObject({ code: "invalidRequest" });
    expect(client.status.error?.message).toMatch(message);
    expect(client.status.retryInMs).toBeGreaterThanOrEqual(60_000);
    await client.stop();
    await server.close();
  });
});
