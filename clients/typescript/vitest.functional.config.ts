import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["functional/**/*.test.ts"],
    // One server and one browser serve all files, so they take turns.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
