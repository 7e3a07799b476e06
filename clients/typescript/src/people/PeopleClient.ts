import { toSubjectId } from "../contract.js";
import { Deferred } from "../Deferred.js";
import type { AccessTokenFactory } from "../PresenceClientOptions.js";
import { systemTimers, type Timers } from "../Timers.js";
import { ExpiringCache } from "./ExpiringCache.js";
import { KeyBatch } from "./KeyBatch.js";
import { listPeople, type ListOptions, type PeopleListed } from "./listPeople.js";
import { PeopleApi, type PeopleAnswer } from "./PeopleApi.js";
import type { PeopleFound, PersonLookup, PersonProblem } from "./Person.js";
import { PhotoStore, type PhotoLease, type PhotoSize } from "./PhotoStore.js";
import { readPeople } from "./readPeople.js";

export interface PeopleClientOptions {
  /** The hub, as for `PresenceClient`; people are at `../api/people` of it. */
  readonly url: string;
  readonly accessTokenFactory: AccessTokenFactory;
  /** Receives each cause of a failure once, with a text that says what to do. Default: `console.warn`. */
  readonly report?: (cause: string, message: string) => void;
  /** For tests. */
  readonly fetch?: typeof globalThis.fetch;
  /** For tests. */
  readonly timers?: Timers;
  /** For tests: milliseconds. */
  readonly now?: () => number;
  /** For tests: a number in [0, 1). */
  readonly random?: () => number;
}

const maxCached = 2_000;
const foundLifetimeMs = 10 * 60_000;
const missingLifetimeMs = 60_000;
/** Longer texts cannot be an address (RFC 5321), and no search needs more. */
const maxKeyLength = 320;

/**
 * Resolves ids, addresses and names to people through the hub. The calls of one turn share a request, each key is asked
 * once while it is cached, and nothing throws: an answer is a person or the reason why there is none.
 */
export class PeopleClient {
  private readonly api: PeopleApi;
  private readonly photos: PhotoStore;
  private readonly timers: Timers;
  private readonly cache: ExpiringCache<Promise<PersonLookup>>;
  private readonly waiting = new Map<string, Deferred<PersonLookup>>();
  private readonly ids: KeyBatch;
  private readonly emails: KeyBatch;

  constructor(options: PeopleClientOptions) {
    this.timers = options.timers ?? systemTimers;
    this.cache = new ExpiringCache(maxCached, options.now ?? Date.now);
    this.api = new PeopleApi({
      url: options.url,
      accessTokenFactory: options.accessTokenFactory,
      report: options.report ?? reportOnce(),
      fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
      timers: this.timers,
      random: options.random ?? Math.random,
    });
    this.photos = new PhotoStore(this.api);
    this.ids = new KeyBatch(this.timers, (keys) => void this.ask("ids", keys));
    this.emails = new KeyBatch(this.timers, (keys) => void this.ask("emails", keys));
  }

  byId(id: string): Promise<PersonLookup> {
    const subject = toSubjectId(id);
    return subject === undefined ? Promise.resolve({ problem: "invalidId" }) : this.lookUp("ids", subject, this.ids);
  }

  byEmail(address: string): Promise<PersonLookup> {
    const email = address.trim().toLowerCase();
    return isEmail(email) ? this.lookUp("emails", email, this.emails) : Promise.resolve({ problem: "invalidEmail" });
  }

  /** The first person that the hub finds by a name or a part of it. A text that is an address is looked up as one. */
  bySearch(text: string): Promise<PersonLookup> {
    const query = text.trim().toLowerCase();
    if (isEmail(query)) {
      return this.byEmail(query);
    }
    if (query === "" || query.length > maxKeyLength) {
      return Promise.resolve({ problem: "notVisible" });
    }
    return this.remember(`search:${query}`, () => this.search(query));
  }

  /**
   * The people whose names have words that begin with those of the text. The answer is not kept.
   * @param most The most people that are wanted; the hub may answer fewer.
   */
  async find(text: string, most: number): Promise<PeopleFound> {
    const query = text.trim();
    if (query === "" || query.length > maxKeyLength) {
      return { people: [] };
    }
    const answer = await this.api.getPeople(`?search=${encodeURIComponent(query)}&top=${most}`);
    return answer.body ? { people: readPeople(answer.body, "search").people } : { problem: problemOf(answer) };
  }

  /** The people of a department or of the whole company, page by page. The answer is not kept. */
  list(options: ListOptions): Promise<PeopleListed> {
    return listPeople(this.api, options);
  }

  /** The photo as a `blob:` URL until the lease is released; undefined when there is none. */
  photo(id: string, size: PhotoSize): Promise<PhotoLease | undefined> {
    return this.photos.take(id, size);
  }

  /**
   * Calls back when people and photos that were `unavailable` may be asked for again: after a wait that grows with each
   * failure, or as long as the hub says. Returns the function that removes the listener.
   */
  onRetry(listener: () => void): () => void {
    return this.api.onRetry(listener);
  }

  /** Ends all requests. Answers that are still awaited are `unavailable`. */
  stop(): void {
    this.api.end();
    this.photos.clear();
    this.waiting.forEach((waiting) => waiting.resolve({ problem: "unavailable" }));
    this.waiting.clear();
  }

  private lookUp(kind: string, key: string, batch: KeyBatch): Promise<PersonLookup> {
    return this.remember(`${kind}:${key}`, () => {
      const answer = new Deferred<PersonLookup>();
      this.waiting.set(`${kind}:${key}`, answer);
      batch.add(key);
      return answer.promise;
    });
  }

  private remember(key: string, ask: () => Promise<PersonLookup>): Promise<PersonLookup> {
    const known = this.cache.get(key);
    if (known) {
      return known;
    }
    const asked = ask();
    this.cache.set(key, asked, foundLifetimeMs);
    void asked.then(({ person, problem }) => {
      if (person || this.cache.get(key) !== asked) {
        return;
      }
      if (problem === "unavailable") {
        // Kept by those who asked, until the retry.
        this.cache.delete(key);
      } else {
        this.cache.set(key, asked, missingLifetimeMs);
      }
    });
    return asked;
  }

  private async ask(kind: "ids" | "emails", keys: readonly string[]): Promise<void> {
    const answer = await this.api.getPeople(`?${kind}=${keys.map(encodeURIComponent).join(",")}`);
    const found = answer.body && readPeople(answer.body, kind).found;
    for (const key of keys) {
      const waiting = this.waiting.get(`${kind}:${key}`);
      this.waiting.delete(`${kind}:${key}`);
      waiting?.resolve(found?.get(key) ?? { problem: problemOf(answer) });
    }
  }

  private async search(query: string): Promise<PersonLookup> {
    const answer = await this.api.getPeople(`?search=${encodeURIComponent(query)}&top=1`);
    const person = answer.body && readPeople(answer.body, "search").people[0];
    return person ? { person } : { problem: problemOf(answer) };
  }
}

/** Why a person is not in an answer. */
function problemOf({ problem = "notVisible" }: PeopleAnswer): PersonProblem {
  // A hub without the people API answers 404 to the whole request.
  return problem === "notFound" ? "unavailable" : problem;
}

function isEmail(text: string): boolean {
  return text.length <= maxKeyLength && /^[^\s@,]+@[^\s@,]+$/.test(text);
}

function reportOnce(): (cause: string, message: string) => void {
  const reported = new Set<string>();
  return (cause, message) => {
    if (!reported.has(cause)) {
      reported.add(cause);
      console.warn(`PresenceHub: ${message}`);
    }
  };
}
