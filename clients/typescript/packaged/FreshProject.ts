import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A project in an empty folder outside of the repository, so that nothing is found there that it does not install. */
export class FreshProject {
  private constructor(readonly folder: string) {}

  /**
   * @param template A folder of `projects`.
   * @param dependencies Exact versions, or the path of a package file.
   */
  static async create(template: string, dependencies: Record<string, string>): Promise<FreshProject> {
    const folder = await mkdtemp(join(tmpdir(), `presencehub-${template}-`));
    await cp(join(import.meta.dirname, "projects", template), folder, { recursive: true });
    await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module", dependencies }));
    const project = new FreshProject(folder);
    if (Object.keys(dependencies).length > 0) {
      await project.run("npm", "install", "--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts");
    }
    return project;
  }

  /** Runs a program of the project or the path. Fails with its output. */
  async run(program: string, ...args: string[]): Promise<string> {
    const path = `${join(this.folder, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`;
    const options = { cwd: this.folder, env: { ...process.env, PATH: path, NODE_ENV: "" }, timeout: 300_000 };
    try {
      return (await run(program, args, options)).stdout;
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      throw new Error(`${program} ${args.join(" ")} failed:\n${stdout}\n${stderr}`, { cause: error });
    }
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
