import { Deferred } from "../Deferred.js";
import type { HubLink } from "../HubLink.js";
import { PresenceError } from "../PresenceError.js";
import type { Timers } from "../Timers.js";
import type { Carrier } from "./Carrier.js";
import type { Channel } from "./Channel.js";
import { readHostMessage, type CallMethod, type HostMessage, type StatusMessage, type TabMessage } from "./messages.js";

export interface TabLinkSettings {
  readonly tab: string;
  readonly url: string;
  readonly timers: Timers;
  /** The ways to a host, the best one first. Asked for each attempt, since the user may be another one. */
  readonly carriers: () => Promise<readonly Carrier[]>;
  readonly token: (refresh: boolean) => Promise<string>;
  readonly isVisible: () => boolean;
}

export interface TabLinkListener {
  status(status: StatusMessage): void;
  draining(reconnectAfterMs: number): void;
}

const welcomeMs = 5_000;
const pingMs = 20_000;

/** A hub connection as the tab's client sees it; the hub is the host that all tabs share. */
export class TabLink implements HubLink {
  private readonly handlers = new Map<string, (argument: never) => void>();
  private readonly closeHandlers: ((error?: Error) => void)[] = [];
  private readonly calls = new Map<number, Deferred<unknown>>();
  private callCount = 0;
  private channel: Channel | undefined;
  private ping: unknown;
  private answered = true;
  private isStopped = false;

  constructor(
    private readonly settings: TabLinkSettings,
    private readonly listener: TabLinkListener,
  ) {}

  async start(): Promise<void> {
    let failure: unknown;
    let isBetter = false as boolean;
    for (const carrier of await this.settings.carriers()) {
      try {
        const channel = await carrier.open(this.settings.tab);
        await this.greet(channel);
        if (this.isStopped) {
          // The client has given this attempt up.
          leave(channel);
          return;
        }
        this.channel = channel;
        this.keepAlive();
        if (isBetter) {
          leave(channel);
        }
        return;
      } catch (error) {
        carrier.failed();
        // Until then another carrier serves this tab. It is left, and the next attempt begins with the best one again.
        carrier.onceAvailable?.(() => (this.channel ? leave(this.channel) : (isBetter = true)));
        failure = error;
      }
    }
    throw new PresenceError("disconnected", "No connection could be shared or opened.", { cause: failure });
  }

  stop(): Promise<void> {
    this.isStopped = true;
    if (this.channel) {
      leave(this.channel);
    }
    return Promise.resolve();
  }

  invoke(method: string, argument: unknown): Promise<unknown> {
    const answer = new Deferred<unknown>();
    const call = ++this.callCount;
    // The host answers in full, so a cursor is of no use to it.
    const ids = method === "Watch" ? (argument as { ids: readonly string[] }).ids : (argument as readonly string[]);
    if (!this.channel) {
      return Promise.reject(new PresenceError("disconnected", "There is no host."));
    }
    this.calls.set(call, answer);
    this.channel.post({ kind: "call", call, method: method as CallMethod, ids } satisfies TabMessage);
    return answer.promise;
  }

  on(method: string, handler: (...args: never[]) => void): void {
    this.handlers.set(method, handler);
  }

  onclose(handler: (error?: Error) => void): void {
    this.closeHandlers.push(handler);
  }

  setVisible(visible: boolean): void {
    this.channel?.post({ kind: "visible", visible } satisfies TabMessage);
  }

  /** Resolves when the host has answered on the channel. */
  private async greet(channel: Channel): Promise<void> {
    const welcome = new Deferred<void>();
    const { tab, url, timers, isVisible } = this.settings;
    const timeout = timers.setTimeout(() => channel.close(), welcomeMs);
    channel.onclose(() => welcome.reject(new Error("The host did not answer.")));
    channel.listen((value) => {
      const message = readHostMessage(value);
      if (message?.kind === "welcome") {
        this.listener.status(message.status);
        welcome.resolve();
      } else if (message) {
        this.receive(message, channel);
      }
    });
    channel.post({ kind: "hello", tab, url, visible: isVisible() } satisfies TabMessage);
    try {
      await welcome.promise;
      channel.onclose(() => this.ended());
    } finally {
      timers.clearTimeout(timeout);
    }
  }

  private receive(message: HostMessage, channel: Channel): void {
    switch (message.kind) {
      case "status":
        this.listener.status(message.status);
        break;
      case "changed":
        this.tell("PresenceChanged", message.entries);
        break;
      case "revoked":
        this.tell("Revoked", message.ids);
        break;
      case "draining":
        this.listener.draining(message.reconnectAfterMs);
        break;
      case "answer":
        this.settle(message);
        break;
      case "tokenWanted":
        void this.sendToken(channel, message.request, message.refresh);
        break;
      case "pong":
        this.answered = true;
        break;
      case "gone":
        channel.close();
        break;
      case "welcome":
        break;
    }
  }

  private tell(method: string, argument: unknown): void {
    this.handlers.get(method)?.(argument as never);
  }

  private settle({ call, result, error }: HostMessage & { kind: "answer" }): void {
    const answer = this.calls.get(call);
    this.calls.delete(call);
    if (error) {
      // In the form of a hub's error, from which the client reads the code.
      answer?.reject(new Error(`${error.code}: ${error.message}`));
    } else {
      answer?.resolve(result);
    }
  }

  private async sendToken(channel: Channel, request: number, refresh: boolean): Promise<void> {
    try {
      const token = await this.settings.token(refresh);
      channel.post({ kind: "token", request, token } satisfies TabMessage);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      const code = error instanceof PresenceError && { code: error.code };
      channel.post({ kind: "token", request, error: text, ...code } satisfies TabMessage);
    }
  }

  /** A worker that crashed and a leader that is frozen tell nothing. */
  private keepAlive(): void {
    this.ping = this.settings.timers.setTimeout(() => {
      if (!this.answered) {
        this.channel?.close();
        return;
      }
      this.answered = false;
      this.channel?.post({ kind: "ping" } satisfies TabMessage);
      this.keepAlive();
    }, pingMs);
  }

  private ended(): void {
    this.channel = undefined;
    this.settings.timers.clearTimeout(this.ping);
    const error = new PresenceError("disconnected", "The shared connection has another host.");
    const calls = [...this.calls.values()];
    this.calls.clear();
    calls.forEach((call) => {
      call.allowUnawaited();
      call.reject(error);
    });
    this.closeHandlers.forEach((handler) => handler(error));
  }
}

function leave(channel: Channel): void {
  channel.post({ kind: "bye" } satisfies TabMessage);
  channel.close();
}
