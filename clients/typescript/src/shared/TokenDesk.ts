import { Deferred } from "../Deferred.js";
import { PresenceError, type PresenceErrorCode } from "../PresenceError.js";
import type { Timers } from "../Timers.js";
import type { HostedTab } from "./HostedTab.js";

interface TokenAnswer {
  readonly token?: string;
  readonly error?: string;
  readonly code?: PresenceErrorCode;
}

/** A tab may have to ask its identity provider, and a tab that is frozen never answers. */
const answerMs = 10_000;

/** Asks the tabs for the access token, one after the other: the visible ones first, since only they can sign in. */
export class TokenDesk {
  private readonly waiting = new Map<number, { tab: HostedTab; answer: Deferred<TokenAnswer> }>();
  private requests = 0;

  constructor(
    private readonly tabs: () => readonly HostedTab[],
    private readonly timers: Timers,
  ) {}

  async token(refresh: boolean): Promise<string> {
    let failed: TokenAnswer = {};
    for (const tab of [...this.tabs()].sort((left, right) => Number(right.visible) - Number(left.visible))) {
      const answer = await this.ask(tab, refresh);
      if (answer.token !== undefined) {
        return answer.token;
      }
      failed = answer.error === undefined ? failed : answer;
    }
    const { code = "disconnected", error = "No page is open that has a token." } = failed;
    throw new PresenceError(code, error);
  }

  answered(tab: HostedTab, request: number, answer: TokenAnswer): void {
    const waiting = this.waiting.get(request);
    if (waiting?.tab === tab) {
      waiting.answer.resolve(answer);
    }
  }

  /** The tab is gone, so the next one is asked. */
  left(tab: HostedTab): void {
    this.waiting.forEach((waiting) => {
      if (waiting.tab === tab) {
        waiting.answer.resolve({});
      }
    });
  }

  private async ask(tab: HostedTab, refresh: boolean): Promise<TokenAnswer> {
    const request = ++this.requests;
    const answer = new Deferred<TokenAnswer>();
    this.waiting.set(request, { tab, answer });
    const timeout = this.timers.setTimeout(() => answer.resolve({}), answerMs);
    tab.post({ kind: "tokenWanted", request, refresh });
    try {
      return await answer.promise;
    } finally {
      this.timers.clearTimeout(timeout);
      this.waiting.delete(request);
    }
  }
}
