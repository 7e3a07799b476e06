export interface IssuedToken {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** Keeps a token until less than a quarter of its life is left, then gets another one. */
export class TokenSource {
  private token: { value: string; renewAt: number } | undefined;

  constructor(
    private readonly issue: () => Promise<IssuedToken>,
    private readonly now: () => number = Date.now,
  ) {}

  /** @param refresh The hub has refused the last token: get another one. */
  async get(refresh = false): Promise<string> {
    const asked = this.now();
    if (refresh || !this.token || asked >= this.token.renewAt) {
      const issued = await this.issue();
      this.token = { value: issued.accessToken, renewAt: asked + issued.expiresIn * 750 };
    }
    return this.token.value;
  }
}
