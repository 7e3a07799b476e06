// @vitest-environment happy-dom
import { expect, it, vi } from "vitest";
import { ChatClient } from "../../../samples/chat/page/chat/ChatClient.js";
import type { Conversation, Message } from "../../../samples/chat/page/chat/Conversation.js";

const message = (number: number): Message => ({ number, from: "ada", text: `${number}`, sentAt: "2026-01-01" });
const list = (...numbers: number[]): Conversation[] => [{ id: "talk", people: [], messages: numbers.map(message) }];

it("a client of the chat sample that loads twice at once loses no message", async () => {
  // SignalR resolves a relative address in a browser only.
  vi.stubGlobal("process", undefined);
  const client = new ChatClient(() => Promise.resolve("token"));
  vi.unstubAllGlobals();
  const answers: ((answer: Conversation[]) => void)[] = [];
  const invoke = () => new Promise<Conversation[]>((resolve) => answers.push(resolve));
  Object.assign(client, { connection: { state: "Connected", invoke } });
  const loads = [client["load"](), client["load"]()];
  client["conversations"].sent("talk", message(2));
  // Both lists were made before the message.
  answers[0]?.(list(1));
  await loads[0];
  answers[1]?.(list(1));
  await loads[1];
  expect(client.snapshot().conversations[0]?.messages.map(({ number }) => number)).toEqual([1, 2]);
});
