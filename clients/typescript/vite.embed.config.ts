import { defineConfig } from "vite";

export default defineConfig({
  root: "pages/embed",
  base: "./",
  build: {
    outDir: "../../dist/embed",
    emptyOutDir: true,
    // Inlined assets would be data: URLs, which the page's content security policy does not allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
