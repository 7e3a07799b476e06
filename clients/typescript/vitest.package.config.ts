import { defineConfig } from "vitest/config";

// Installs from the registry and starts a browser: part of the long tests.
export default defineConfig({
  test: {
    include: ["packaged/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
});
