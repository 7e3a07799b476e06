import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { clientSource } from "../clientSource.js";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  resolve: clientSource,
  build: {
    rolldownOptions: { input: ["index.html", "redirect.html"].map((page) => `${import.meta.dirname}/${page}`) },
  },
});
