import { defineConfig } from "vite";

export default defineConfig({
  root: "board",
  base: "./",
  build: {
    outDir: "../dist/board",
    emptyOutDir: true,
    // Inlined assets would be data: URLs, which the page's content security policy does not allow.
    assetsInlineLimit: 0,
    rolldownOptions: { input: ["board/index.html", "board/redirect.html"] },
    modulePreload: { polyfill: false },
  },
});
