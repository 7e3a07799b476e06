import { beforeEach, describe, expect, it } from "vitest";
import { ConnectionCut, type SocketConstructor } from "../../pages/playground/ConnectionCut.js";

class FakeSocket extends EventTarget {
  closed = 0;

  close(): void {
    this.closed++;
    this.dispatchEvent(new Event("close"));
  }
}

describe("the cut of the page's connection", () => {
  let cut: ConnectionCut;
  let open: () => FakeSocket;

  beforeEach(() => {
    cut = new ConnectionCut();
    const Wrapped = cut.wrap(FakeSocket as unknown as SocketConstructor);
    open = () => new Wrapped("ws://hub") as unknown as FakeSocket;
  });

  it("closes each open socket once, and lets the next one open", () => {
    const [first, second] = [open(), open()];
    second.close();
    cut.once();
    cut.once();
    expect([first.closed, second.closed]).toEqual([1, 1]);
    expect(open().closed).toBe(0);
  });

  it("fails new sockets while it is held", () => {
    const socket = open();
    cut.hold();
    expect(socket.closed).toBe(1);
    expect(cut.isHeld).toBe(true);
    expect(open).toThrow("cut its connection");
    cut.release();
    expect(cut.isHeld).toBe(false);
    expect(open().closed).toBe(0);
  });
});
