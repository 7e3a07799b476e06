// Measures the package's own code as an application's bundler would take it: bundled, minified and compressed, without
// its dependencies. It needs `npm run build:lib` before.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "vite";

const folder = "dist/sizes";

/** What an application imports, and how large it may become: little more than it is, so that growth is noticed. */
const imports = [
  { name: "client", from: "index.js", names: "{ PresenceClient }", limit: "8 kB" },
  { name: "labels", from: "index.js", names: "{ fluentStatus, presenceLabel, presenceState }", limit: "2.2 kB" },
  { name: "everything of the main entry", from: "index.js", names: "*", limit: "10.5 kB" },
  { name: "elements", from: "elements/index.js", names: "*", limit: "26 kB" },
  { name: "react", from: "react/index.js", names: "*", limit: "10 kB" },
  { name: "msal", from: "msal/index.js", names: "*", limit: "1.6 kB" },
  { name: "shared", from: "shared/index.js", names: "*", limit: "14 kB" },
];

async function bundle({ name, from, names, limit }) {
  const file = name.replaceAll(" ", "-");
  const entry = `${folder}/${file}.entry.js`;
  writeFileSync(entry, `export ${names} from "../lib/${from}";\n`);
  await build({
    configFile: false,
    logLevel: "error",
    build: {
      outDir: folder,
      emptyOutDir: false,
      modulePreload: false,
      rollupOptions: {
        input: { [file]: entry },
        // Dependencies have names; files of the package have paths.
        external: /^[^./]/,
        // What the file that is loaded later shares with the first one stays in the first one, as in an application.
        preserveEntrySignatures: "allow-extension",
        output: { entryFileNames: "[name].js", chunkFileNames: `${file}.[name].js`, minify: true },
      },
    },
  });
  return { name, path: `${folder}/${file}.js`, gzip: true, limit };
}

/** What the client loads after it, which is the same for all that contain the client. */
const fallback = {
  name: "client, loaded when a WebSocket is open or has failed",
  path: `${folder}/client.onDemand.js`,
  gzip: true,
  limit: "3 kB",
};

/** A sub-path that exports nothing is not built yet. */
const isPresent = ({ from }) => readFileSync(`dist/lib/${from}`, "utf8").trim() !== "export {};";

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const checks = [];
for (const entry of imports.filter(isPresent)) {
  checks.push(await bundle(entry));
}
export default [...checks, fallback];
