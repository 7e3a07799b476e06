import { PeopleClient } from "../people/PeopleClient.js";
import { PresenceClient } from "../PresenceClient.js";
import type { AccessTokenFactory } from "../PresenceClientOptions.js";
import type { PresenceSource } from "../PresenceSource.js";
import type { CreateWorker } from "../shared/pageWorker.js";
import { SharedPresenceClient } from "../shared/SharedPresenceClient.js";
import { connectionAdvice, unreachableAdvice } from "./connectionAdvice.js";
import { report } from "./PageReports.js";
import { SubjectWatches } from "./SubjectWatches.js";
import { tokenFromUrl } from "./tokenUrl.js";

/** Where presence comes from, and as which user. */
export interface PresenceConfiguration {
  /** The hub, for instance `https://presence.example.com/hubs/presence`; it may be relative to the page. */
  readonly url: string;
  /** Returns the access token. Either this or `tokenUrl` is needed, unless `source` is given. */
  readonly accessTokenFactory?: AccessTokenFactory | undefined;
  /** An address that answers a POST with `{ accessToken, expiresIn }` for the user of the page. */
  readonly tokenUrl?: string | undefined;
  /** `false` for a connection of this page alone. Default: all tabs of the browser share one for the same user. */
  readonly share?: boolean | undefined;
  /** Who the user is, when the token does not hold tenant and object id: tabs with the same key share. */
  readonly userKey?: string | undefined;
  /** Creates the shared worker; `false` for none: one of the tabs then has the connection. */
  readonly createWorker?: CreateWorker | false | undefined;
  /** A client of the application, which the elements then use and never stop. */
  readonly source?: PresenceSource | undefined;
}

/** The connection of the elements below one provider, or of those of the page. */
export class PresenceContext {
  readonly watches: SubjectWatches;
  /** Undefined when there is no token to ask for people. */
  readonly people: PeopleClient | undefined;
  /** Why no presence can be shown until this changes, in words. */
  problem: string | undefined;

  private readonly source: PresenceSource;
  private readonly ownsSource: boolean;
  private isEnded = false;
  private readonly listeners = new Set<() => void>();
  private readonly removeStatusListener: () => void;

  constructor(readonly configuration: PresenceConfiguration) {
    const { url, tokenUrl, source } = configuration;
    const accessTokenFactory = configuration.accessTokenFactory ?? (tokenUrl ? tokenFromUrl(tokenUrl) : undefined);
    this.people = accessTokenFactory && new PeopleClient({ url, accessTokenFactory, report });
    this.ownsSource = source === undefined;
    this.source = source ?? createSource(configuration, accessTokenFactory ?? noToken);
    this.watches = new SubjectWatches(this.source);
    this.removeStatusListener = this.source.on("connectionStateChanged", () => this.statusChanged());
    if (source || accessTokenFactory) {
      this.source.connect().catch((error: unknown) => this.failed(error));
    } else {
      this.failed(new Error("there is no accessTokenFactory and no token URL"));
    }
  }

  /** Returns the function that removes the listener. */
  onProblemChanged(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  end(): void {
    this.isEnded = true;
    this.removeStatusListener();
    this.listeners.clear();
    this.watches.end();
    this.people?.stop();
    if (this.ownsSource) {
      void this.source.stop();
    }
  }

  private statusChanged(): void {
    const { status, configuration } = this;
    const advice = connectionAdvice(status, configuration.url);
    const line = advice ?? unreachableAdvice(status, configuration.url);
    // A client of the application reports by itself.
    if (line !== undefined && this.ownsSource) {
      report(`connection:${status.error?.code}`, line);
    }
    this.setProblem(advice);
  }

  private get status() {
    return this.source.status;
  }

  /** The client cannot even try, for instance because the URL is malformed. */
  private failed(error: unknown): void {
    if (!this.isEnded) {
      const text = error instanceof Error ? error.message : String(error);
      const { url } = this.configuration;
      const line = `Cannot connect to the hub at ${url}: ${text}. Check the URL and the token source.`;
      report("connection:failed", line);
      this.setProblem(line);
    }
  }

  private setProblem(problem: string | undefined): void {
    if (this.problem !== problem) {
      this.problem = problem;
      this.listeners.forEach((listener) => listener());
    }
  }
}

/** A page that is hidden for long needs no connection. */
const ownOptions = { whenHidden: "pause", log: false } as const;

function createSource(configuration: PresenceConfiguration, accessTokenFactory: AccessTokenFactory): PresenceSource {
  const { url, share = true, userKey, createWorker } = configuration;
  return share
    ? new SharedPresenceClient({ url, accessTokenFactory, userKey, createWorker })
    : new PresenceClient({ ...ownOptions, url, accessTokenFactory });
}

function noToken(): never {
  throw new Error("There is no token source.");
}
