import type { PresenceEntry, WatchRequest, WatchResult } from "../src/contract.js";
import type { HubLink } from "../src/index.js";

type Handler = (...args: unknown[]) => void;

/** A connection that tests drive by hand. */
export class FakeLink implements HubLink {
  readonly calls: { method: string; argument: unknown }[] = [];
  stops = 0;
  private readonly handlers = new Map<string, Handler>();
  private readonly closeHandlers: ((error?: Error) => void)[] = [];
  private open = false;

  constructor(private readonly hub: FakeHub) {}

  async start(): Promise<void> {
    await this.hub.onStart();
    this.open = true;
  }

  stop(): Promise<void> {
    this.stops++;
    this.drop();
    return Promise.resolve();
  }

  invoke(method: string, argument: unknown): Promise<unknown> {
    this.calls.push({ method, argument });
    if (!this.open) {
      return Promise.reject(new Error("Cannot send data if the connection is not in the 'Connected' State."));
    }
    return this.hub.onCall(method, argument);
  }

  on(method: string, handler: (...args: never[]) => void): void {
    this.handlers.set(method, handler as Handler);
  }

  onclose(handler: (error?: Error) => void): void {
    this.closeHandlers.push(handler);
  }

  tell(method: string, argument: unknown): void {
    this.handlers.get(method)?.(argument);
  }

  drop(error?: Error): void {
    if (this.open) {
      this.open = false;
      this.closeHandlers.forEach((handler) => handler(error));
    }
  }

  watches(): WatchRequest[] {
    return this.calls.filter((call) => call.method === "Watch").map((call) => call.argument as WatchRequest);
  }
}

/** Makes connections and answers their calls; by default all subjects are available and do not change. */
export class FakeHub {
  readonly links: FakeLink[] = [];
  onStart: () => Promise<void> = () => Promise.resolve();
  onCall: (method: string, argument: unknown) => Promise<unknown> = (method, argument) =>
    Promise.resolve(this.answer(method, argument));
  private cursors = 0;

  readonly createLink = (): FakeLink => {
    const link = new FakeLink(this);
    this.links.push(link);
    return link;
  };

  get link(): FakeLink {
    const last = this.links.at(-1);
    if (!last) {
      throw new Error("No connection was made yet.");
    }
    return last;
  }

  answer(method: string, argument: unknown): unknown {
    switch (method) {
      case "Watch": {
        const { ids, cursor } = argument as WatchRequest;
        return watchResult(cursor === undefined ? ids.map((id) => entry({ id })) : [], `cursor-${++this.cursors}`);
      }
      case "Get":
        return (argument as string[]).map((id) => entry({ id }));
      default:
        return null;
    }
  }
}

export function watchResult(
  entries: PresenceEntry[],
  cursor: string,
  rejected: WatchResult["rejected"] = [],
): WatchResult {
  return { entries, rejected, cursor };
}

export function subject(number: number): string {
  return `${number.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`;
}

export function entry(values: Partial<PresenceEntry> = {}): PresenceEntry {
  return {
    id: subject(1),
    availability: "Available",
    activity: "Available",
    freshness: "live",
    since: "2026-01-01T08:00:00.000000Z",
    observedAt: "2026-01-01T09:00:00.000000Z",
    epoch: 1,
    revision: 1,
    ...values,
  };
}

export function hubError(code: string, text = "because"): Error {
  return new Error(`An unexpected error occurred invoking 'Watch' on the server. HubException: ${code}: ${text}`);
}
