import { act, type ReactNode } from "react";
import { createRoot } from "react-dom/client";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

/** A rendered tree. Every change of it is settled, with its effects, when the promise resolves. */
export interface Mounted {
  readonly container: HTMLElement;
  readonly text: () => string | null;
  render(tree: ReactNode): Promise<void>;
  unmount(): Promise<void>;
}

export async function mount(tree: ReactNode, container = document.createElement("div")): Promise<Mounted> {
  const root = createRoot(container);
  const mounted: Mounted = {
    container,
    text: () => container.textContent,
    render: (next) => settle(() => root.render(next)),
    unmount: () => settle(() => root.unmount()),
  };
  await mounted.render(tree);
  return mounted;
}

/** Runs a change, and what follows from it in React and in the client. */
export async function settle(change: () => unknown): Promise<void> {
  await act(async () => {
    await change();
    // The client answers its watches after some turns of promises.
    await new Promise((resolve) => setImmediate(resolve));
  });
}
