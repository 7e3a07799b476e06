import type { AccessTokenFactory } from "../../src/index.js";
import { TokenSourceError } from "../../src/PresenceError.js";
import type { Carrier } from "../../src/shared/Carrier.js";
import { localChannels, type Channel } from "../../src/shared/Channel.js";
import { SharedHost } from "../../src/shared/SharedHost.js";
import { SharedPresenceClient, type SharedPresenceClientOptions } from "../../src/shared/SharedPresenceClient.js";
import { createClient } from "../clientOfHub.js";
import { FakeHub } from "../FakeHub.js";

/** A token of this user, as far as a tab reads it. */
export function tokenOf(user: string): string {
  return `e30.${btoa(JSON.stringify({ oid: user, tid: "tenant" }))}.`;
}

/** One browser: its hosts by name, as a browser has its shared workers, and tabs that reach them. */
export class Browser {
  readonly hub = new FakeHub();
  readonly hosts = new Map<string, SharedHost>();
  readonly channels: Channel[] = [];
  /** The tokens that the hub was given. */
  readonly tokens: string[] = [];
  readonly tokenProblems: unknown[] = [];
  pauses: string[] = [];

  tab(options: Partial<SharedPresenceClientOptions> = {}): SharedPresenceClient {
    return new SharedPresenceClient({
      url: "https://hub.example.com/hubs/presence",
      accessTokenFactory: () => tokenOf("ada"),
      createCarriers: (name) => [this.carrier(name)],
      ...options,
    });
  }

  /** The host ends, as when the leading tab is closed. */
  endHosts(): void {
    const hosts = [...this.hosts.values()];
    this.hosts.clear();
    hosts.forEach((host) => host.close());
  }

  carrier(name: string): Carrier {
    return {
      open: () => {
        const host = this.hosts.get(name) ?? this.createHost();
        this.hosts.set(name, host);
        const [mine, theirs] = localChannels();
        this.channels.push(mine);
        host.accept(theirs);
        return Promise.resolve(mine);
      },
      failed: () => undefined,
      close: () => undefined,
    };
  }

  private async tokenFrom(accessTokenFactory: AccessTokenFactory): Promise<string> {
    try {
      return await accessTokenFactory({ refresh: false });
    } catch (error) {
      this.tokenProblems.push(error);
      // As a link of the hub does.
      throw new TokenSourceError(error);
    }
  }

  private createHost(): SharedHost {
    return new SharedHost({
      createClient: (_, accessTokenFactory) => {
        const client = createClient(this.hub, {
          createLink: () => {
            const link = this.hub.createLink();
            const start = link.start.bind(link);
            link.start = async () => {
              this.tokens.push(await this.tokenFrom(accessTokenFactory));
              await start();
            };
            return link;
          },
        });
        return Object.assign(client, {
          pause: () => void this.pauses.push("pause"),
          resume: () => void this.pauses.push("resume"),
        });
      },
    });
  }
}
