import { HubConnectionBuilder, LogLevel, type IHttpConnectionOptions, type IHubProtocol } from "@microsoft/signalr";

/** What the client needs of a SignalR connection; a `HubConnection` is one. */
export interface HubLink {
  start(): Promise<void>;
  stop(): Promise<void>;
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
  const builder = new HubConnectionBuilder()
    .withUrl(options.url, { ...options.http, accessTokenFactory: options.accessTokenFactory })
    .configureLogging(LogLevel.None);
  if (options.protocol) {
    builder.withHubProtocol(options.protocol);
  }
  return builder.build();
}
