import { HttpTransportType, type IHttpConnectionOptions, type IHubProtocol } from "@microsoft/signalr";
import type { HubLink } from "./HubLink.js";
import { onDemandCode } from "./onDemandCode.js";
import { fromConnectionError, isFinal, PresenceError, TokenSourceError } from "./PresenceError.js";
import type { AccessTokenFactory } from "./PresenceClientOptions.js";
import { SignalRLink } from "./SignalRLink.js";
import { pause, type Timers } from "./Timers.js";
import { preferredTransport, type TransportMemory } from "./TransportMemory.js";

export interface FallbackLinkOptions {
  readonly url: string;
  readonly accessTokenFactory: AccessTokenFactory;
  readonly protocol?: IHubProtocol;
  readonly http?: Omit<IHttpConnectionOptions, "accessTokenFactory">;
  readonly memory: TransportMemory;
  readonly timers: Timers;
  /** A transport that takes longer to open is given up for the next. */
  readonly transportTimeoutMs: number;
  /** The hub refused the last token. */
  readonly refreshToken: boolean;
}

const directly = { skipNegotiation: true, transport: HttpTransportType.WebSockets };

/**
 * One attempt to connect: a WebSocket without negotiation, which saves a round trip and works at any node. When that
 * fails, the other transports are loaded and tried.
 */
export class FallbackLink implements HubLink {
  private readonly handlers: [method: string, handler: (...args: never[]) => void][] = [];
  private readonly closeHandlers: ((error?: Error) => void)[] = [];
  private readonly stopping = new AbortController();
  private token: Promise<string> | undefined;
  private link: SignalRLink | undefined;
  private opened = false;
  /** The last transport got no answer in time. */
  private timedOut = false;

  constructor(private readonly options: FallbackLinkOptions) {
    // A link that can never open, for instance because the URL is malformed, fails here and not as one of many
    // attempts.
    resolve(options.url);
    this.createLink({});
    this.link = undefined;
  }

  async start(): Promise<void> {
    // A failure of the factory is not one of a transport.
    this.token = this.askForToken(this.options.refreshToken);
    await this.token;

    const failures: string[] = [];
    if (this.mayOpenDirectly) {
      const failure = await this.open({ ...this.options.http, ...directly });
      if (!failure) {
        this.openedDirectly();
        return;
      }
      if (!this.mayNegotiate || isFinal(failure) || this.stopping.signal.aborted) {
        throw failure;
      }
      failures.push(`WebSockets: ${failure.message}`);
    }
    const { NegotiatedTransports } = await this.loadFallback(failures);
    const others = new NegotiatedTransports(this.options, {
      open: (http) => this.open(http),
      stopping: this.stopping.signal,
      failures,
      webSocketHangs: this.timedOut,
    });
    await others.open();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    const { link } = this;
    if (this.opened) {
      await link?.stop();
    } else {
      link?.abandon();
    }
  }

  invoke(method: string, ...args: unknown[]): Promise<unknown> {
    return this.opened && this.link
      ? this.link.invoke(method, ...args)
      : Promise.reject(new PresenceError("disconnected", "The connection is not open."));
  }

  on(method: string, handler: (...args: never[]) => void): void {
    this.handlers.push([method, handler]);
  }

  onclose(handler: (error?: Error) => void): void {
    this.closeHandlers.push(handler);
  }

  private get mayOpenDirectly(): boolean {
    const { http, memory } = this.options;
    const transport = http?.transport || HttpTransportType.WebSockets;
    return (
      typeof transport === "number" &&
      (transport & HttpTransportType.WebSockets) > 0 &&
      http?.skipNegotiation !== false &&
      !preferredTransport(memory)
    );
  }

  private get mayNegotiate(): boolean {
    return this.options.http?.skipNegotiation !== true;
  }

  private openedDirectly(): void {
    this.options.memory.fallback = undefined;
    // It is loaded while its server answers: a browser may not ask again for a module that has failed once.
    if (this.mayNegotiate) {
      onDemandCode.load().catch(() => undefined);
    }
  }

  /** A file that cannot be loaded is a failed attempt like any other. The next attempt asks for it again. */
  private async loadFallback(failures: readonly string[]): ReturnType<typeof onDemandCode.load> {
    try {
      return await onDemandCode.load();
    } catch (cause) {
      const text = [...failures, "the code of the other transports could not be loaded"].join("; ");
      throw new PresenceError("disconnected", text, { cause });
    }
  }

  /** Returns why it failed. */
  private async open(http: IHttpConnectionOptions): Promise<PresenceError | undefined> {
    const { options, stopping } = this;
    if (stopping.signal.aborted) {
      return new PresenceError("disconnected", "stopped");
    }
    this.timedOut = false;
    const over = new AbortController();
    const end = () => over.abort();
    stopping.signal.addEventListener("abort", end);
    let link: SignalRLink | undefined;
    try {
      link = this.createLink(http);
      const timeout = pause(options.timers, options.transportTimeoutMs, over.signal).then(() => {
        this.timedOut = !over.signal.aborted;
        throw new PresenceError("disconnected", stopping.signal.aborted ? "stopped" : "no answer in time");
      });
      await Promise.race([link.start(), timeout]);
      this.opened = true;
      return undefined;
    } catch (error) {
      link?.abandon();
      return fromConnectionError(error);
    } finally {
      over.abort();
      stopping.signal.removeEventListener("abort", end);
    }
  }

  private createLink(http: IHttpConnectionOptions): SignalRLink {
    const link = new SignalRLink(
      this.options.url,
      { ...http, accessTokenFactory: () => this.currentToken() },
      this.options.protocol,
    );
    this.link = link;
    // A link that was given up may still open. Its messages are ignored.
    for (const [method, handler] of this.handlers) {
      link.on(method, (...args) => {
        if (this.link === link) {
          handler(...args);
        }
      });
    }
    link.onclose((error) => {
      if (this.link === link) {
        this.closeHandlers.forEach((handler) => handler(error));
      }
    });
    return link;
  }

  private async askForToken(refresh: boolean): Promise<string> {
    try {
      return await this.options.accessTokenFactory({ refresh });
    } catch (error) {
      throw new TokenSourceError(error);
    }
  }

  /** One token serves all transports of the attempt. An open connection asks again when its token was refused. */
  private currentToken(): Promise<string> {
    return this.opened || !this.token ? this.askForToken(this.opened) : this.token;
  }
}

/** Throws when the URL is malformed. */
function resolve(url: string): URL {
  return new URL(url, (globalThis as { location?: Location }).location?.href);
}
