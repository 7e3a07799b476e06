import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../typescript/src/", import.meta.url));

/**
 * Vite's `resolve`: the samples are built from the client's source, so that a change of the client needs no build of its
 * own. A copy of a sample outside of this repository has the npm package and needs none of this.
 */
export const clientSource = {
  alias: [
    { find: /^@presencehub\/client$/, replacement: `${source}index.ts` },
    { find: /^@presencehub\/client\/(\w+)$/, replacement: `${source}$1/index.ts` },
  ],
  dedupe: ["react", "react-dom", "lit", "@microsoft/signalr"],
};
