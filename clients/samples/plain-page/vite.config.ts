import { defineConfig } from "vite";
import { clientSource } from "../clientSource.js";

export default defineConfig({ root: import.meta.dirname, resolve: clientSource });
