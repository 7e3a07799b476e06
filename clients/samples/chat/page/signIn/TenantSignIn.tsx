import { useEffect, useState } from "react";
import type { TenantSettings } from "../settings.js";
import type { Session } from "./Session.js";

interface Props {
  readonly settings: TenantSettings;
  readonly onSignedIn: (session: Session) => void;
}

/** One sign-in per page: MSAL reads the answer of a redirect once. */
let signingIn: Promise<Session | undefined> | undefined;

export function TenantSignIn({ settings, onSignedIn }: Props) {
  const [problem, setProblem] = useState("");
  useEffect(() => {
    // Loaded on demand: a page of a simulated hub has no use for MSAL.
    signingIn ??= import("./tenantSession.js").then(({ tenantSession }) => tenantSession(settings));
    signingIn.then(
      (session) => session && onSignedIn(session),
      (error: unknown) => setProblem(String(error)),
    );
  }, [settings, onSignedIn]);
  return problem ? <p role="alert">The sign-in failed. {problem}</p> : <p role="status">Signing in…</p>;
}
