import { PresenceContext, type PresenceConfiguration } from "./PresenceContext.js";

/** Holds the context of a provider or of the page, and tells elements when there is another one. */
export class ContextSlot {
  private context: PresenceContext | undefined;
  private readonly listeners = new Set<() => void>();

  get current(): PresenceContext | undefined {
    return this.context;
  }

  /** Ends the context before, and begins the next one. */
  configure(configuration: PresenceConfiguration | undefined): void {
    const previous = this.context;
    this.context = configuration && new PresenceContext(configuration);
    this.listeners.forEach((listener) => listener());
    previous?.end();
  }

  /** Returns the function that removes the listener. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** The number changes with the members of the slot that another copy of this module may use. */
const pageSlotName = Symbol.for("@presencehub/client/page-slot/1");

const page = globalThis as unknown as Record<symbol, ContextSlot | undefined>;

/**
 * For all elements that are not inside of a provider. A page may load two copies of this module: the first one defines
 * the elements, and both configure them.
 */
export const pageSlot: ContextSlot = (page[pageSlotName] ??= new ContextSlot());

/**
 * Sets where the elements of the page get presence from. Elements that are in the page already connect now. A second
 * call replaces the first.
 */
export function configurePresence(configuration: PresenceConfiguration): void {
  pageSlot.configure(configuration);
}

const requestName = "presence-context-request";

type SlotRequest = CustomEvent<{ provide: (slot: ContextSlot) => void }>;

/** The slot of the nearest provider around the element, across shadow roots; else that of the page. */
export function findSlot(element: Element): ContextSlot {
  let found = pageSlot;
  const detail = { provide: (slot: ContextSlot) => (found = slot) };
  element.dispatchEvent(new CustomEvent(requestName, { bubbles: true, composed: true, detail }));
  return found;
}

/** Answers the elements inside of the host. */
export function provideSlot(host: Element, slot: ContextSlot): void {
  host.addEventListener(requestName, (event) => {
    event.stopPropagation();
    (event as SlotRequest).detail.provide(slot);
  });
}
