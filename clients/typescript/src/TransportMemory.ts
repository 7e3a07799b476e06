/** In the order of preference. */
export const transportNames = ["WebSockets", "ServerSentEvents", "LongPolling"] as const;

export type TransportName = (typeof transportNames)[number];

/** The network may have changed by then, for instance from a company's to a home's. */
const fallbackLifetimeMs = 10 * 60_000;

/**
 * Which transport the last connection had to fall back to, so that a reconnect does not wait for the others to fail.
 */
export class TransportMemory {
  private fallback: { readonly transport: TransportName; readonly until: number } | undefined;

  /** The transport to try first; undefined for WebSockets. */
  get preferred(): TransportName | undefined {
    return this.fallback && Date.now() < this.fallback.until ? this.fallback.transport : undefined;
  }

  /** A connection was opened. One over WebSockets proves that they pass. */
  opened(transport: TransportName): void {
    if (transport === "WebSockets") {
      this.fallback = undefined;
    } else if (this.preferred !== transport) {
      this.fallback = { transport, until: Date.now() + fallbackLifetimeMs };
    }
  }

  forget(): void {
    this.fallback = undefined;
  }
}
