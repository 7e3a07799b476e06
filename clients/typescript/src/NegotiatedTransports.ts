import { HttpTransportType, TransferFormat, type IHttpConnectionOptions } from "@microsoft/signalr";
import type { FallbackLinkOptions } from "./FallbackLink.js";
import { NegotiationHttpClient, type OfferedTransport } from "./NegotiationHttpClient.js";
import { isFinal, PresenceError } from "./PresenceError.js";
import { preferredTransport, type TransportName } from "./TransportMemory.js";

export interface TransportAttempt {
  /** Opens a link and returns why it failed. */
  readonly open: (http: IHttpConnectionOptions) => Promise<PresenceError | undefined>;
  readonly stopping: AbortSignal;
  /** What was tried before negotiation, and why it failed. */
  readonly failures: readonly string[];
  /** A WebSocket got no answer: it would hang after negotiation too. */
  readonly webSocketHangs: boolean;
}

const everyTransport =
  HttpTransportType.WebSockets | HttpTransportType.ServerSentEvents | HttpTransportType.LongPolling;

const transportNames = ["WebSockets", "ServerSentEvents", "LongPolling"] as const;

const fallbackLifetimeMs = 10 * 60_000;

/**
 * Negotiates, which distinguishes a refusal of the hub from a network that blocks WebSockets, and tries each transport
 * in turn.
 */
export class NegotiatedTransports {
  private readonly http = new NegotiationHttpClient((offered) => this.choose(offered));
  private readonly failed = new Set<TransportName>();
  /** The transports left to try, by the last answer to negotiation; the first is in use. */
  private candidates: readonly TransportName[] = [];

  constructor(
    private readonly options: FallbackLinkOptions,
    private readonly attempt: TransportAttempt,
  ) {
    const preferred = preferredTransport(options.memory);
    if (preferred) {
      transportNames.slice(0, transportNames.indexOf(preferred)).forEach((name) => this.failed.add(name));
    } else if (attempt.webSocketHangs) {
      this.failed.add("WebSockets");
    }
  }

  /** Opens one transport after the other. The first negotiation already serves the first of them. */
  async open(): Promise<void> {
    const failures = [...this.attempt.failures];
    let others = true;
    let negotiated = false;
    while (others && !this.attempt.stopping.aborted) {
      const { failure, used } = await this.openNext();
      if (!failure) {
        return;
      }
      failures.push(`${used ?? "negotiation"}: ${failure.message}`);
      others = this.candidates.length > 1;
      if (used) {
        negotiated = true;
        this.failed.add(used);
      }
    }
    // If nothing answers, the hub is unreachable, whichever the transport.
    if (negotiated) {
      this.options.memory.fallback = undefined;
    }
    throw new PresenceError("disconnected", failures.join("; "));
  }

  private async openNext(): Promise<{ failure?: PresenceError; used?: TransportName }> {
    this.candidates = [];
    const failure = await this.attempt.open({ httpClient: this.http, ...this.options.http, skipNegotiation: false });
    const [used] = this.candidates;
    if (!failure) {
      if (used) {
        this.remember(used);
      }
      return {};
    }
    const refusal = this.http.refusal ?? (isFinal(failure) ? failure : undefined);
    if (refusal) {
      throw refusal;
    }
    return used ? { failure, used } : { failure };
  }

  /** A connection over WebSockets proves that they pass. */
  private remember(transport: TransportName): void {
    const { memory } = this.options;
    if (transport === "WebSockets") {
      memory.fallback = undefined;
    } else if (preferredTransport(memory) !== transport) {
      memory.fallback = { transport, until: Date.now() + fallbackLifetimeMs };
    }
  }

  private choose(offered: readonly OfferedTransport[]): OfferedTransport | undefined {
    const { protocol, http } = this.options;
    const format = TransferFormat[protocol?.transferFormat ?? TransferFormat.Text];
    const allowed = typeof http?.transport === "number" && http.transport ? http.transport : everyTransport;
    const usable = (name: TransportName) =>
      (allowed & HttpTransportType[name]) > 0 &&
      !this.failed.has(name) &&
      offered.some(({ transport, transferFormats }) => transport === name && transferFormats.includes(format));
    this.candidates = transportNames.filter(usable);
    return offered.find(({ transport }) => transport === this.candidates[0]);
  }
}
