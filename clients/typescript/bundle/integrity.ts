import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes `integrity.json`: the version of the bundle, and what a page puts into the `integrity` attribute for each
 * file. The version ends in a hash of the files, so that an address with a version always has the same content.
 */
export function writeIntegrity(directory: string, packageVersion: string): void {
  const names = readdirSync(directory).filter((name) => /\.m?js$/.test(name));
  const contents = names.sort().map((name) => ({ name, content: readFileSync(join(directory, name)) }));
  const all = createHash("sha256");
  contents.forEach(({ name, content }) => all.update(name).update(content));
  const version = `${packageVersion}-${all.digest("hex").slice(0, 8)}`;
  const files = Object.fromEntries(
    contents.map(({ name, content }) => [name, `sha384-${createHash("sha384").update(content).digest("base64")}`]),
  );
  writeFileSync(join(directory, "integrity.json"), `${JSON.stringify({ version, files }, null, 2)}\n`);
}
