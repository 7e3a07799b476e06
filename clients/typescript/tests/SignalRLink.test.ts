import { HttpClient, HttpError, HttpResponse, HttpTransportType, type HttpRequest } from "@microsoft/signalr";
import { describe, expect, it } from "vitest";
import { Deferred } from "../src/Deferred.js";
import { SignalRLink } from "../src/SignalRLink.js";

const handshakeAnswer = "{}\u001e";
const closeMessage = '{"type":7,"error":"HubException: limitExceeded: too many connections"}\u001e';
const negotiation = JSON.stringify({
  connectionId: "id",
  connectionToken: "token",
  negotiateVersion: 1,
  availableTransports: [{ transport: "ServerSentEvents", transferFormats: ["Text"] }],
});

/** An event stream that opens as soon as SignalR listens. */
class Stream {
  static last: Stream | undefined;
  onmessage: ((event: { data: string }) => void) | undefined;
  onerror: (() => void) | undefined;

  constructor() {
    Stream.last = this;
  }

  set onopen(handler: () => void) {
    queueMicrotask(handler);
  }

  close(): void {
    this.onmessage = undefined;
  }
}

/** A hub that accepts the handshake, closes the connection, and answers the ping before the close message is read. */
class ClosingHub extends HttpClient {
  readonly pingAnswered = new Deferred<undefined>();
  private posts = 0;

  override send({ url }: HttpRequest): Promise<HttpResponse> {
    if (url?.includes("/negotiate?")) {
      return Promise.resolve(new HttpResponse(200, "OK", negotiation));
    }
    if (this.posts++ === 0) {
      setTimeout(() => Stream.last?.onmessage?.({ data: handshakeAnswer }));
      return Promise.resolve(new HttpResponse(200));
    }
    setTimeout(() => this.pingAnswered.resolve(undefined));
    return Promise.reject(new HttpError("No Connection with that ID", 404));
  }
}

describe("SignalRLink over an event stream", () => {
  it("reports why the hub closed the connection, though the ping after the handshake was refused first", async () => {
    const hub = new ClosingHub();
    const options = {
      transport: HttpTransportType.ServerSentEvents,
      httpClient: hub,
      EventSource: Stream as unknown as typeof EventSource,
    };
    const link = new SignalRLink("http://hub.example/hubs/presence", options, undefined);
    const closed = new Promise<Error | undefined>((resolve) => link.onclose(resolve));

    await link.start();
    await hub.pingAnswered.promise;
    Stream.last?.onmessage?.({ data: closeMessage });

    expect((await closed)?.message).toContain("limitExceeded: too many connections");
  });
});
