export interface LogLine {
  /** Counts the lines of the page. */
  readonly number: number;
  readonly at: Date;
  readonly direction: "received" | "sent" | "page";
  readonly title: string;
  readonly text: string;
  /** What was on the wire, as JSON; absent for what the page did itself. */
  readonly json: string | undefined;
}

const longestJson = 4_000;

/** What happened, newest first. Only the newest lines are kept. */
export class EventLog {
  private newestFirst: readonly LogLine[] = [];
  private added = 0;

  constructor(
    private readonly capacity: number,
    private readonly changed: () => void,
  ) {}

  get lines(): readonly LogLine[] {
    return this.newestFirst;
  }

  add(direction: LogLine["direction"], title: string, text: string, content?: unknown): void {
    const json = content === undefined ? undefined : shorten(JSON.stringify(content, null, 2));
    const line = { number: ++this.added, at: new Date(), direction, title, text, json };
    this.newestFirst = [line, ...this.newestFirst.slice(0, this.capacity - 1)];
    this.changed();
  }

  clear(): void {
    this.newestFirst = [];
    this.changed();
  }
}

function shorten(json: string): string {
  return json.length > longestJson ? `${json.slice(0, longestJson)}\n…` : json;
}
