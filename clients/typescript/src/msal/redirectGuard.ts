/** A redirect that came back without a token is not repeated before this time has passed. */
const pauseMs = 60_000;
const key = "presencehub.msal.redirect";

/**
 * Keeps a page from redirecting without end, when a sign-in succeeds but yields no token for the hub: for instance when
 * the consent is missing, or when the page does not call `handleRedirectPromise`.
 */
export const redirectGuard = {
  mayRedirect(now: number): boolean {
    const last = Number(read() ?? Number.NaN);
    return !(now - last < pauseMs && now >= last);
  },

  redirecting(now: number): void {
    try {
      sessionStorage.setItem(key, String(now));
    } catch {
      // Storage is blocked. MSAL needs it too, so it reports the problem.
    }
  },

  succeeded(): void {
    try {
      sessionStorage.removeItem(key);
    } catch {
      // As above.
    }
  },
};

function read(): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}
