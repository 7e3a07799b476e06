import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeIntegrity } from "../../bundle/integrity.js";
import { hubOfScript, settingsOf } from "../../bundle/scriptSettings.js";

describe("the script tag", () => {
  it.each([
    ["https://hub.example.com/client/presencehub.js", "https://hub.example.com/hubs/presence"],
    ["https://hub.example.com/client/0.1.0-12345678/presencehub.js?a#b", "https://hub.example.com/hubs/presence"],
    ["https://example.com/below/client/presencehub.mjs", "https://example.com/below/hubs/presence"],
  ])("finds the hub that serves %s", (address, hub) => expect(hubOfScript(address)).toBe(hub));

  it("configures the page when it names a token address, and else leaves that to the page", () => {
    expect(settingsOf({ url: "/hubs/presence" })).toBeUndefined();
    expect(settingsOf({ tokenUrl: "/token" })).toEqual({ tokenUrl: "/token" });
    expect(settingsOf({ tokenUrl: "/token", url: "/hubs/presence", userKey: "ada" })).toEqual({
      tokenUrl: "/token",
      url: "/hubs/presence",
      userKey: "ada",
    });
  });
});

describe("the integrity file", () => {
  it("has a hash of each script, and a version that changes with them", () => {
    const directory = mkdtempSync(join(tmpdir(), "bundle-"));
    const write = (content: string) => {
      writeFileSync(join(directory, "presencehub.js"), content);
      writeIntegrity(directory, "1.2.3");
      return JSON.parse(readFileSync(join(directory, "integrity.json"), "utf8")) as { version: string; files: object };
    };
    const [first, same, second] = [write("a"), write("a"), write("b")];
    rmSync(directory, { recursive: true });
    expect(first.version).toMatch(/^1\.2\.3-[0-9a-f]{8}$/);
    expect(same).toEqual(first);
    expect(second.version).not.toBe(first.version);
    expect(second.files).toEqual({
      "presencehub.js": `sha384-${createHash("sha384").update("b").digest("base64")}`,
    });
  });
});
