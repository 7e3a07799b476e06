import { byId, setText } from "../common/dom.js";
import { simulatedPeople, type SimulatedPerson } from "../common/simulation.js";

const shownPeople = 3;
const placeholder = { id: "11111111-2222-3333-4444-555555555555", displayName: "Ada Lovelace" };
const hub = new URL("..", location.href);

type ShownPerson = Pick<SimulatedPerson, "id" | "displayName">;

function showPeople(people: readonly ShownPerson[]): void {
  byId("documentation", HTMLElement).hidden = people.length > 0;
  for (const { id, displayName } of people) {
    const badge = document.createElement("presence-badge");
    badge.setAttribute("user-id", id);
    const item = document.createElement("li");
    item.append(badge, displayName);
    byId("people", HTMLElement).append(item);
  }
}

function showCode(people: readonly ShownPerson[], tokenUrl: string): string {
  const source = `${hub.href}client/presencehub.js`;
  const tags = (people.length > 0 ? people : [placeholder]).map(
    ({ id, displayName }) => `<presence-badge user-id="${id}"></presence-badge> ${displayName}`,
  );
  const code = [`<script defer src="${source}" data-token-url="${tokenUrl}"></script>`, "", ...tags].join("\n");
  setText(byId("code", HTMLElement), code);
  return code;
}

function showPolicy(): void {
  const { origin, host, protocol } = hub;
  const socket = `${protocol === "https:" ? "wss" : "ws"}://${host}`;
  setText(
    byId("policy", HTMLElement),
    `Content-Security-Policy: default-src 'none';\n  script-src ${origin};\n` +
      `  connect-src 'self' ${origin} ${socket};\n  img-src blob:; style-src 'none'`,
  );
}

async function copy(code: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(code);
    setText(byId("copied", HTMLElement), "Copied.");
  } catch {
    // The browser does not let the page write, for instance without HTTPS.
    getSelection()?.selectAllChildren(byId("code", HTMLElement));
    setText(byId("copied", HTMLElement), "Selected; press Ctrl+C to copy.");
  }
}

const people = ((await simulatedPeople(hub).catch(() => undefined)) ?? []).slice(0, shownPeople);
showPeople(people);
showPolicy();
const code = showCode(people, people.length > 0 ? `${hub.href}dev/token` : "/presence-token");
byId("copy", HTMLElement).addEventListener("click", () => void copy(code));
