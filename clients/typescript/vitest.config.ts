import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const react18 = fileURLToPath(new URL("tests/react18/node_modules/", import.meta.url));
const setupFiles = ["tests/loadOnDemandCode.ts"];

export default defineConfig({
  test: {
    projects: [
      {
        test: { name: "unit", include: ["tests/**/*.test.{ts,tsx}"], setupFiles },
        // The samples that tests import may have no packages of their own yet.
        resolve: { dedupe: ["@microsoft/signalr"] },
      },
      {
        test: { name: "react18", include: ["tests/react/**/*.test.tsx"], setupFiles },
        resolve: { alias: [{ find: /^(?=react(-dom)?(\/|$))/, replacement: react18 }] },
      },
    ],
  },
});
