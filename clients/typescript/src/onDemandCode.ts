/**
 * Loads what is only needed after a WebSocket has failed or for a problem. Bundlers put it into a file of its own. Where
 * all code has to be in one file, `load` is replaced.
 */
export const onDemandCode = {
  load: (): Promise<typeof import("./onDemand.js")> => import("./onDemand.js"),
};
