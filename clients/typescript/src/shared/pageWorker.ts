export type CreateWorker = (name: string) => SharedWorker;

/** The worker beside this file. Bundlers recognise this form and put the worker beside their own output. */
export const createPageWorker: CreateWorker = (name) =>
  new SharedWorker(new URL("./worker.js", import.meta.url), { type: "module", name });
