import { describe, expect, it, vi } from "vitest";
import { TokenSource } from "../../pages/common/TokenSource.js";

describe("TokenSource", () => {
  it("keeps a token until less than a quarter of its life is left", async () => {
    let now = 0;
    const issue = vi.fn(() => Promise.resolve({ accessToken: `token-${issue.mock.calls.length}`, expiresIn: 100 }));
    const tokens = new TokenSource(issue, () => now);
    expect(await tokens.get()).toBe("token-1");
    now = 74_999;
    expect(await tokens.get()).toBe("token-1");
    now = 75_000;
    expect(await tokens.get()).toBe("token-2");
  });

  it("gets another one for a token that was refused", async () => {
    const issue = vi.fn(() => Promise.resolve({ accessToken: "token", expiresIn: 100 }));
    const tokens = new TokenSource(issue, () => 0);
    await tokens.get();
    await tokens.get(true);
    expect(issue).toHaveBeenCalledTimes(2);
  });
});
