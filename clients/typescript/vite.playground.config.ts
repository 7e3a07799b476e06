import { defineConfig } from "vite";

export default defineConfig({
  root: "pages/playground",
  base: "./",
  build: {
    outDir: "../../dist/playground",
    emptyOutDir: true,
    // Inlined assets would be data: URLs, which the page's content security policy does not allow.
    assetsInlineLimit: 0,
    // The page awaits its first answer.
    target: "es2022",
    modulePreload: { polyfill: false },
  },
});
