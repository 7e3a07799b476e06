// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Deferred } from "../../src/Deferred.js";
import { msalTokenFactory, type MsalInteraction } from "../../src/msal/index.js";
import { account, FakeMsal, msalError } from "./FakeMsal.js";

const scopes = ["api://presence-hub/access"];
const interactionRequired = () => msalError("InteractionRequiredAuthError", "login_required");

describe("msalTokenFactory", () => {
  let msal: FakeMsal;
  const create = (interaction: MsalInteraction) => msalTokenFactory(msal, { scopes, interaction });
  const visible = (state: DocumentVisibilityState) =>
    vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  const cached = { refresh: false };

  beforeEach(() => {
    sessionStorage.clear();
    visible("visible");
    msal = new FakeMsal();
  });

  it("takes a token silently, past the cache when the hub has refused the last one", async () => {
    const factory = create("redirect");
    expect(await factory(cached)).toBe("token of ada");
    expect(await factory({ refresh: true })).toBe("token of ada");
    expect(msal.calls).toEqual(["silent ada", "silent refresh ada"]);
  });

  it("prefers the given account to the active one, and that to the only one", async () => {
    msal.accounts = [account("ada"), account("grace")];
    msal.active = account("grace");
    expect(await create("none")(cached)).toBe("token of grace");
    const factory = msalTokenFactory(msal, { scopes, interaction: "none", account: account("ada") });
    expect(await factory(cached)).toBe("token of ada");
  });

  it.each([
    ["MSAL asks for an interaction", interactionRequired()],
    ["the hidden frame gets no answer", msalError("BrowserAuthError", "monitor_window_timeout")],
  ])("opens a window when %s", async (_, error) => {
    msal.silentError = error;
    expect(await create("popup")(cached)).toBe("token of grace");
    expect(msal.calls).toEqual(["silent ada", "popup ada"]);
  });

  it("asks for an account when several are signed in, and remembers the chosen one", async () => {
    msal.accounts = [account("ada"), account("grace")];
    const factory = create("popup");
    expect(await factory(cached)).toBe("token of grace");
    expect(await factory(cached)).toBe("token of grace");
    expect(msal.calls).toEqual(["popup -", "silent grace"]);
  });

  it("opens one window for all who ask meanwhile", async () => {
    msal.silentError = interactionRequired();
    const open = new Deferred<void>();
    msal.onPopup = () => open.promise;
    const tokens = [create("popup")(cached), create("popup")(cached), create("popup")(cached)];
    await vi.waitFor(() => expect(msal.calls).toContain("popup ada"));
    open.resolve();
    expect(await Promise.all(tokens)).toEqual(["token of grace", "token of ada", "token of ada"]);
    expect(msal.calls.filter((call) => call.startsWith("popup"))).toHaveLength(1);
  });

  it("does not ask again after the user has cancelled, until a click on the button", async () => {
    msal.silentError = interactionRequired();
    msal.onPopup = () => Promise.reject(msalError("BrowserAuthError", "user_cancelled"));
    const factory = create("popup");
    await expect(factory(cached)).rejects.toMatchObject({ code: "unauthorized", message: /signIn\(\)/ });
    await expect(factory({ refresh: true })).rejects.toMatchObject({ code: "unauthorized" });
    expect(msal.calls.filter((call) => call.startsWith("popup"))).toHaveLength(1);

    msal.onPopup = () => Promise.resolve();
    await factory.signIn();
    expect(await factory(cached)).toBe("token of grace");
  });

  it.each(["redirect", "popup"] as const)(
    "begins no %s in a hidden page, and does when it is visible",
    async (kind) => {
      msal.silentError = interactionRequired();
      visible("hidden");
      const factory = create(kind);
      await expect(factory(cached)).rejects.toMatchObject({ code: "unauthorized", message: /visible/ });
      expect(msal.calls).toEqual(["silent ada"]);
      visible("visible");
      await factory(cached).catch(() => undefined);
      expect(msal.calls.at(-1)).toMatch(kind);
    },
  );

  it("leaves the interaction to the page when it may have none", async () => {
    msal.silentError = interactionRequired();
    await expect(create("none")(cached)).rejects.toMatchObject({ code: "unauthorized", message: /signIn\(\)/ });
    expect(msal.calls).toEqual(["silent ada"]);
  });

  it("redirects once, and not again when the sign-in has brought no token", async () => {
    msal.silentError = interactionRequired();
    await expect(create("redirect")(cached)).rejects.toMatchObject({ message: /leaves/ });
    // The page is loaded again.
    await expect(create("redirect")(cached)).rejects.toMatchObject({ code: "unauthorized", message: /consented/ });
    expect(msal.calls.filter((call) => call === "redirect")).toHaveLength(1);

    msal.silentError = undefined;
    await create("redirect")(cached);
    msal.silentError = interactionRequired();
    await expect(create("redirect")(cached)).rejects.toMatchObject({ message: /leaves/ });
  });

  it.each([
    ["no_network_connectivity", "disconnected", /no_network/],
    ["uninitialized_public_client_application", "unauthorized", /initialize\(\)/],
    ["interaction_in_progress", "unauthorized", /handleRedirectPromise/],
    ["unknown_code", "unauthorized", /said MSAL/],
  ])("turns %s into %s and says what to do", async (errorCode, code, message) => {
    msal.silentError = msalError("ClientAuthError", errorCode);
    await expect(create("popup")(cached)).rejects.toMatchObject({ name: "PresenceError", code, message });
    expect(msal.calls).toEqual(["silent ada"]);
  });
});
