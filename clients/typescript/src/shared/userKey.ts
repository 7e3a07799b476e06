/**
 * The user that a token is for, so that tabs of different users do not share a connection. The claims are only read:
 * whoever can post to the channels of an origin runs code of that origin. Undefined when the token holds no user.
 */
export function userKeyOf(token: string): string | undefined {
  try {
    const payload = (token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
    const { oid, sub, tid } = JSON.parse(atob(payload)) as Record<string, unknown>;
    const user = oid ?? sub;
    return typeof user === "string" && typeof tid === "string" ? `${tid}/${user}` : undefined;
  } catch {
    return undefined;
  }
}
