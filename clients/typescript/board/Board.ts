import { PresenceClient, type AccessTokenFactory, type ConnectionStatus } from "../src/index.js";
import type { Person } from "./Person.js";
import { Roster } from "./Roster.js";

/** Keeps the roster in step with the hub. */
export class Board {
  private readonly client: PresenceClient;
  private readonly forgetDay: () => void;

  constructor(
    people: readonly Person[],
    accessToken: AccessTokenFactory,
    onStatus: (status: ConnectionStatus) => void,
    onStale: (stale: number) => void,
  ) {
    const roster = new Roster(people, onStale);
    // Relative to the page: a proxy may publish both below a path.
    const url = new URL("hubs/presence", document.baseURI).href;
    this.client = new PresenceClient({ url, accessTokenFactory: accessToken });
    this.client.on("connectionStateChanged", onStatus);
    this.client.on("entriesChanged", (entries) => roster.update(entries));
    this.client.on("rejected", (subjects) => roster.reject(subjects));
    this.client.on("revoked", (ids) => roster.remove(ids));
    this.forgetDay = onDayChange(() => roster.updateTimes());

    void this.client.connect();
    this.client
      .watch(people.map((person) => person.id))
      .catch((error: unknown) => console.error("The hub refused the watch list", error));
  }

  stop(): Promise<void> {
    this.forgetDay();
    return this.client.stop();
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
