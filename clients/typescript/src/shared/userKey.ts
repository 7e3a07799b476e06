/**
 * The user that a token is for, so that tabs of different users do not share a connection. Undefined when the token
 * holds no user. The claims are only read and not validated: code that can post to the channels of an origin could take
 * the token itself.
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
