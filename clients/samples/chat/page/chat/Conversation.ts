export interface Message {
  /** Counts the messages of a conversation. */
  readonly number: number;
  readonly from: string;
  readonly text: string;
  readonly sentAt: string;
}

export interface Conversation {
  readonly id: string;
  readonly people: readonly string[];
  readonly messages: readonly Message[];
}

export interface ChatState {
  readonly connected: boolean;
  /** Latest message first. */
  readonly conversations: readonly Conversation[];
  /** Who is typing, by conversation. */
  readonly typing: ReadonlyMap<string, string>;
}

/** As many as the server keeps. */
const maxMessages = 200;

/** Adds a message that is not known yet, and moves its conversation to the top. */
export function withMessage(
  conversations: readonly Conversation[],
  id: string,
  message: Message,
): readonly Conversation[] {
  const conversation = conversations.find((held) => held.id === id);
  if (!conversation || conversation.messages.some(({ number }) => number === message.number)) {
    return conversations;
  }
  const messages = [...conversation.messages, message].slice(-maxMessages);
  return [{ ...conversation, messages }, ...conversations.filter((held) => held !== conversation)];
}

export function withConversation(
  conversations: readonly Conversation[],
  conversation: Conversation,
): readonly Conversation[] {
  return conversations.some(({ id }) => id === conversation.id) ? conversations : [conversation, ...conversations];
}
