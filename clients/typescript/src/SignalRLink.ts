import {
  HubConnectionBuilder,
  LogLevel,
  type HubConnection,
  type IHttpConnectionOptions,
  type IHubProtocol,
} from "@microsoft/signalr";
import type { HubLink } from "./HubLink.js";

interface Socket {
  close(): void;
}

type SocketConstructor = (new (...args: unknown[]) => Socket) & { readonly OPEN?: number };

/**
 * Private members of SignalR. Any of them may be missing in another version; the link then works without its guards.
 */
interface Internals {
  readonly connection?: {
    send(data: unknown): Promise<void>;
    _stopConnection?(error?: Error): void;
    readonly _options?: { WebSocket?: SocketConstructor; EventSource?: SocketConstructor };
  };
}

/**
 * One SignalR connection over one transport. SignalR's automatic reconnect stays off: it has no jitter, does not cover
 * the first connection and gives up. Its stateful reconnect stays off too: the cursor resumes on any node.
 */
export class SignalRLink implements HubLink {
  private readonly connection: HubConnection;
  private readonly sockets: Socket[] = [];
  private handshakeError: unknown;
  private started = false;

  constructor(url: string, http: IHttpConnectionOptions, protocol: IHubProtocol | undefined) {
    const builder = new HubConnectionBuilder().withUrl(url, http).configureLogging(LogLevel.None);
    if (protocol) {
      builder.withHubProtocol(protocol);
    }
    this.connection = builder.build();
    this.observeHandshake();
    this.trackSockets("WebSocket");
    this.trackSockets("EventSource");
  }

  async start(): Promise<void> {
    try {
      await this.connection.start();
      this.started = true;
    } catch (error) {
      throw this.handshakeError ?? error;
    }
  }

  stop(): Promise<void> {
    return this.connection.stop();
  }

  /** Gives up a connection that hangs: SignalR's `stop` waits for its start. */
  abandon(): void {
    this.stop().catch(() => undefined);
    this.sockets.forEach((socket) => socket.close());
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

  private get internals(): Internals {
    return this.connection as unknown as Internals;
  }

  /**
   * SignalR sends its handshake before it awaits the answer, which a transport can reject meanwhile. Nothing handles
   * that rejection, and it ends a Node process. So the first send returns at once, and its failure stops the
   * connection.
   *
   * The ping that follows the handshake returns at once too. Over an event stream it is a request of its own: a hub
   * that has closed the connection answers 404, and that can be read before the close message, which has the reason.
   */
  private observeHandshake(): void {
    const transport = this.internals.connection;
    if (!transport) {
      return;
    }
    const send = transport.send.bind(transport);
    let isHandshake = true;
    transport.send = (data) => {
      if (this.started) {
        return send(data);
      }
      const onError = isHandshake ? (error: unknown) => this.failHandshake(error) : () => undefined;
      isHandshake = false;
      send(data).catch(onError);
      return Promise.resolve();
    };
    this.containEarlyClose();
  }

  private failHandshake(error: unknown): Promise<void> {
    this.handshakeError = error;
    return this.connection.stop();
  }

  /** SignalR throws in a socket's event, where nothing catches, when a transport ends in the turn in which it opens. */
  private containEarlyClose(): void {
    const transport = this.internals.connection;
    const stop = transport?._stopConnection?.bind(transport);
    if (transport && stop) {
      transport._stopConnection = (error) => {
        try {
          stop(error);
        } catch {
          // The handshake comes next. It fails without the transport, and with it the start.
        }
      };
    }
  }

  private trackSockets(kind: "WebSocket" | "EventSource"): void {
    const options = this.internals.connection?._options;
    const Original = options?.[kind];
    if (!options || !Original) {
      return;
    }
    const { sockets } = this;
    const Tracked = function (...args: unknown[]): Socket {
      const socket = new Original(...args);
      sockets.push(socket);
      return socket;
    };
    options[kind] = Object.assign(Tracked, { OPEN: Original.OPEN }) as unknown as SocketConstructor;
  }
}
