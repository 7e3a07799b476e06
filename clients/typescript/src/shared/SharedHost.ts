import { systemTimers, type Timers } from "../Timers.js";
import type { Channel } from "./Channel.js";
import { createHostedClient, type CreateHostedClient, type HostedClient } from "./HostedClient.js";
import { HostedTab } from "./HostedTab.js";
import { readTabMessage, toStatusMessage, type TabMessage } from "./messages.js";
import { whenTabEnds } from "./tabLock.js";
import { TokenDesk } from "./TokenDesk.js";

export interface HostSettings {
  readonly createClient?: CreateHostedClient;
  readonly timers?: Timers;
  readonly now?: () => number;
}

/** More tabs than a browser shows; a page that opens channels without end is stopped here. */
const maxTabs = 500;
/** Browsers run the timers of a hidden tab once a minute, so a tab is missed after more than two minutes of silence. */
const silentMs = 150_000;
const checkMs = 30_000;
const pauseAfterHiddenMs = 60_000;
/** A page that is reloaded comes back within this time, and finds the connection. */
const keepWithoutTabsMs = 3_000;

/** Serves all tabs of a user from one client. It runs in a worker, or in the tab that was elected. */
export class SharedHost {
  private readonly tabs = new Map<string, HostedTab>();
  private readonly desk: TokenDesk;
  private readonly timers: Timers;
  private readonly now: () => number;
  private client: HostedClient | undefined;
  private removeListeners: (() => void)[] = [];
  private check: unknown;
  private idle: unknown;

  constructor(private readonly settings: HostSettings = {}) {
    this.timers = settings.timers ?? systemTimers;
    this.now = settings.now ?? Date.now;
    this.desk = new TokenDesk(() => [...this.tabs.values()], this.timers);
  }

  /** Serves the tab at the other end from its first message on. */
  accept(channel: Channel): void {
    let tab: HostedTab | undefined;
    channel.listen((value) => {
      const message = readTabMessage(value);
      if (message?.kind === "hello") {
        tab ??= this.add(message, channel);
      } else if (message && tab) {
        this.receive(tab, message);
      }
    });
  }

  /** Ends the connection, and tells the tabs to look for another host. */
  close(): void {
    [...this.tabs.values()].forEach((tab) => this.dismiss(tab));
    this.end();
  }

  private add(hello: TabMessage & { kind: "hello" }, channel: Channel): HostedTab | undefined {
    const previous = this.tabs.get(hello.tab);
    if (previous) {
      this.drop(previous);
    }
    if (this.tabs.size >= maxTabs) {
      return undefined;
    }
    const client = (this.client ??= this.begin(hello.url));
    const tab = new HostedTab(hello.tab, channel, client, hello.visible, this.now());
    this.tabs.set(tab.id, tab);
    const stopWaiting = whenTabEnds(tab.id, () => this.drop(tab));
    channel.onclose(stopWaiting);
    this.visibilityChanged();
    tab.post({ kind: "welcome", status: toStatusMessage(client.status) });
    // Not before there is a tab that has a token.
    client.connect().catch(() => undefined);
    return tab;
  }

  private receive(tab: HostedTab, message: TabMessage): void {
    tab.lastSeen = this.now();
    switch (message.kind) {
      case "call":
        void tab.call(message.call, message.method, message.ids);
        break;
      case "visible":
        tab.setVisible(message.visible);
        this.visibilityChanged();
        break;
      case "token":
        this.desk.answered(tab, message.request, message);
        break;
      case "ping":
        tab.post({ kind: "pong" });
        break;
      case "bye":
        this.drop(tab);
        break;
      case "hello":
        break;
    }
  }

  /** A tab that was only frozen looks for a host when it goes on. */
  private dismiss(tab: HostedTab): void {
    tab.post({ kind: "gone" });
    this.drop(tab);
  }

  private drop(tab: HostedTab): void {
    if (this.tabs.get(tab.id) === tab) {
      this.tabs.delete(tab.id);
      this.desk.left(tab);
      tab.release();
      this.visibilityChanged();
    }
  }

  private begin(url: string): HostedClient {
    const client = (this.settings.createClient ?? createHostedClient)(url, ({ refresh }) => this.desk.token(refresh));
    const each = (action: (tab: HostedTab) => void) => this.tabs.forEach(action);
    this.removeListeners = [
      client.on("entriesChanged", (entries) => each((tab) => tab.changed(entries))),
      client.on("revoked", (ids) => each((tab) => tab.ended(ids))),
      client.on("rejected", (subjects) => each((tab) => tab.ended(subjects.map(({ id }) => id.toLowerCase())))),
      client.on("draining", ({ reconnectAfterMs }) => each((tab) => tab.post({ kind: "draining", reconnectAfterMs }))),
      client.on("connectionStateChanged", (status) =>
        each((tab) => tab.post({ kind: "status", status: toStatusMessage(status) })),
      ),
    ];
    this.check = this.timers.setTimeout(() => this.dropSilent(), checkMs);
    return client;
  }

  private end(): void {
    this.timers.clearTimeout(this.check);
    this.timers.clearTimeout(this.idle);
    this.removeListeners.forEach((remove) => remove());
    void this.client?.stop();
    this.client = undefined;
  }

  private dropSilent(): void {
    const latest = this.now() - silentMs;
    const silent = [...this.tabs.values()].filter(({ lastSeen }) => lastSeen < latest);
    silent.forEach((tab) => this.dismiss(tab));
    if (this.client) {
      this.check = this.timers.setTimeout(() => this.dropSilent(), checkMs);
    }
  }

  private visibilityChanged(): void {
    this.timers.clearTimeout(this.idle);
    if (this.tabs.size === 0) {
      this.idle = this.timers.setTimeout(() => this.end(), keepWithoutTabsMs);
    } else if ([...this.tabs.values()].some(({ visible }) => visible)) {
      this.client?.resume?.();
    } else {
      this.idle = this.timers.setTimeout(() => this.client?.pause?.(), pauseAfterHiddenMs);
    }
  }
}
