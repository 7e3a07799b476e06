interface SimulatedPerson {
  readonly id: string;
  readonly displayName: string;
}

const shownPeople = 3;
const placeholder = { id: "11111111-2222-3333-4444-555555555555", displayName: "Ada Lovelace" };
const hub = new URL("..", location.href).href;

const element = (id: string) => {
  const found = document.getElementById(id);
  if (!found) {
    throw new Error(`The page lacks #${id}.`);
  }
  return found;
};

/** The people of a simulation; none when the hub serves a real tenant. */
async function simulatedPeople(): Promise<readonly SimulatedPerson[]> {
  const response = await fetch("../dev/people", { cache: "no-store" });
  return response.ok ? ((await response.json()) as SimulatedPerson[]).slice(0, shownPeople) : [];
}

function showPeople(people: readonly SimulatedPerson[]): void {
  element("documentation").hidden = people.length > 0;
  for (const { id, displayName } of people) {
    const badge = document.createElement("presence-badge");
    badge.setAttribute("user-id", id);
    const item = document.createElement("li");
    item.append(badge, displayName);
    element("people").append(item);
  }
}

function showCode(people: readonly SimulatedPerson[], tokenUrl: string): string {
  const source = `${hub}client/presencehub.js`;
  const tags = (people.length > 0 ? people : [placeholder]).map(
    ({ id, displayName }) => `<presence-badge user-id="${id}"></presence-badge> ${displayName}`,
  );
  const code = [`<script defer src="${source}" data-token-url="${tokenUrl}"></script>`, "", ...tags].join("\n");
  element("code").textContent = code;
  return code;
}

function showPolicy(): void {
  const { origin, host, protocol } = new URL(hub);
  const socket = `${protocol === "https:" ? "wss" : "ws"}://${host}`;
  element("policy").textContent =
    `Content-Security-Policy: default-src 'none';\n  script-src ${origin};\n` +
    `  connect-src 'self' ${origin} ${socket};\n  img-src blob:; style-src 'none'`;
}

async function copy(code: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(code);
    element("copied").textContent = "Copied.";
  } catch {
    // The browser does not let the page write, for instance without HTTPS.
    getSelection()?.selectAllChildren(element("code"));
    element("copied").textContent = "Selected; press Ctrl+C to copy.";
  }
}

export {};

const people = await simulatedPeople();
showPeople(people);
showPolicy();
const code = showCode(people, people.length > 0 ? `${hub}dev/token` : "/presence-token");
element("copy").addEventListener("click", () => void copy(code));
