import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { accessibilityViolations, collectProblems, screenshot, TestBrowser } from "./browser.js";
import { environment } from "./environment.js";
import { hub } from "./hub.js";

const live = '[freshness="live"]';

interface Integrity {
  readonly version: string;
  readonly files: Record<string, string>;
}

describe("the bundle", () => {
  const browser = TestBrowser.forTests();
  let page: Page;
  let problems: string[];

  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 800, height: 900 } });
    problems = collectProblems(page);
  });

  afterEach(async () => {
    await page.close();
    expect(problems).toEqual([]);
  });

  it("is served for pages of any origin, and at an address that never changes", async () => {
    const integrity = (await (await fetch(`${environment.hub}/client/integrity.json`)).json()) as Integrity;
    expect(Object.keys(integrity.files)).toEqual(["presencehub-worker.js", "presencehub.js", "presencehub.mjs"]);
    for (const [path, cacheControl] of [
      ["presencehub.js", "public, no-cache"],
      [`${integrity.version}/presencehub.js`, "public, max-age=31536000, immutable"],
    ]) {
      const address = `${environment.hub}/client/${path}`;
      const { headers, status } = await fetch(address);
      expect(status).toBe(200);
      expect(headers.get("Content-Type")).toContain("javascript");
      expect(headers.get("Access-Control-Allow-Origin")).toBe("*");
      expect(headers.get("Cross-Origin-Resource-Policy")).toBe("cross-origin");
      expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
      expect(headers.get("Cache-Control")).toBe(cacheControl);
      const again = await fetch(address, { headers: { "If-None-Match": headers.get("ETag") ?? "" } });
      expect(again.status).toBe(304);
    }
  });

  it("works on a page of another origin under a strict content security policy, with its hash", async () => {
    const { files } = (await (await fetch(`${environment.hub}/client/integrity.json`)).json()) as Integrity;
    const socket = environment.hub.replace(/^http/, "ws");
    const policy = [
      "default-src 'none'",
      `script-src ${environment.hub}`,
      `connect-src ${environment.hub} ${socket}`,
      "img-src blob:",
      "style-src 'none'",
    ].join("; ");
    const ids = (await hub.people()).slice(0, 3).map(({ id }) => id);
    const html = `<!doctype html><html lang="en"><title>Intranet</title>
      <script defer src="${environment.hub}/client/presencehub.js" integrity="${files["presencehub.js"]}"
        crossorigin="anonymous" data-token-url="${environment.hub}/dev/token"></script>
      ${ids.map((id) => `<presence-badge user-id="${id}"></presence-badge>`).join("")}`;
    const server = await serve(html, { "Content-Security-Policy": policy });
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction((selector) => document.querySelectorAll(selector).length === 3, live);
    const size = await page.locator("presence-badge svg").first().boundingBox();
    expect(size?.width).toBe(16);
    server.close();
  });

  it("is shown by a page with three live badges and the code to copy", async () => {
    await page.goto(`${environment.hub}/embed/`);
    await page.waitForFunction((selector) => document.querySelectorAll(selector).length === 3, live);
    const code = await page.innerText("#code");
    expect(code).toContain(`${environment.hub}/client/presencehub.js`);
    expect(code.match(/<presence-badge/g)).toHaveLength(3);
    await page.click("#copy");
    await page.locator("#copied", { hasText: /Copied|copy/ }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await screenshot(page, environment.screenshot, "-embed");
  });

  it("shows the page as documentation when the hub serves a real tenant", async () => {
    await page.route("**/dev/people", (route) => route.fulfill({ status: 404 }));
    await page.goto(`${environment.hub}/embed/`);
    await page.locator("#documentation").waitFor({ state: "visible" });
    expect(await page.innerText("#code")).toContain("/presence-token");
    // The browser reports the answer 404 itself.
    problems.splice(0, Infinity, ...problems.filter((line) => !line.includes("404")));
  });
});

async function serve(html: string, headers: Record<string, string>): Promise<Server> {
  const server = createServer((request, response) => {
    const isPage = request.url === "/";
    response.writeHead(isPage ? 200 : 204, { ...headers, "Content-Type": "text/html" });
    response.end(isPage ? html : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  return server;
}
