import { randomUUID } from "node:crypto";
import type { BrowserContext, Page } from "playwright-core";
import { collectProblems, TestBrowser } from "./browser.js";
import { environment } from "./environment.js";

/** Where test pages are, on the hub's own origin: the browser is given them instead of an answer of the hub. */
const pagePath = "/test-page";

interface PageOptions {
  readonly body: string;
  /** The user; the tabs of one user share a connection. */
  readonly user?: string;
  /** Members of the configuration, as source text. */
  readonly configuration?: string;
  readonly hub?: string;
}

/** Pages in a browser that configure the elements for a user of the simulation. */
export class Pages {
  readonly problems: string[] = [];

  private constructor(readonly context: BrowserContext) {}

  static browserForTests(): TestBrowser {
    // A page that no server sent counts as one of the Internet, from which Chromium allows no connection to this host.
    return TestBrowser.forTests("--disable-features=LocalNetworkAccessChecks");
  }

  /** Pages that share cookies, storage and workers with no other test. */
  static async start(browser: TestBrowser): Promise<Pages> {
    return new Pages(await browser.newContext({ viewport: { width: 900, height: 700 } }));
  }

  async open({ body, user = randomUUID(), configuration = "", hub = environment.hub }: PageOptions): Promise<Page> {
    const page = await this.context.newPage();
    collectProblems(page, this.problems);
    const script = `
      async function accessTokenFactory() {
        const body = JSON.stringify({ watcherId: "${user}" });
        const headers = { "Content-Type": "application/json" };
        const response = await fetch("${hub}/dev/token", { method: "POST", headers, body });
        return (await response.json()).accessToken;
      }
      PresenceHub.configure({ accessTokenFactory, ${configuration} });`;
    const html = `<!doctype html><html lang="en"><head><title>Test</title>
      <meta name="color-scheme" content="light dark" />
      <script src="${hub}/client/presencehub.js"></script><script>${script}</script></head>
      <body><main><h1>Test</h1>${body}</main></body></html>`;
    await page.route(`**${pagePath}`, (route) => route.fulfill({ contentType: "text/html", body: html }));
    await page.goto(hub + pagePath);
    return page;
  }

  async end(): Promise<void> {
    await this.context.close();
  }
}

export const badge = (id: string) => `<presence-badge user-id="${id}"></presence-badge>`;

/** The hub's own count of open connections. */
export async function openConnections(hub = environment.hub): Promise<number> {
  const metrics = await (await fetch(`${hub}/metrics`)).text();
  return Number(/^presencehub_connections(?:\{[^}]*\})? (\d+)/m.exec(metrics)?.[1] ?? Number.NaN);
}
