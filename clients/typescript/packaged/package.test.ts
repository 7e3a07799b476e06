import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { TestBrowser } from "../functional/browser.js";
import { FreshProject } from "./FreshProject.js";
import { StaticSite } from "./StaticSite.js";
import versions from "./versions.json" with { type: "json" };

const root = join(import.meta.dirname, "..");
const bundle = join(root, "dist/client/presencehub.mjs");
const vite = { vite: versions.vite, typescript: versions.typescript };

describe("the package, installed in a fresh project", () => {
  const browser = TestBrowser.forTests();
  let packed: string;
  let tarball: string;
  let project: FreshProject | undefined;
  let site: StaticSite | undefined;

  async function create(template: string, dependencies: Record<string, string> = {}): Promise<FreshProject> {
    project = await FreshProject.create(template, { "@presencehub/client": tarball, ...dependencies });
    return project;
  }

  async function serve(folder: string): Promise<string> {
    site = new StaticSite(folder);
    return site.listen();
  }

  /** The address has no hub, so the page must come to show that. */
  async function showsThatThereIsNoHub(folder: string): Promise<void> {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    await page.goto(await serve(folder));
    await page.getByText("Status unknown (invalidRequest)").waitFor({ timeout: 30_000 });
    expect(problems).toEqual([]);
    await page.close();
  }

  beforeAll(async () => {
    packed = await mkdtemp(join(tmpdir(), "presencehub-pack-"));
    execFileSync("npm", ["run", "build:lib"], { cwd: root });
    const name = execFileSync("npm", ["pack", "--silent", "--pack-destination", packed], {
      cwd: root,
      encoding: "utf8",
    });
    tarball = join(packed, name.trim());
  });

  afterEach(async () => {
    await site?.close();
    await project?.remove();
    site = project = undefined;
  });

  afterAll(async () => {
    await rm(packed, { recursive: true, force: true });
  });

  it("runs in Node as a plain module", async () => {
    const { folder } = await create("node");
    const address = await serve(folder);
    const output = await project?.run("node", "main.mjs", `${address}hubs/presence`);
    expect(JSON.parse(output ?? "")).toEqual({ code: "invalidRequest", label: "Status unknown" });
  });

  it("type-checks, builds and runs in a Vite page", async () => {
    const created = await create("vite-vanilla", vite);
    await created.run("tsc");
    await created.run("vite", "build");
    await showsThatThereIsNoHub(join(created.folder, "dist"));
  });

  it.each([
    ["18", versions.react18, versions.react18Types, versions.reactDom18Types],
    ["19", versions.react19, versions.react19Types, versions.reactDom19Types],
  ])("type-checks, builds and runs in a Vite page with React %s", async (_, react, types, domTypes) => {
    const created = await create("vite-react", {
      ...vite,
      "@vitejs/plugin-react": versions["@vitejs/plugin-react"],
      react,
      "react-dom": react,
      "@types/react": types,
      "@types/react-dom": domTypes,
    });
    await created.run("tsc");
    await created.run("vite", "build");
    await showsThatThereIsNoHub(join(created.folder, "dist"));
  });

  it("builds and runs in a page of webpack", async () => {
    const created = await create("webpack", { webpack: versions.webpack, "webpack-cli": versions["webpack-cli"] });
    await created.run("webpack", "--mode", "production");
    await copyFile(join(created.folder, "index.html"), join(created.folder, "dist/index.html"));
    await showsThatThereIsNoHub(join(created.folder, "dist"));
  });

  // The bundle is built by a command of its own.
  if (existsSync(bundle)) {
    it("runs in a plain page from the bundle alone", async () => {
      project = await FreshProject.create("html", {});
      await copyFile(bundle, join(project.folder, "presencehub.mjs"));
      await showsThatThereIsNoHub(project.folder);
    });
  }
});
