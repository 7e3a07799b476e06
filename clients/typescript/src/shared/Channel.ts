/** Carries messages between a tab and the host. Both ends hear what the other one posts, in order. */
export interface Channel {
  post(message: unknown): void;
  /** Sets the one listener. Messages that came before it are not kept. */
  listen(listener: (message: unknown) => void): void;
  /** Sets the one listener that is told when this end was closed. */
  onclose(listener: () => void): void;
  close(): void;
}

abstract class BaseChannel implements Channel {
  protected listener: (message: unknown) => void = () => undefined;
  private closeListener: () => void = () => undefined;
  protected closed = false;

  abstract post(message: unknown): void;

  listen(listener: (message: unknown) => void): void {
    this.listener = listener;
  }

  onclose(listener: () => void): void {
    this.closeListener = listener;
  }

  close(): void {
    if (!this.closed) {
      this.closed = true;
      this.release();
      this.closeListener();
    }
  }

  protected abstract release(): void;

  protected receive(message: unknown): void {
    if (!this.closed) {
      this.listener(message);
    }
  }
}

type Port = Pick<MessagePort, "postMessage" | "close"> & { onmessage: ((event: MessageEvent) => void) | null };

/** The channel of a `MessagePort` or of a `BroadcastChannel` that only two ends use. */
export class PortChannel extends BaseChannel {
  constructor(private readonly port: Port) {
    super();
    port.onmessage = ({ data }) => this.receive(data);
  }

  post(message: unknown): void {
    if (!this.closed) {
      this.port.postMessage(message);
    }
  }

  protected release(): void {
    this.port.onmessage = null;
    this.port.close();
  }
}

class LocalChannel extends BaseChannel {
  other: LocalChannel | undefined;

  post(message: unknown): void {
    const { other } = this;
    if (!this.closed) {
      queueMicrotask(() => other?.receive(message));
    }
  }

  protected release(): void {
    this.other = undefined;
  }
}

/** Two ends within one page. */
export function localChannels(): [Channel, Channel] {
  const [left, right] = [new LocalChannel(), new LocalChannel()];
  left.other = right;
  right.other = left;
  return [left, right];
}
