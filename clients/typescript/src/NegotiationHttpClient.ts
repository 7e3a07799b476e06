import {
  DefaultHttpClient,
  HttpClient,
  HttpError,
  HttpResponse,
  NullLogger,
  type HttpRequest,
} from "@microsoft/signalr";

/**
 * SignalR's HTTP client, except that it reads how long a refused negotiation asks the client to wait:
 * SignalR's own errors carry the status and the body, but no headers.
 */
export class NegotiationHttpClient extends HttpClient {
  private readonly inner = new DefaultHttpClient(NullLogger.instance);
  /** By host, for sticky sessions. Browsers keep cookies themselves and show none, so there it stays empty. */
  private readonly cookies = new Map<string, string>();
  private retryAfter: number | undefined;

  /** The wait that the last negotiation asked for. */
  get retryAfterMs(): number | undefined {
    return this.retryAfter;
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
    this.retryAfter = undefined;
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
      if (response.status === 429 || response.status === 503) {
        this.retryAfter = readRetryAfter(response.headers, Date.now());
      }
      throw new HttpError(text || response.statusText, response.status);
    }
    return new HttpResponse(response.status, response.statusText, text);
  }

  private keepCookies(url: string, response: Response): void {
    // Older browsers do not have the method, and need it as little as newer ones.
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

function hostOf(url: string): string {
  return new URL(url).host;
}
