/** The only part of `WebSocket` that SignalR constructs. */
export type SocketConstructor = new (url: string | URL, protocols?: string | string[]) => WebSocket;

/** Cuts the sockets of a page from below, as a network does: the client learns of it only by the loss. */
export class ConnectionCut {
  private readonly sockets = new Set<WebSocket>();
  private held = false;

  /** Whether new sockets fail too. */
  get isHeld(): boolean {
    return this.held;
  }

  /** A constructor to give to SignalR. */
  wrap(socket: SocketConstructor): SocketConstructor {
    const opening = () => this.refuseWhileHeld();
    const opened = (created: WebSocket) => this.follow(created);
    return class extends socket {
      constructor(url: string | URL, protocols?: string | string[]) {
        opening();
        super(url, protocols);
        opened(this);
      }
    };
  }

  /** Cuts what is open now; the client may connect again. */
  once(): void {
    this.sockets.forEach((socket) => socket.close());
  }

  /** Cuts what is open, and fails what is opened later until `release`. */
  hold(): void {
    this.held = true;
    this.once();
  }

  release(): void {
    this.held = false;
  }

  private refuseWhileHeld(): void {
    if (this.held) {
      throw new Error("The page has cut its connection.");
    }
  }

  private follow(socket: WebSocket): void {
    this.sockets.add(socket);
    socket.addEventListener("close", () => this.sockets.delete(socket));
  }
}
