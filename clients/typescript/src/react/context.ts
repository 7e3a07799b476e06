import { createContext, useContext } from "react";
import { advise } from "./advice.js";
import type { SubjectStore } from "./SubjectStore.js";

/** Null: there is no provider. Undefined: its client is not known yet. */
export const PresenceContext = createContext<SubjectStore | undefined | null>(null);

export function useStore(hook: string): SubjectStore | undefined {
  const store = useContext(PresenceContext);
  if (store === null) {
    advise(`${hook} is used outside of <PresenceProvider>, so it knows no presence. Put the provider around the page.`);
  }
  return store ?? undefined;
}
