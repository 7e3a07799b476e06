import axe from "axe-core";
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { chromiumArguments, environment } from "./environment.js";

/** What `emulateMedia` takes for each kind of colours, by name. */
export const colours = [
  ["light", { colorScheme: "light", forcedColors: "none" }],
  ["dark", { colorScheme: "dark", forcedColors: "none" }],
  ["forced", { colorScheme: "dark", forcedColors: "active" }],
] as const;

/** One Chromium for all tests of a file. */
export class TestBrowser {
  private browser: Browser | undefined;

  /** Starts it before the tests of the `describe` that calls this, and closes it after them. */
  static forTests(...launchArguments: string[]): TestBrowser {
    const shared = new TestBrowser();
    beforeAll(async () => {
      const args = [...chromiumArguments, ...launchArguments];
      shared.browser = await chromium.launch({ executablePath: environment.chromium, args });
    });
    afterAll(() => shared.browser?.close());
    return shared;
  }

  /** A page that shares cookies, storage and workers with no other. */
  newPage(options?: BrowserContextOptions): Promise<Page> {
    return this.launched.newPage(options);
  }

  newContext(options?: BrowserContextOptions): Promise<BrowserContext> {
    return this.launched.newContext(options);
  }

  private get launched(): Browser {
    if (!this.browser) {
      throw new Error("The browser starts before the first test.");
    }
    return this.browser;
  }
}

/**
 * Collects the page's uncaught errors, and the errors and warnings of its console.
 * @param problems Takes them; pages may share it.
 */
export function collectProblems(page: Page, problems: string[] = []): string[] {
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      problems.push(message.text());
    }
  });
  return problems;
}

/** What axe finds wrong in the page as it is now: the rule, and the elements that break it. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  // A policy of the page does not hold for scripts of the test.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(", ")}`);
}

/**
 * Writes a picture of the page.
 * @param path Where, without `suffix` at the end of the name; undefined for no picture.
 */
export async function screenshot(
  page: Page,
  path: string | undefined,
  suffix: string,
  fullPage = false,
): Promise<void> {
  if (path) {
    await page.screenshot({ path: path.replace(/(\.\w+)?$/, `${suffix}$1`), fullPage });
  }
}
