import {
  DefaultHttpClient,
  HttpClient,
  HttpError,
  HttpResponse,
  NullLogger,
  type HttpRequest,
} from "@microsoft/signalr";
import { fromRefusal, notAHub } from "./negotiationErrors.js";
import type { PresenceError } from "./PresenceError.js";

/** A transport as the answer to negotiate offers it. */
export interface OfferedTransport {
  readonly transport: string;
  readonly transferFormats: readonly string[];
}

/**
 * SignalR's HTTP client, except that it reads why a negotiation was refused and how long the hub asks the client to
 * wait (SignalR's own errors carry no headers), and that it leaves only one of the transports that the hub offers.
 */
export class NegotiationHttpClient extends HttpClient {
  private readonly inner = new DefaultHttpClient(NullLogger.instance);
  /** Cookies by host, for sticky sessions. Browsers keep cookies themselves and show none, so there it stays empty. */
  private readonly cookies = new Map<string, string>();
  private refused: PresenceError | undefined;

  /** @param choose Picks the transport to use; without one, none is left. */
  constructor(private readonly choose: (offered: readonly OfferedTransport[]) => OfferedTransport | undefined) {
    super();
  }

  /** Why the last negotiation was refused. */
  get refusal(): PresenceError | undefined {
    return this.refused;
  }

  override send(request: HttpRequest): Promise<HttpResponse> {
    const { url = "" } = request;
    const cookie = this.cookies.get(hostOf(url));
    const headers = { ...request.headers, ...(cookie && { Cookie: cookie }) };
    return url.includes("/negotiate?")
      ? this.negotiate(url, { ...request, headers })
      : this.inner.send({ ...request, headers });
  }

  override getCookieString(url: string): string {
    return [this.inner.getCookieString(url), this.cookies.get(hostOf(url))].filter(Boolean).join("; ");
  }

  private async negotiate(url: string, request: HttpRequest): Promise<HttpResponse> {
    this.refused = undefined;
    const response = await fetch(url, {
      method: request.method ?? "POST",
      headers: { "X-Requested-With": "XMLHttpRequest", ...request.headers },
      credentials: request.withCredentials === true ? "include" : "same-origin",
      cache: "no-cache",
      signal: request.timeout ? AbortSignal.timeout(request.timeout) : null,
    });
    this.keepCookies(url, response);
    const text = await response.text();
    if (!response.ok) {
      const isBusy = response.status === 429 || response.status === 503;
      this.refused = fromRefusal(
        response.status,
        text,
        isBusy ? readRetryAfter(response.headers, Date.now()) : undefined,
      );
      throw new HttpError(text || response.statusText, response.status);
    }
    if (typeof parse(text) !== "object") {
      this.refused = notAHub(response.headers.get("Content-Type"));
    }
    return new HttpResponse(response.status, response.statusText, this.narrow(text));
  }

  private narrow(text: string): string {
    const answer = parse(text) as { availableTransports?: OfferedTransport[] } | undefined;
    if (!Array.isArray(answer?.availableTransports)) {
      return text;
    }
    const chosen = this.choose(answer.availableTransports);
    return JSON.stringify({ ...answer, availableTransports: chosen ? [chosen] : [] });
  }

  private keepCookies(url: string, response: Response): void {
    // Older browsers do not have the method. No browser needs it.
    const received = (response.headers as Partial<Headers>).getSetCookie?.() ?? [];
    const pairs = received.map((cookie) => cookie.split(";", 1)[0] ?? "");
    if (pairs.length > 0) {
      this.cookies.set(hostOf(url), pairs.join("; "));
    }
  }
}

/** Milliseconds of a `Retry-After` header: whole or decimal seconds, or an HTTP date. */
export function readRetryAfter(headers: Headers, now: number): number | undefined {
  const text = headers.get("Retry-After")?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(text)) {
    return Number(text) * 1_000;
  }
  // Between two clocks the server's own date is the fair reference; other origins do not show it to a page.
  const sent = Date.parse(headers.get("Date") ?? "");
  const wait = Date.parse(text) - (Number.isNaN(sent) ? now : sent);
  return wait > 0 ? wait : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // SignalR reports an answer that is not JSON.
    return undefined;
  }
}

function hostOf(url: string): string {
  return new URL(url).host;
}
