import { afterEach, describe, expect, it, vi } from "vitest";
import type { Conversation, Message } from "../../../samples/chat/page/chat/Conversation.js";
import { Conversations } from "../../../samples/chat/page/chat/Conversations.js";
import { tenantDirectory } from "../../../samples/chat/page/people/tenantDirectory.js";
import { reasonOf } from "../../../samples/chat/page/reasonOf.js";

const message = (number: number): Message => ({ number, from: "ada", text: `${number}`, sentAt: "2026-01-01" });
const conversation = (id: string, ...numbers: number[]): Conversation => ({
  id,
  people: ["ada", "grace"],
  messages: numbers.map(message),
});

describe("the conversations of the chat sample", () => {
  const shown = (conversations: Conversations) =>
    conversations.all.map(({ id, messages }) => [id, ...messages.map(({ number }) => number)]);

  it("keep what arrives while the list is on the way, once", () => {
    const conversations = new Conversations();
    conversations.ask();
    conversations.opened(conversation("new"));
    conversations.sent("old", message(2));
    conversations.sent("new", message(1));
    // The list was made before the last two of these.
    conversations.answered([conversation("new"), conversation("old", 1, 2)]);
    expect(shown(conversations)).toEqual([
      ["new", 1],
      ["old", 1, 2],
    ]);
  });

  it("drop what the server has lost, and take nothing from before the question", () => {
    const conversations = new Conversations();
    conversations.opened(conversation("lost", 1));
    conversations.ask();
    conversations.answered([conversation("kept", 1)]);
    expect(shown(conversations)).toEqual([["kept", 1]]);
    conversations.sent("kept", message(2));
    expect(shown(conversations)).toEqual([["kept", 1, 2]]);
  });
});

describe("the directory of the chat sample in a tenant", () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each([
    [404, /no people look-up/],
    [403, /not allowed/],
  ])("says what an answer %i means", async (status, text) => {
    const body = JSON.stringify({
      detail: status === 403 ? "That is not allowed" : "There is nothing at this address",
    });
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(body, { status })));
    const directory = tenantDirectory("https://hub.example", () => Promise.resolve("token"));
    await expect(directory.find({ department: "", text: "Ada" })).rejects.toThrow(text);
  });
});

describe("the reason of a failed call of the chat sample", () => {
  it("is the server's, without the words of SignalR", () => {
    const prefix = "An unexpected error occurred invoking 'Open' on the server.";
    expect(reasonOf(new Error(`${prefix} HubException: no such conversation`))).toBe("no such conversation");
    expect(reasonOf("offline")).toBe("offline");
  });
});
