import { JsonHubProtocol, MessageType, NullLogger, type HubMessage } from "@microsoft/signalr";
import { beforeEach, describe, expect, it } from "vitest";
import { cursorOf, describeMessage } from "../../pages/playground/describeMessage.js";
import { WireProtocol, type WireMessage } from "../../pages/playground/WireProtocol.js";

const id = "11111111-2222-3333-4444-555555555555";
const entry = {
  id,
  availability: "Busy",
  activity: "InACall",
  freshness: "live",
  since: "2026-01-01T00:00:00.000Z",
  observedAt: "2026-01-01T00:00:00.000Z",
  epoch: 1,
  revision: 2,
};

describe("what the playground says of the wire", () => {
  let messages: WireMessage[];
  let protocol: WireProtocol;
  const lines = () => messages.map((message) => `${message.method}: ${describeMessage(message, () => "Ada Lovelace")}`);
  const receive = (...sent: HubMessage[]) => {
    const text = sent.map((message) => new JsonHubProtocol().writeMessage(message)).join("");
    return protocol.parseMessages(text, NullLogger.instance);
  };
  const push = (target: string, argument: unknown): HubMessage => ({
    type: MessageType.Invocation,
    target,
    arguments: [argument],
  });
  const send = (target: string, argument: unknown, invocationId: string) =>
    protocol.writeMessage({ ...push(target, argument), invocationId } as HubMessage);

  beforeEach(() => {
    messages = [];
    protocol = new WireProtocol((message) => messages.push(message));
  });

  it("names a call and its answer, and takes the cursor from it", () => {
    send("Watch", { ids: [id] }, "0");
    send("Watch", { ids: [id, id], cursor: "1-1" }, "1");
    receive(
      { type: MessageType.Completion, invocationId: "0", result: { entries: [entry], rejected: [], cursor: "1-2" } },
      { type: MessageType.Completion, invocationId: "1", error: "unavailable: busy" },
    );
    expect(lines()).toEqual([
      "Watch: 1 person, without a cursor",
      "Watch: 2 people, from the cursor on",
      "Watch: 1 person",
      "Watch: unavailable: busy",
    ]);
    expect(messages.map(cursorOf)).toEqual([undefined, undefined, "1-2", undefined]);
  });

  it("says what is pushed, and leaves pings out", () => {
    const parsed = receive(
      { type: MessageType.Ping },
      push("PresenceChanged", [entry, entry, entry, entry, { ...entry, freshness: "stale" }]),
      push("Bookmark", "1-3"),
      push("Revoked", [id]),
      push("Draining", { reconnectAfterMs: 100 }),
      push("Later", {}),
      { type: MessageType.Close, error: "tokenExpired: sign in again" },
    );
    expect(parsed).toHaveLength(7);
    const busy = "Ada Lovelace: Busy, in a call";
    expect(lines()).toEqual([
      `PresenceChanged: ${busy}; ${busy}; ${busy}; and 2 more`,
      "Bookmark: all up to this cursor was sent",
      "Revoked: 1 person",
      "Draining: this node is going away",
      "Later: ",
      "Close: tokenExpired: sign in again",
    ]);
    expect(messages.map(cursorOf)).toEqual([undefined, "1-3", undefined, undefined, undefined, undefined]);
  });

  it("parses and writes as SignalR does", () => {
    const message = push("PresenceChanged", [entry]);
    expect(receive(message)).toEqual([message]);
    expect(protocol.writeMessage(message)).toBe(new JsonHubProtocol().writeMessage(message));
  });
});
