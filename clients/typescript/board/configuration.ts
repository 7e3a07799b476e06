/** How the hub's operator wants the board's users to sign in. */
export interface SignInSettings {
  readonly clientId: string;
  readonly authority: string;
  readonly scope: string;
}

export interface BoardConfiguration {
  /** Undefined when the board has to ask for a token. */
  readonly signIn: SignInSettings | undefined;
  /** How many people one connection may watch. */
  readonly subjectsPerConnection: number;
}

const usualSubjects = 1_000;

/** Reads what the hub says at `/config.json`. Fails when it cannot answer now. */
export async function readConfiguration(): Promise<BoardConfiguration> {
  const response = await fetch("config.json");
  if (!response.ok) {
    throw new Error(`The hub answered ${response.status}.`);
  }
  const { signIn, subjectsPerConnection: subjects } = ((await response.json()) ?? {}) as Record<string, unknown>;
  return {
    signIn: isSignIn(signIn) ? signIn : undefined,
    subjectsPerConnection: typeof subjects === "number" && subjects >= 1 ? Math.floor(subjects) : usualSubjects,
  };
}

function isSignIn(value: unknown): value is SignInSettings {
  const { clientId, authority, scope } = (value ?? {}) as Record<string, unknown>;
  return [clientId, authority, scope].every((member) => typeof member === "string" && member !== "");
}
