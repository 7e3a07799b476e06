/**
 * Loads what is only needed after a WebSocket has failed. Bundlers put it into a file of its own. Where all code has to
 * be in one file, `load` is replaced.
 */
export const fallbackCode = {
  load: (): Promise<typeof import("./NegotiatedTransports.js")> => import("./NegotiatedTransports.js"),
};
