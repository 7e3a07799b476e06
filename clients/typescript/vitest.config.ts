import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const react18 = fileURLToPath(new URL("tests/react18/node_modules/", import.meta.url));

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["tests/**/*.test.{ts,tsx}"] } },
      {
        test: { name: "react18", include: ["tests/react/**/*.test.tsx"] },
        resolve: { alias: [{ find: /^(?=react(-dom)?(\/|$))/, replacement: react18 }] },
      },
    ],
  },
});
