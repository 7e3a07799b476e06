import { readFileSync } from "node:fs";
import { defineConfig, type Plugin, type UserConfig } from "vite";
import { writeIntegrity } from "./bundle/integrity.js";

const directory = "dist/client";
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

/** The bundle names its worker itself, since a classic script has no `import.meta.url`. */
const withoutPageWorker: Plugin = {
  name: "without-page-worker",
  load: (id) => (id.endsWith("/shared/pageWorker.ts") ? "export const createPageWorker = false;" : null),
};

/** `presencehub.js` and `presencehub.mjs`, and with `--mode worker` the worker beside them. */
export default defineConfig(({ mode }): UserConfig => {
  const isWorker = mode === "worker";
  return {
    plugins: [withoutPageWorker, { name: "integrity", closeBundle: () => writeIntegrity(directory, version) }],
    publicDir: false,
    build: {
      outDir: directory,
      emptyOutDir: !isWorker,
      target: "es2022",
      // A page may name the hash of its script, so there is no other file that the script loads.
      rolldownOptions: { output: { codeSplitting: false } },
      lib: isWorker
        ? { entry: "src/shared/worker.ts", formats: ["es"], fileName: () => "presencehub-worker.js" }
        : {
            entry: "bundle/script.ts",
            name: "PresenceHub",
            formats: ["iife", "es"],
            fileName: (format) => (format === "iife" ? "presencehub.js" : "presencehub.mjs"),
          },
    },
  };
});
