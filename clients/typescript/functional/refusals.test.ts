import { HttpTransportType } from "@microsoft/signalr";
import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { PresenceClient, type PresenceClientOptions } from "../src/index.js";
import { environment } from "./environment.js";
import { hub } from "./hub.js";

const transports = ["WebSockets", "ServerSentEvents", "LongPolling"] as const;
const soon = { timeout: 10_000, interval: 10 };

describe("a client that the hub refuses", () => {
  const clients: PresenceClient[] = [];

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.stop()));
  });

  function create(options: Partial<PresenceClientOptions>): PresenceClient {
    const client = new PresenceClient({
      url: `${environment.hub}/hubs/presence`,
      accessTokenFactory: () => hub.token(),
      reconnectBaseMs: 50,
      ...options,
    });
    clients.push(client);
    return client;
  }

  async function isShownAndWaits(client: PresenceClient, code: string): Promise<void> {
    await vi.waitFor(() => {
      expect(client.status.error?.code).toBe(code);
      expect(client.status.retryInMs).toBeGreaterThanOrEqual(60_000);
    }, soon);
  }

  describe.each([...transports, "any"] as const)("over %s", (name) => {
    const http = name === "any" ? {} : { transport: HttpTransportType[name] };

    it("shows a wrong address, and asks again once a minute", async () => {
      const client = create({ url: `${environment.hub}/hubs/elsewhere`, http });
      void client.connect();
      await isShownAndWaits(client, "invalidRequest");
    });

    it("shows a refused token, asks for one other, and then once a minute", async () => {
      const asked: boolean[] = [];
      const accessTokenFactory = ({ refresh }: { refresh: boolean }) => {
        asked.push(refresh);
        return "a.b.c";
      };
      const client = create({ accessTokenFactory, http });
      void client.connect();
      await isShownAndWaits(client, "unauthorized");
      expect(asked).toEqual([false, true]);
    });

    it.runIf(process.env["PRESENCEHUB_MAX_CONNECTIONS"] === "1")(
      "shows that the user has too many connections, and asks again once a minute",
      async () => {
        const token = await hub.token(randomUUID());
        const first = create({ accessTokenFactory: () => token, http });
        await first.connect();
        // The hub counts a connection after its handshake, and before its first call.
        await first.get([randomUUID()]);
        const second = create({ accessTokenFactory: () => token, http });
        // The refusal may come while the connection opens.
        void second.connect();
        await isShownAndWaits(second, "limitExceeded");
        expect(first.status.state).toBe("connected");
      },
    );
  });
});
