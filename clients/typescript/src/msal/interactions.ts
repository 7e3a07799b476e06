import type { MsalApplication } from "./MsalApplication.js";

/** The interaction that is under way, by application: MSAL allows one at a time. */
const underWay = new WeakMap<MsalApplication, Promise<unknown>>();

/**
 * Runs the interaction. While another one is under way, waits for that instead and returns undefined; its failure is
 * this one's too, so that a user who cancels one window does not get the next.
 */
export async function interact<T>(application: MsalApplication, interaction: () => Promise<T>): Promise<T | undefined> {
  const other = underWay.get(application);
  if (other) {
    await other;
    return undefined;
  }
  const own = interaction();
  underWay.set(application, own);
  try {
    return await own;
  } finally {
    underWay.delete(application);
  }
}
