interface Stoppable {
  stop(): Promise<void>;
}

/** The client of the hub that the properties name. Another hub, or none, ends the connection to the one before. */
export class HubTarget<Client extends Stoppable> {
  private client: Client | undefined;
  private connectedTo = "";

  constructor(private readonly connect: (hub: string, resource: string) => Client) {}

  get current(): Client | undefined {
    return this.client;
  }

  /** @returns Whether there is a hub to connect to. */
  set(hub: string | undefined, resource: string | undefined): boolean {
    const target = hub && resource ? `${hub} ${resource}` : "";
    if (this.connectedTo !== target) {
      this.connectedTo = target;
      void this.client?.stop();
      this.client = hub && resource ? this.connect(hub, resource) : undefined;
    }
    return target !== "";
  }
}
