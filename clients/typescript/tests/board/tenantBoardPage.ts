import { ConnectionIndicator } from "../../board/ConnectionIndicator.js";
import type { Session } from "../../board/Session.js";
import { TenantBoard } from "../../board/TenantBoard.js";
import { byId } from "../../pages/common/dom.js";
import { textOf } from "./page.js";

export const signedIn: Session = { accessToken: () => "token", signIn: () => Promise.resolve() };

export const form = () => byId("sign-in", HTMLFormElement);
export const problemText = () => textOf(byId("sign-in-problem", HTMLElement));
export const submit = () => form().dispatchEvent(new Event("submit", { cancelable: true }));

export async function start(
  session?: Session,
  openSession = session && (() => Promise.resolve(session)),
): Promise<void> {
  const indicator = new ConnectionIndicator(byId("connection", HTMLElement));
  await new TenantBoard(indicator, { signIn: undefined, subjectsPerConnection: 1_000 }, openSession).start();
}

export function choose(search: string, ids = ""): void {
  byId("find", HTMLInputElement).value = search;
  byId("ids", HTMLTextAreaElement).value = ids;
  submit();
}
