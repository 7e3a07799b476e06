import type { Timers } from "../Timers.js";
import { LocalCarrier, WorkerCarrier, type Carrier } from "./Carrier.js";
import { ElectedCarrier } from "./ElectedCarrier.js";
import { messageVersion } from "./messages.js";
import { createPageWorker } from "./pageWorker.js";
import { SharedHost } from "./SharedHost.js";
import type { SharedPresenceClientOptions } from "./SharedPresenceClient.js";

/** The ways from a tab to the host of its user. */
export class TabCarriers {
  /** The user of the present ways; undefined for one who is not known and so shares with no one. */
  userKey: string | undefined;
  private present: readonly Carrier[] | undefined;

  constructor(
    private readonly url: string,
    private readonly options: Pick<SharedPresenceClientOptions, "createCarriers" | "createWorker">,
    private readonly timers: Timers,
  ) {}

  of(userKey: string | undefined): readonly Carrier[] {
    if (!this.present || userKey !== this.userKey) {
      this.close();
      this.userKey = userKey;
      this.present = this.create(userKey);
    }
    return this.present;
  }

  close(): void {
    this.present?.forEach((carrier) => carrier.close());
    this.present = undefined;
  }

  private create(userKey: string | undefined): readonly Carrier[] {
    const createHost = () => new SharedHost({ timers: this.timers });
    const own = new LocalCarrier(createHost);
    if (userKey === undefined) {
      return [own];
    }
    const name = `presencehub/${messageVersion}/${this.url}/${userKey}`;
    const { createCarriers, createWorker = createPageWorker } = this.options;
    if (createCarriers) {
      return createCarriers(name);
    }
    const carriers: Carrier[] = [];
    if (createWorker && typeof SharedWorker === "function") {
      carriers.push(new WorkerCarrier(name, createWorker));
    }
    if (ElectedCarrier.isAvailable) {
      carriers.push(new LazyCarrier(() => new ElectedCarrier(name, this.timers, createHost)));
    }
    return [...carriers, own];
  }
}

/** A tab that uses the worker must not stand for election. */
class LazyCarrier implements Carrier {
  private carrier: Carrier | undefined;

  constructor(private readonly create: () => Carrier) {}

  open(tab: string) {
    return (this.carrier ??= this.create()).open(tab);
  }

  failed(): void {
    this.carrier?.failed();
  }

  onceAvailable(callback: () => void): void {
    this.carrier?.onceAvailable?.(callback);
  }

  close(): void {
    this.carrier?.close();
    this.carrier = undefined;
  }
}
