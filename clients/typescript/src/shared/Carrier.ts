import { localChannels, PortChannel, type Channel } from "./Channel.js";
import type { CreateWorker } from "./pageWorker.js";
import type { SharedHost } from "./SharedHost.js";

/** A way from a tab to the host. */
export interface Carrier {
  /** A channel to the present host. Fails when there is no host to be had this way. */
  open(tab: string): Promise<Channel>;
  /** The host has not answered on a channel of this carrier. */
  failed(): void;
  /**
   * Calls back once when there is a host to be had this way after all. Until the next `open`; only for carriers whose
   * failure can pass.
   */
  onceAvailable?(callback: () => void): void;
  /** The tab ends: leaves the host to the other tabs. */
  close(): void;
}

/** The host is a worker that all tabs share. */
export class WorkerCarrier implements Carrier {
  private isUsable = true;

  constructor(
    private readonly name: string,
    private readonly createWorker: CreateWorker,
  ) {}

  open(): Promise<Channel> {
    if (!this.isUsable) {
      return Promise.reject(new Error("The worker does not start."));
    }
    try {
      const worker = this.createWorker(this.name);
      const channel = new PortChannel(worker.port);
      // Such as a policy of the page that does not allow the worker, or a file that is not there.
      worker.addEventListener("error", () => {
        this.isUsable = false;
        channel.close();
      });
      return Promise.resolve(channel);
    } catch (error) {
      // Such as a script of another origin.
      this.isUsable = false;
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  failed(): void {
    this.isUsable = false;
  }

  close(): void {
    // The browser ends the worker with its last tab.
  }
}

/** The host is this page's own. */
export class LocalCarrier implements Carrier {
  private host: SharedHost | undefined;

  constructor(private readonly createHost: () => SharedHost) {}

  open(): Promise<Channel> {
    this.host ??= this.createHost();
    const [mine, theirs] = localChannels();
    this.host.accept(theirs);
    return Promise.resolve(mine);
  }

  failed(): void {
    this.close();
  }

  close(): void {
    this.host?.close();
    this.host = undefined;
  }
}
