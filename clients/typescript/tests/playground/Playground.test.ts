// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from "vitest";
import { choices } from "../../pages/playground/choices.js";
import { ConnectionCut } from "../../pages/playground/ConnectionCut.js";
import { Playground } from "../../pages/playground/Playground.js";
import type { Simulation } from "../../pages/playground/Simulation.js";
import type { PresenceClient, PresenceEntry } from "../../src/index.js";
import { entry, subject } from "../FakeHub.js";

const ada = { id: subject(1), displayName: "Ada", department: "" };
const [available, busy] = choices as [(typeof choices)[0], (typeof choices)[0]];
const ids = [
  "search",
  "result",
  "clear",
  "connection",
  "people",
  "shown",
  "faults",
  "position",
  "log",
  "html",
  "script",
];
let changed: (entries: PresenceEntry[]) => void;
let playground: Playground;
let state: () => Promise<never>;
const result = () => document.querySelector("#result")?.textContent;

beforeEach(() => {
  const tags: Record<string, string> = { search: "input", clear: "button" };
  document.body.innerHTML = ids.map((id) => `<${tags[id] ?? "div"} id="${id}"></${tags[id] ?? "div"}>`).join("");
  state = () => Promise.reject(new Error("away"));
  const client = {
    entries: new Map([[ada.id, entry()]]),
    status: { state: "connected", attempt: 0 },
    on: (name: string, listener: typeof changed) => {
      if (name === "entriesChanged") {
        changed = listener;
      }
    },
  } as unknown as PresenceClient;
  const simulation = { state: () => state(), show: () => Promise.resolve() } as unknown as Simulation;
  playground = new Playground(new URL("https://hub.example.com"), client, simulation, new ConnectionCut());
});

it("says that a person has the chosen presence already, and announces no later change as its effect", () => {
  playground.show(ada, available);
  expect(result()).toBe("Ada is set to available already.");
  changed([entry({ revision: 2 })]);
  expect(result()).toBe("Ada is set to available already.");
});

it("waits for a change while something else fails", async () => {
  playground.show(ada, busy);
  dispatchEvent(new Event("focus"));
  await vi.waitFor(() => expect(result()).toContain("That failed: away"));
  changed([entry({ revision: 2, availability: "Busy", activity: "InACall" })]);
  expect(result()).toMatch(/shown \d+ ms after the click/);
});
