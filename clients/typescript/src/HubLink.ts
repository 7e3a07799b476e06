import {
  HubConnectionBuilder,
  LogLevel,
  type HubConnection,
  type IHttpConnectionOptions,
  type IHubProtocol,
} from "@microsoft/signalr";
import { NegotiationHttpClient } from "./NegotiationHttpClient.js";
import { fromConnectionError } from "./PresenceError.js";

/** What the client needs of a SignalR connection. */
export interface HubLink {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Fails before `start` has succeeded. */
  invoke(method: string, ...args: unknown[]): Promise<unknown>;
  on(method: string, handler: (...args: never[]) => void): void;
  onclose(handler: (error?: Error) => void): void;
}

export interface HubLinkOptions {
  readonly url: string;
  readonly accessTokenFactory: () => string | Promise<string>;
  readonly protocol?: IHubProtocol;
  readonly http?: Omit<IHttpConnectionOptions, "accessTokenFactory">;
}

/**
 * A new connection for one attempt. SignalR's automatic reconnect stays off, as it has no jitter, does not cover
 * the first connect and gives up; its stateful reconnect too, as the cursor resumes on any node.
 */
export function createHubLink(options: HubLinkOptions): HubLink {
  const http = new NegotiationHttpClient();
  const builder = new HubConnectionBuilder()
    .withUrl(options.url, { httpClient: http, ...options.http, accessTokenFactory: options.accessTokenFactory })
    .configureLogging(LogLevel.None);
  if (options.protocol) {
    builder.withHubProtocol(options.protocol);
  }
  return new SignalRLink(builder.build(), http);
}

class SignalRLink implements HubLink {
  constructor(
    private readonly connection: HubConnection,
    private readonly http: NegotiationHttpClient,
  ) {}

  async start(): Promise<void> {
    try {
      await this.connection.start();
    } catch (error) {
      throw fromConnectionError(error, this.http.retryAfterMs);
    }
  }

  stop(): Promise<void> {
    return this.connection.stop();
  }

  invoke(method: string, ...args: unknown[]): Promise<unknown> {
    return this.connection.invoke(method, ...args);
  }

  on(method: string, handler: (...args: never[]) => void): void {
    this.connection.on(method, handler as (...args: unknown[]) => void);
  }

  onclose(handler: (error?: Error) => void): void {
    this.connection.onclose(handler);
  }
}
