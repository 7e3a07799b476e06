// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { openSession } from "../../board/Session.js";
import { account, FakeMsal, msalError } from "../msal/FakeMsal.js";

const settings = { clientId: "board", authority: "https://login.example.com/tenant", scope: "api://hub/access" };

class FakeApplication extends FakeMsal {
  returned: unknown = null;

  initialize = () => Promise.resolve(void this.calls.push("initialize"));
  setActiveAccount = (active: FakeMsal["active"]) => void (this.active = active);
  handleRedirectPromise = () =>
    this.returned instanceof Error ? Promise.reject(this.returned) : Promise.resolve(this.returned as null);
  loginRedirect = ({ scopes }: { scopes?: string[] } = {}) =>
    Promise.resolve(void this.calls.push(`login ${scopes?.join(" ")}`));
}

describe("the sign-in of the board", () => {
  let msal: FakeApplication;
  const open = () => openSession(settings, () => msal);

  beforeEach(() => {
    sessionStorage.clear();
    msal = new FakeApplication();
  });

  it("takes the account that a sign-in comes back with", async () => {
    msal.accounts = [account("ada"), account("grace")];
    msal.returned = { account: account("grace") };
    const { accessToken } = await open();
    expect(await accessToken({ refresh: false })).toBe("token of grace");
  });

  it("leaves for the sign-in by itself when no one is signed in, and only once", async () => {
    msal.accounts = [];
    const { accessToken } = await open();
    await expect(accessToken({ refresh: false })).rejects.toMatchObject({ code: "unauthorized" });
    await expect(accessToken({ refresh: false })).rejects.toMatchObject({ code: "unauthorized" });
    expect(msal.calls).toEqual(["initialize", "redirect"]);
  });

  it("signs in again when the user wants to, also after a sign-in that was cancelled", async () => {
    msal.returned = msalError("BrowserAuthError", "user_cancelled");
    const session = await open();
    await session.signIn();
    expect(msal.calls).toEqual(["initialize", "login api://hub/access"]);
  });
});
