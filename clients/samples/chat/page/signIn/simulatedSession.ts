import type { Directory } from "../people/Person.js";
import type { Session } from "./Session.js";

/** A token is renewed this long before it expires. */
const reserveMs = 60_000;

/** Signs in as one of the simulated people. The hub's token serves both servers. */
export function simulatedSession(presenceUrl: string, directory: Directory, userId: string): Session {
  let held: { readonly token: string; readonly until: number } | undefined;
  const token = async (refresh: boolean): Promise<string> => {
    if (held && !refresh && Date.now() < held.until) {
      return held.token;
    }
    const response = await fetch(`${presenceUrl}/dev/token`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ watcherId: userId }),
    });
    if (!response.ok) {
      throw new Error(`The presence hub answered ${response.status} to /dev/token.`);
    }
    const { accessToken, expiresIn } = (await response.json()) as { accessToken: string; expiresIn: number };
    held = { token: accessToken, until: Date.now() + expiresIn * 1_000 - reserveMs };
    return accessToken;
  };
  return { userId, directory, presenceToken: ({ refresh }) => token(refresh), chatToken: () => token(false) };
}
