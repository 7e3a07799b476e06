import "../../src/elements/index.js";
import { configurePresence, type PresenceConfiguration } from "../../src/elements/index.js";
import { pageSlot } from "../../src/elements/ContextSlot.js";
import { forgetReports } from "../../src/elements/PageReports.js";
import type { PresenceElement } from "../../src/elements/PresenceElement.js";
import type { PresenceClient } from "../../src/index.js";
import { createClient } from "../clientOfHub.js";
import { FakeHub } from "../FakeHub.js";
import { FakePeopleHub } from "../people/FakePeopleHub.js";
import { vi } from "vitest";

/** A page with elements, a hub and people. Time stands still but for `settle` and vitest's own advances. */
export class ElementPage {
  readonly hub = new FakeHub();
  readonly people = new FakePeopleHub();
  readonly client: PresenceClient = createClient(this.hub);
  readonly warnings: string[] = [];

  constructor() {
    vi.useFakeTimers();
    forgetReports();
    vi.stubGlobal("fetch", this.people.fetch);
    vi.spyOn(console, "warn").mockImplementation((line: string) => void this.warnings.push(line));
  }

  get configuration(): PresenceConfiguration {
    const accessTokenFactory = () => "token";
    return { url: "https://hub.example.com/hubs/presence", accessTokenFactory, source: this.client };
  }

  configure(): void {
    configurePresence(this.configuration);
  }

  /** Puts the markup into the page, and waits until all that follows has happened. */
  async show(markup: string): Promise<PresenceElement> {
    document.body.innerHTML = markup;
    await settle();
    const element = document.body.querySelector<PresenceElement>("presence-badge, presence-person");
    if (!element) {
      throw new Error("There is no element in the markup.");
    }
    return element;
  }

  async end(): Promise<void> {
    document.body.innerHTML = "";
    pageSlot.configure(undefined);
    await this.client.stop();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    vi.useRealTimers();
  }
}

export async function settle(): Promise<void> {
  for (let round = 0; round < 10; round++) {
    await vi.advanceTimersByTimeAsync(5);
  }
}

export function part(element: Element, name: string): HTMLElement {
  const found = element.shadowRoot?.querySelector<HTMLElement>(`[part~="${name}"]`);
  if (!found) {
    throw new Error(`The element has no part ${name}.`);
  }
  return found;
}
