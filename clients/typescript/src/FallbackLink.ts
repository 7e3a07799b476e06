import { HttpTransportType, TransferFormat, type IHttpConnectionOptions, type IHubProtocol } from "@microsoft/signalr";
import type { HubLink } from "./HubLink.js";
import { NegotiationHttpClient, type OfferedTransport } from "./NegotiationHttpClient.js";
import { fromConnectionError, PresenceError, TokenSourceError } from "./PresenceError.js";
import type { AccessTokenFactory } from "./PresenceClientOptions.js";
import { SignalRLink } from "./SignalRLink.js";
import { pause, type Timers } from "./Timers.js";
import { transportNames, type TransportMemory, type TransportName } from "./TransportMemory.js";

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

const everyTransport =
  HttpTransportType.WebSockets | HttpTransportType.ServerSentEvents | HttpTransportType.LongPolling;

/**
 * One attempt to connect: a WebSocket without negotiation, which saves a round trip and works at any node. When that
 * fails, it negotiates, which distinguishes a refusal of the hub from a network that blocks WebSockets, and tries each
 * transport in turn.
 */
export class FallbackLink implements HubLink {
  private readonly handlers: [method: string, handler: (...args: never[]) => void][] = [];
  private readonly closeHandlers: ((error?: Error) => void)[] = [];
  private readonly stopping = new AbortController();
  private readonly failed = new Set<TransportName>();
  private readonly failures: string[] = [];
  private readonly http: NegotiationHttpClient;
  private token: Promise<string> | undefined;
  private link: SignalRLink | undefined;
  private opened = false;
  /** The last transport got no answer in time. */
  private timedOut = false;
  /** The transports left to try, by the last answer to negotiation; the first is in use. */
  private candidates: readonly TransportName[] = [];

  constructor(private readonly options: FallbackLinkOptions) {
    this.http = new NegotiationHttpClient((offered) => this.choose(offered));
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

    const { preferred } = this.options.memory;
    if (preferred) {
      transportNames.slice(0, transportNames.indexOf(preferred)).forEach((name) => this.failed.add(name));
    } else if (this.mayOpenDirectly && (await this.openDirectly())) {
      return;
    }
    await this.negotiate();
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

  private get allowed(): number {
    const transport = this.options.http?.transport;
    return typeof transport === "object" || !transport ? everyTransport : transport;
  }

  private get mayOpenDirectly(): boolean {
    const { transport, skipNegotiation } = this.options.http ?? {};
    return (
      (this.allowed & HttpTransportType.WebSockets) > 0 && typeof transport !== "object" && skipNegotiation !== false
    );
  }

  private async openDirectly(): Promise<boolean> {
    const failure = await this.open({ skipNegotiation: true, transport: HttpTransportType.WebSockets });
    if (!failure) {
      this.options.memory.opened("WebSockets");
      return true;
    }
    if (this.options.http?.skipNegotiation === true || isFinal(failure)) {
      throw failure;
    }
    this.failures.push(`WebSockets: ${failure.message}`);
    if (this.timedOut) {
      // It would hang after negotiation too.
      this.failed.add("WebSockets");
    }
    return false;
  }

  /** Opens one transport after the other. The first negotiation already serves the first of them. */
  private async negotiate(): Promise<void> {
    let others = true;
    let negotiated = false;
    while (others && !this.stopping.signal.aborted) {
      const { failure, used } = await this.openNegotiated();
      if (!failure) {
        return;
      }
      this.failures.push(`${used ?? "negotiation"}: ${failure.message}`);
      others = this.candidates.length > 1;
      if (used) {
        negotiated = true;
        this.failed.add(used);
      }
    }
    // If nothing answers, the hub is unreachable, whichever the transport.
    if (negotiated) {
      this.options.memory.forget();
    }
    throw new PresenceError("disconnected", this.failures.join("; "));
  }

  private async openNegotiated(): Promise<{ failure?: PresenceError; used?: TransportName }> {
    this.candidates = [];
    const failure = await this.open({ skipNegotiation: false });
    const [used] = this.candidates;
    if (!failure) {
      if (used) {
        this.options.memory.opened(used);
      }
      return {};
    }
    const refusal = this.http.refusal ?? (isFinal(failure) ? failure : undefined);
    if (refusal) {
      throw refusal;
    }
    return used ? { failure, used } : { failure };
  }

  private choose(offered: readonly OfferedTransport[]): OfferedTransport | undefined {
    const format = TransferFormat[this.options.protocol?.transferFormat ?? TransferFormat.Text];
    const usable = (name: TransportName) =>
      (this.allowed & HttpTransportType[name]) > 0 &&
      !this.failed.has(name) &&
      offered.some(({ transport, transferFormats }) => transport === name && transferFormats.includes(format));
    this.candidates = transportNames.filter(usable);
    return offered.find(({ transport }) => transport === this.candidates[0]);
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
      link = this.createLink({ ...options.http, ...http });
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
      { httpClient: this.http, ...http, accessTokenFactory: () => this.currentToken() },
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

/** Whether the hub has answered, so that another transport would get the same answer. */
function isFinal({ code }: PresenceError): boolean {
  return code !== "disconnected" && code !== "unknown";
}
