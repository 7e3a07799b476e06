import type { AccessTokenFactory } from "../PresenceClientOptions.js";

interface IssuedToken {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/**
 * Takes tokens from an address of the application, which knows its user by a cookie. A POST answers
 * `{ "accessToken": "…", "expiresIn": seconds }`. A token is used until a quarter of its life is left.
 * @param url May be relative to the page. Cookies are sent to the page's own origin only.
 */
export function tokenFromUrl(url: string, now: () => number = Date.now): AccessTokenFactory {
  let token: { value: string; renewAt: number } | undefined;
  let asking: Promise<string> | undefined;

  async function ask(): Promise<string> {
    const asked = now();
    const response = await fetch(url, { method: "POST", credentials: "same-origin", cache: "no-store" });
    if (!response.ok) {
      throw new Error(`The token address ${url} answered ${response.status}.`);
    }
    const issued = (await response.json()) as Partial<IssuedToken> | null;
    if (typeof issued?.accessToken !== "string") {
      throw new Error(`The token address ${url} answered without "accessToken".`);
    }
    token = { value: issued.accessToken, renewAt: asked + (Number(issued.expiresIn) || 0) * 750 };
    return token.value;
  }

  return ({ refresh }) => {
    if (!refresh && token && now() < token.renewAt) {
      return token.value;
    }
    // The connection and the requests for people ask at the same time.
    asking ??= ask().finally(() => (asking = undefined));
    return asking;
  };
}
