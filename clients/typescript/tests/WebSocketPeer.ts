import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** The closing frame with status 1000. */
export const closeFrame = Buffer.from([0x88, 2, 3, 0xe8]);

/** The answer to an upgrade, to be written together with what follows it. */
export function upgradeAnswer(request: IncomingMessage): string {
  const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}${guid}`).digest("base64");
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
}

/** The server's end of a WebSocket, as far as short text messages need it. */
export class WebSocketPeer {
  private received = Buffer.alloc(0);

  constructor(
    private readonly socket: Duplex,
    private readonly onText: (text: string) => void,
  ) {
    socket.on("data", (data: Buffer) => this.take(data));
    socket.on("error", () => socket.destroy());
  }

  send(text: string): void {
    const payload = Buffer.from(text);
    const header =
      payload.length < 126 ? [0x81, payload.length] : [0x81, 126, payload.length >> 8, payload.length & 255];
    this.socket.write(Buffer.concat([Buffer.from(header), payload]));
  }

  private take(data: Buffer): void {
    this.received = Buffer.concat([this.received, data]);
    for (;;) {
      const short = (this.received[1] ?? 0) & 127;
      const start = short === 126 ? 4 : 2;
      const length = short === 126 ? this.received.readUInt16BE(2) : short;
      const end = start + 4 + length;
      if (this.received.length < 2 || this.received.length < end) {
        return;
      }
      const mask = this.received.subarray(start, start + 4);
      const payload = Buffer.from(
        this.received.subarray(start + 4, end).map((byte, index) => byte ^ (mask[index % 4] ?? 0)),
      );
      const isClose = ((this.received[0] ?? 0) & 15) === 8;
      this.received = this.received.subarray(end);
      if (isClose) {
        this.socket.end(closeFrame);
      } else {
        this.onText(payload.toString());
      }
    }
  }
}
