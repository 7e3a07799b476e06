import { Backoff } from "../Backoff.js";
import type { AccessTokenFactory } from "../PresenceClientOptions.js";
import { pause, type Timers } from "../Timers.js";
import type { PersonProblem } from "./Person.js";
import { RetryTimer } from "./RetryTimer.js";

export interface PeopleApiOptions {
  /** The hub, as for `PresenceClient`: `…/hubs/presence`. People are at `…/api/people` of the same hub. */
  readonly url: string;
  readonly accessTokenFactory: AccessTokenFactory;
  /** Receives each cause of a failure once per page, with a text that says what to do. */
  readonly report: (cause: string, message: string) => void;
  readonly fetch: typeof globalThis.fetch;
  readonly timers: Timers;
  readonly random: () => number;
}

interface Failure {
  readonly problem: PersonProblem | "notFound";
  readonly response?: never;
  readonly body?: never;
}

/** An answer of any kind, or why there is none. */
export type HttpAnswer = { readonly response: Response; readonly problem?: never } | Failure;

/** An answer that is about people, or why there is none. */
export type PeopleAnswer = { readonly body: Record<string, unknown>; readonly problem?: never } | Failure;

/** After so many tries, about three minutes, a request counts as failed until the next retry of the page. */
const maxAttempts = 8;

interface RequestOptions {
  /** The request needs a permission of its own: a hub without it may still answer others. */
  readonly isOptional?: boolean;
}

/** Requests to the hub's people API, with the user's token. They never throw. */
export class PeopleApi {
  private readonly ending = new AbortController();
  private readonly retries: RetryTimer;
  private notSupported = false;

  constructor(private readonly options: PeopleApiOptions) {
    this.retries = new RetryTimer(options.timers, options.random);
  }

  /**
   * Calls back when what was `unavailable` is worth another request. Returns the function that removes the listener.
   */
  onRetry(listener: () => void): () => void {
    return this.retries.onRetry(listener);
  }

  /** @param path Below `/api/people`, with its query. */
  async get(path: string, { isOptional = false }: RequestOptions = {}): Promise<HttpAnswer> {
    const { timers, random } = this.options;
    const backoff = new Backoff({ baseMs: 1_000, capMs: 60_000 }, random);
    let refresh = false;
    for (let attempt = 1; !this.ending.signal.aborted; attempt++) {
      if (this.notSupported) {
        return { problem: "notSupported" };
      }
      const response = await this.send(path, refresh);
      if (response?.ok) {
        return { response };
      }
      if (response?.status === 401 && !refresh) {
        refresh = true;
        continue;
      }
      const isBusy = !response || response.status === 429 || response.status >= 502;
      if (!isBusy || attempt >= maxAttempts) {
        const problem = response ? await this.refused(response, path, isOptional) : "unavailable";
        if (problem === "unavailable") {
          this.retries.failed(retryAfterMs(response));
        }
        return { problem };
      }
      await pause(timers, backoff.next(retryAfterMs(response)), this.ending.signal);
    }
    return { problem: "unavailable" };
  }

  /** As `get`, for the people themselves: an answer that is cut off, or about something else, has failed too. */
  async getPeople(path: string, options?: RequestOptions): Promise<PeopleAnswer> {
    const { response, problem } = await this.get(path, options);
    if (!response) {
      return { problem };
    }
    const body: unknown = await response.json().catch(() => undefined);
    if (isAboutPeople(body)) {
      return { body };
    }
    if (!this.ending.signal.aborted) {
      const { url, report } = this.options;
      report("people:unreadable", `The hub at ${url} gives no whole answer about people. Check the URL. Retrying.`);
      this.retries.failed(undefined);
    }
    return { problem: "unavailable" };
  }

  /** Ends every request and wait. */
  end(): void {
    this.ending.abort();
    this.retries.end();
  }

  /** Undefined when there is no answer that the page may read. */
  private async send(path: string, refresh: boolean): Promise<Response | undefined> {
    const { url, accessTokenFactory, fetch, report } = this.options;
    try {
      const token = await accessTokenFactory({ refresh });
      return await fetch(peopleUrl(url) + path, {
        headers: { Authorization: `Bearer ${token}` },
        signal: this.ending.signal,
      });
    } catch (error) {
      if (!this.ending.signal.aborted) {
        report(
          "people:unreachable",
          `Cannot read people from the hub at ${url} (${error instanceof Error ? error.message : String(error)}). ` +
            "Check the URL and the token source, and that Http:AllowedOrigins of the hub lists this page's origin. " +
            "Retrying.",
        );
      }
      return undefined;
    }
  }

  /** No request can succeed on this page any more. */
  private endSupport(reason: string): PersonProblem {
    this.notSupported = true;
    this.options.report(
      "people:notSupported",
      `The hub does not read people: ${reason}. ` +
        "Use the attribute user-id with an object id instead of email and person-query.",
    );
    return "notSupported";
  }

  private async refused(response: Response, path: string, isOptional: boolean): Promise<PersonProblem | "notFound"> {
    const { report } = this.options;
    const detail = await problemDetail(response);
    switch (response.status) {
      case 404:
        // One person's photo is missing; the address of all people is missing in hubs without a look-up.
        return path.startsWith("?") ? this.endSupport("this hub has no people look-up") : "notFound";
      case 501:
        if (isOptional) {
          report("people:optional", `The hub refuses this request for people only: ${detail || "status 501"}.`);
          return "notSupported";
        }
        return this.endSupport(detail || "grant it the permission User.ReadBasic.All");
      case 401:
      case 403:
        report("people:unauthorized", `The hub refuses to show people: ${detail || `status ${response.status}`}.`);
        return "unauthorized";
      default:
        report("people:failed", `The hub answered ${response.status} to a request for people: ${detail}.`);
        return "unavailable";
    }
  }
}

function isAboutPeople(body: unknown): body is Record<string, unknown> {
  return typeof body === "object" && body !== null && "people" in body && Array.isArray(body.people);
}

/** `/prefix/hubs/presence` becomes `/prefix/api/people`. */
function peopleUrl(hubUrl: string): string {
  const page = (globalThis as { document?: { baseURI: string } }).document?.baseURI;
  return new URL("../api/people", new URL(hubUrl, page)).href;
}

function retryAfterMs(response: Response | undefined): number | undefined {
  const seconds = Number(response?.headers.get("Retry-After") ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1_000 : undefined;
}

async function problemDetail(response: Response): Promise<string> {
  try {
    const { detail } = (await response.json()) as { detail?: unknown };
    return typeof detail === "string" ? detail.replace(/\.$/, "") : "";
  } catch {
    return "";
  }
}
