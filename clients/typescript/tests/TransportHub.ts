import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { WatchRequest } from "../src/contract.js";
import { entry, watchResult } from "./FakeHub.js";
import { closeFrame, upgradeAnswer, WebSocketPeer } from "./WebSocketPeer.js";

const end = "\u001e";
const handshakeTimeout = `{"error":"Handshake was canceled."}${end}`;

/**
 * How a network treats a transport: lets it pass, answers with a status, says nothing, ends it in the handshake, or holds
 * all of it back until the hub has given it up.
 */
export type Treatment = "pass" | "hang" | "die" | "close" | "late" | number;

/** A hub on a real socket that a network stands in front of. */
export class TransportHub {
  webSockets: Treatment = "pass";
  events: Treatment = "pass";
  /** What is posted over the event stream's connection. */
  posts: Treatment = "pass";
  /** A status for every poll; undefined lets them pass. */
  polls: number | undefined;
  negotiation: { status: number; headers: Record<string, string>; body: string } | undefined;
  /** What was asked, in the order of arrival. */
  readonly asked: string[] = [];
  /** What is sent to the one client goes here. */
  private send: (text: string) => void = () => undefined;
  private onHandshake: () => void = () => undefined;
  private waiting = "";
  private poll: ServerResponse | undefined;
  private polled = false;
  private readonly sockets = new Set<Duplex>();
  private readonly hung = new Set<Duplex>();
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));

  async listen(): Promise<string> {
    this.server.on("upgrade", (request, socket) => this.upgrade(request, socket));
    this.server.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.on("close", () => {
        this.sockets.delete(socket);
        this.hung.delete(socket);
      });
    });
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hubs/presence`;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Connections that were left without an answer and are still open. */
  get hanging(): number {
    return this.hung.size;
  }

  cut(): void {
    this.sockets.forEach((socket) => socket.destroy());
  }

  private upgrade(request: IncomingMessage, socket: Duplex): void {
    this.asked.push(request.url?.includes("id=") ? "negotiated WebSocket" : "WebSocket");
    socket.on("error", () => socket.destroy());
    if (typeof this.webSockets === "number") {
      socket.end(`HTTP/1.1 ${this.webSockets} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    } else if (this.webSockets === "close") {
      socket.end(Buffer.concat([Buffer.from(upgradeAnswer(request)), closeFrame]));
    } else if (this.webSockets === "die") {
      socket.write(upgradeAnswer(request));
      socket.once("data", () => socket.destroy());
    } else if (this.webSockets === "pass") {
      socket.write(upgradeAnswer(request));
      const peer = new WebSocketPeer(socket, (text) => this.take(text));
      this.send = (text) => peer.send(text);
    } else {
      // Without a reader the end of the connection would go unnoticed.
      socket.resume().on("end", () => socket.end());
      this.hung.add(socket);
    }
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request) {
      body += String(chunk);
    }
    if (request.url?.includes("/negotiate?")) {
      this.asked.push("negotiate");
      this.negotiate(response);
    } else if (request.method === "POST") {
      this.post(body, response);
    } else if (request.headers.accept?.includes("text/event-stream")) {
      this.asked.push("events");
      this.stream(request, response);
    } else if (request.method === "GET") {
      if (!this.polled) {
        this.asked.push("poll");
      }
      if (this.polls === undefined) {
        this.hold(response);
      } else {
        response.writeHead(this.polls).end();
      }
    } else {
      response.end();
    }
  }

  private negotiate(response: ServerResponse): void {
    this.polled = false;
    this.waiting = "";
    if (this.negotiation) {
      response.writeHead(this.negotiation.status, this.negotiation.headers).end(this.negotiation.body);
      return;
    }
    const availableTransports = ["WebSockets", "ServerSentEvents", "LongPolling"].map((transport) => ({
      transport,
      transferFormats: transport === "ServerSentEvents" ? ["Text"] : ["Text", "Binary"],
    }));
    response.end(JSON.stringify({ negotiateVersion: 1, connectionId: "c", connectionToken: "t", availableTransports }));
  }

  private post(body: string, response: ServerResponse): void {
    const overEvents = this.poll === undefined && !this.polled;
    if (overEvents && this.events === "die") {
      this.onHandshake();
    } else if (overEvents && typeof this.posts === "number") {
      response.writeHead(this.posts).end("No Connection with that ID");
    } else if (overEvents && this.posts === "die") {
      this.cut();
    } else if (!overEvents || this.posts === "pass") {
      response.end();
      body
        .split(end)
        .filter(Boolean)
        .forEach((text) => this.take(text));
    }
  }

  private stream(request: IncomingMessage, response: ServerResponse): void {
    if (typeof this.events === "number") {
      response.writeHead(this.events).end();
    } else if (this.events === "late") {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      response.end(`data: ${handshakeTimeout}\r\n\r\n`);
    } else if (this.events === "die") {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      response.write(":\r\n");
      this.onHandshake = () => response.end(`data: ${handshakeTimeout}\r\n\r\n`);
    } else if (this.events === "pass") {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      response.write(":\r\n");
      this.send = (text) => void response.write(`data: ${text}\r\n\r\n`);
    } else {
      this.hung.add(request.socket);
    }
  }

  private hold(response: ServerResponse): void {
    this.poll = response;
    this.send = (text) => {
      this.waiting += text;
      if (this.poll) {
        this.poll.end(this.waiting);
        this.waiting = "";
        this.poll = undefined;
      }
    };
    // The first poll only opens the transport.
    if (!this.polled || this.waiting) {
      this.polled = true;
      this.send("");
    }
  }

  private take(text: string): void {
    for (const part of text.split(end).filter(Boolean)) {
      const message = JSON.parse(part) as {
        protocol?: string;
        target?: string;
        invocationId?: string;
        arguments?: unknown[];
      };
      if (message.protocol) {
        this.send(`{}${end}`);
      } else if (message.target === "Watch") {
        this.asked.push("Watch");
        const { ids } = message.arguments?.[0] as WatchRequest;
        const result = watchResult(
          ids.map((id) => entry({ id })),
          "cursor",
        );
        this.send(JSON.stringify({ type: 3, invocationId: message.invocationId, result }) + end);
      }
    }
  }
}
