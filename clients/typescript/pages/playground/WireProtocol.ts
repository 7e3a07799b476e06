import { JsonHubProtocol, MessageType, type HubMessage, type ILogger } from "@microsoft/signalr";

export interface WireMessage {
  readonly direction: "received" | "sent";
  /** The hub method that was called, or `Close`. An answer has the name of the call. */
  readonly method: string;
  readonly isAnswer: boolean;
  /** The arguments, the result, or the error. */
  readonly content: unknown;
  readonly error: string | undefined;
}

/** SignalR's JSON protocol, which also tells of each message except pings. */
export class WireProtocol extends JsonHubProtocol {
  /** Calls that wait for their answer. A new connection counts from zero again, so it stays small. */
  private readonly calls = new Map<string, string>();

  constructor(private readonly tell: (message: WireMessage) => void) {
    super();
  }

  override parseMessages(input: string, logger: ILogger): HubMessage[] {
    const messages = super.parseMessages(input, logger);
    messages.forEach((message) => this.read("received", message));
    return messages;
  }

  override writeMessage(message: HubMessage): string {
    this.read("sent", message);
    return super.writeMessage(message);
  }

  private read(direction: WireMessage["direction"], message: HubMessage): void {
    switch (message.type) {
      case MessageType.Invocation: {
        const content: unknown = message.arguments.length === 1 ? message.arguments[0] : message.arguments;
        if (direction === "sent" && message.invocationId !== undefined) {
          this.calls.set(message.invocationId, message.target);
        }
        this.tell({ direction, method: message.target, isAnswer: false, content, error: undefined });
        break;
      }
      case MessageType.Completion: {
        const method = this.calls.get(message.invocationId) ?? "Answer";
        this.calls.delete(message.invocationId);
        const content: unknown = message.result;
        this.tell({ direction, method, isAnswer: true, content, error: message.error });
        break;
      }
      case MessageType.Close:
        this.tell({ direction, method: "Close", isAnswer: false, content: undefined, error: message.error });
        break;
      default:
    }
  }
}
