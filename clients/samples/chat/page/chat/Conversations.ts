import { withConversation, withMessage, type Conversation, type Message } from "./Conversation.js";

type Change = (conversations: readonly Conversation[]) => readonly Conversation[];

/**
 * The conversations, kept in step with the server's list and its events. The server may send an event while its list is
 * on the way. So events are kept from the question on, and applied to the list again.
 */
export class Conversations {
  private held: readonly Conversation[] = [];
  private sinceAsked: Change[] | undefined;

  /** Latest message first. */
  get all(): readonly Conversation[] {
    return this.held;
  }

  opened(conversation: Conversation): void {
    this.apply((held) => withConversation(held, conversation));
  }

  sent(id: string, message: Message): void {
    this.apply((held) => withMessage(held, id, message));
  }

  /** The server is asked for its list now. */
  ask(): void {
    this.sinceAsked = [];
  }

  /** @param latestFirst The server's list. What it does not hold is gone. */
  answered(latestFirst: readonly Conversation[]): void {
    const changes = this.sinceAsked ?? [];
    this.sinceAsked = undefined;
    this.held = changes.reduce((held, change) => change(held), latestFirst);
  }

  private apply(change: Change): void {
    this.sinceAsked?.push(change);
    this.held = change(this.held);
  }
}
