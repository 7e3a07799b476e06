import { HubConnectionBuilder, HubConnectionState, LogLevel, type HubConnection } from "@microsoft/signalr";
import type { ChatState, Conversation, Message } from "./Conversation.js";
import { Conversations } from "./Conversations.js";

const maxRetryMs = 10_000;
/** A notice of typing holds for so long. */
const typingMs = 4_000;
/** How often the others are told. */
const typingPeriodMs = 2_000;

/** The conversations of the user, kept in step with the chat server. */
export class ChatClient {
  private readonly connection: HubConnection;
  private readonly listeners = new Set<() => void>();
  private readonly conversations = new Conversations();
  private readonly typingEnds = new Map<string, ReturnType<typeof setTimeout>>();
  private state: ChatState = { connected: false, conversations: [], typing: new Map() };
  private stopped = false;
  private lastTyping = 0;
  /** Counts the loads: a later one takes over from those before. */
  private loads = 0;

  constructor(token: () => Promise<string>) {
    this.connection = new HubConnectionBuilder()
      .withUrl("/hubs/chat", { accessTokenFactory: token })
      .withAutomaticReconnect({ nextRetryDelayInMilliseconds: ({ previousRetryCount }) => wait(previousRetryCount) })
      .configureLogging(LogLevel.None)
      .build();
    this.connection.on("ConversationOpened", (conversation: Conversation) => {
      this.conversations.opened(conversation);
      this.set({ conversations: this.conversations.all });
    });
    this.connection.on("MessageSent", (id: string, message: Message) => {
      this.endTyping(id);
      this.conversations.sent(id, message);
      this.set({ conversations: this.conversations.all });
    });
    this.connection.on("Typing", (id: string, userId: string) => this.beginTyping(id, userId));
    this.connection.onreconnecting(() => this.set({ connected: false }));
    this.connection.onreconnected(() => void this.load());
  }

  readonly snapshot = (): ChatState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  async start(): Promise<void> {
    for (let attempt = 0; !this.stopped; attempt++) {
      try {
        await this.connection.start();
        break;
      } catch (error) {
        if (this.stopped) {
          return;
        }
        console.error(`The chat server cannot be reached; trying again. ${String(error)}`);
        await pause(attempt);
      }
    }
    // From here on SignalR connects again by itself.
    await this.load();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.typingEnds.forEach((timer) => clearTimeout(timer));
    await this.connection.stop();
  }

  open(people: readonly string[]): Promise<Conversation> {
    return this.connection.invoke<Conversation>("Open", people);
  }

  send(conversationId: string, text: string): Promise<void> {
    this.lastTyping = 0;
    return this.connection.invoke("Send", conversationId, text);
  }

  /** Tells the others, at most once in a while. */
  typing(conversationId: string): void {
    const now = Date.now();
    if (now - this.lastTyping >= typingPeriodMs && this.connection.state === HubConnectionState.Connected) {
      this.lastTyping = now;
      this.connection.send("Typing", conversationId).catch(() => undefined);
    }
  }

  /**
   * What was missed while disconnected comes with the whole list. When the connection is lost meanwhile, the next one
   * loads it.
   */
  private async load(): Promise<void> {
    const turn = ++this.loads;
    const isCurrent = () => turn === this.loads && this.connection.state === HubConnectionState.Connected;
    for (let attempt = 0; isCurrent(); attempt++) {
      try {
        this.conversations.ask();
        const list = await this.connection.invoke<Conversation[]>("List");
        if (!isCurrent()) {
          return;
        }
        this.conversations.answered(list.reverse());
        this.set({ connected: true, conversations: this.conversations.all });
        return;
      } catch (error) {
        console.error(`The conversations cannot be read; trying again. ${String(error)}`);
        await pause(attempt);
      }
    }
  }

  private beginTyping(id: string, userId: string): void {
    clearTimeout(this.typingEnds.get(id));
    this.typingEnds.set(
      id,
      setTimeout(() => this.endTyping(id), typingMs),
    );
    this.set({ typing: new Map(this.state.typing).set(id, userId) });
  }

  private endTyping(id: string): void {
    clearTimeout(this.typingEnds.get(id));
    if (this.typingEnds.delete(id)) {
      this.set({ typing: new Map([...this.state.typing].filter(([typed]) => typed !== id)) });
    }
  }

  private set(change: Partial<ChatState>): void {
    this.state = { ...this.state, ...change };
    this.listeners.forEach((listener) => listener());
  }
}

function pause(attempt: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, wait(attempt)));
}

/** Grows, and differs between pages, so that they do not return all at once. */
function wait(attempt: number): number {
  return Math.random() * Math.min(maxRetryMs, 1_000 * 2 ** attempt);
}
