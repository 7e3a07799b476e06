/** In the order of preference. */
export type TransportName = "WebSockets" | "ServerSentEvents" | "LongPolling";

/**
 * Which transport the last connection had to fall back to, so that a reconnect does not wait for the others to fail.
 * The network may have changed after `until`, for instance from a company's to a home's.
 */
export interface TransportMemory {
  fallback?: { readonly transport: TransportName; readonly until: number } | undefined;
}

/** The transport to try first; undefined for WebSockets. */
export function preferredTransport({ fallback }: TransportMemory): TransportName | undefined {
  return fallback && Date.now() < fallback.until ? fallback.transport : undefined;
}
