import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { WatchRequest } from "../src/contract.js";
import { entry, hubError, watchResult } from "./FakeHub.js";

const end = "\u001e";

/** A hub over long polling on a real socket. It refuses the first negotiation and the first `Watch` with a wait. */
export class BusyHub {
  /** What was asked, with its time and the cookie that came along. */
  readonly requests: { what: string; at: number; cookie: string | undefined }[] = [];
  private readonly waiting: string[] = [];
  private poll: ServerResponse | undefined;
  private polls = 0;
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));

  async listen(): Promise<string> {
    this.server.on("upgrade", (_, socket) => socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"));
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hubs/presence`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  times(what: string): number[] {
    return this.requests.filter((request) => request.what === what).map((request) => request.at);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request) {
      body += String(chunk);
    }
    if (request.url?.includes("/negotiate?")) {
      this.negotiate(this.note("negotiate", request), response);
    } else if (request.method === "GET") {
      this.note("poll", request);
      this.poll = response;
      // The first poll only opens the transport.
      this.push(...(this.polls++ === 0 ? [""] : []));
    } else {
      response.end();
      body
        .split(end)
        .filter(Boolean)
        .forEach((message) => this.take(message, request));
    }
  }

  private negotiate(count: number, response: ServerResponse): void {
    if (count === 1) {
      response.writeHead(503, { "Retry-After": "1", "Content-Type": "application/problem+json" });
      response.end(JSON.stringify({ status: 503, code: "unavailable" }));
      return;
    }
    response.writeHead(200, { "Content-Type": "application/json", "Set-Cookie": "node=7; Path=/; HttpOnly" });
    response.end(
      JSON.stringify({
        negotiateVersion: 1,
        connectionId: "connection",
        connectionToken: "token",
        availableTransports: [{ transport: "LongPolling", transferFormats: ["Text"] }],
      }),
    );
  }

  private take(text: string, request: IncomingMessage): void {
    const message = JSON.parse(text) as {
      protocol?: string;
      target?: string;
      invocationId?: string;
      arguments?: unknown[];
    };
    if (message.protocol) {
      this.push("{}");
    } else if (message.target === "Watch") {
      const { ids } = message.arguments?.[0] as WatchRequest;
      const answer =
        this.note("Watch", request) === 1
          ? { error: hubError("unavailable", "too many calls; retry after 300 ms").message }
          : {
              result: watchResult(
                ids.map((id) => entry({ id })),
                "cursor",
              ),
            };
      this.push(JSON.stringify({ type: 3, invocationId: message.invocationId, ...answer }));
    }
  }

  private push(...messages: string[]): void {
    this.waiting.push(...messages);
    if (this.poll && this.waiting.length > 0) {
      this.poll.end(
        this.waiting
          .splice(0)
          .map((message) => message && message + end)
          .join(""),
      );
      this.poll = undefined;
    }
  }

  private note(what: string, request: IncomingMessage): number {
    this.requests.push({ what, at: performance.now(), cookie: request.headers.cookie });
    return this.times(what).length;
  }
}
