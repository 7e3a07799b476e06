import { PresenceClient, type AccessTokenFactory, type ConnectionStatus } from "../src/index.js";
import type { Person } from "./Person.js";
import { Roster } from "./Roster.js";

/** Keeps the roster in step with the hub. */
export class Board {
  private readonly client: PresenceClient;
  private readonly roster: Roster;
  private readonly forgetDay: () => void;

  /** @param pageSize How many people one connection may watch; more of them are paged. */
  constructor(
    people: readonly Person[],
    accessToken: AccessTokenFactory,
    pageSize: number,
    onStatus: (status: ConnectionStatus) => void,
    onStale: (stale: number) => void,
  ) {
    // Relative to the page: a proxy may publish both below a path.
    const url = new URL("hubs/presence", document.baseURI).href;
    const client = new PresenceClient({ url, accessTokenFactory: accessToken });
    const onPage = (added: readonly string[], removed: readonly string[]) => {
      // First, so that the connection never watches more than it may.
      client.unwatch(removed);
      client.watch(added).catch((error: unknown) => console.error("The hub refused the watch list", error));
    };
    const roster = new Roster(people, { pageSize, onStale, onPage });
    client.on("connectionStateChanged", onStatus);
    client.on("entriesChanged", (entries) => roster.update(entries));
    client.on("rejected", (subjects) => roster.reject(subjects));
    client.on("revoked", (ids) => roster.remove(ids));
    this.client = client;
    this.roster = roster;
    this.forgetDay = onDayChange(() => roster.updateTimes());
    void client.connect();
  }

  /** Leaves the cards, as stale ones. */
  stop(): Promise<void> {
    this.forgetDay();
    const stopped = this.client.stop();
    this.roster.end();
    return stopped;
  }
}

/** Returns the function that ends it. */
function onDayChange(action: () => void): () => void {
  let today = new Date().toDateString();
  const handle = setInterval(() => {
    const now = new Date().toDateString();
    if (now !== today) {
      today = now;
      action();
    }
  }, 60_000);
  return () => clearInterval(handle);
}
