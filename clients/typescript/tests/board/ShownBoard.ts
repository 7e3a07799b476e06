import type { Person } from "../../board/Person.js";
import type { ConnectionStatus } from "../../src/index.js";

/** Stands for the class `Board`: keeps what it would show, without a connection. */
export class ShownBoard {
  static readonly all: ShownBoard[] = [];
  isStopped = false;

  constructor(
    readonly people: readonly Person[],
    _accessTokenFactory: unknown,
    _pageSize: number,
    readonly onStatus: (status: ConnectionStatus) => void,
  ) {
    ShownBoard.all.push(this);
  }

  stop(): Promise<void> {
    this.isStopped = true;
    return Promise.resolve();
  }
}
