import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { PresenceEntry } from "../../src/index.js";
import { drawShape } from "../../src/elements/badgeShapes.js";
import { presenceState } from "../../src/labels/index.js";
import { choices, entryOf, type Choice } from "./choices.js";
import type { SimulatedPerson } from "../common/simulation.js";

export interface PeopleActions {
  show(person: SimulatedPerson, choice: Choice): void;
  release(person: SimulatedPerson): void;
}

export function peopleTemplate(
  people: readonly SimulatedPerson[],
  entries: ReadonlyMap<string, PresenceEntry>,
  actions: PeopleActions,
): TemplateResult {
  return html`${repeat(
    people,
    ({ id }) => id,
    (person) => card(person, entries.get(person.id), actions),
  )}`;
}

function card(person: SimulatedPerson, entry: PresenceEntry | undefined, actions: PeopleActions): TemplateResult {
  const { id, displayName, department } = person;
  const chosen = choices.findIndex(({ availability }) => availability === entry?.availability);
  return html`<li class="card">
    <presence-person
      avatar-type="initials"
      view="threelines"
      line3-property="department"
      .personDetails=${{ id, displayName, department }}
    ></presence-person>
    <div class="choices" role="toolbar" aria-label="Presence of ${displayName}" @keydown=${moveFocus}>
      ${choices.map(
        (choice, index) =>
          html`<button
            type="button"
            title=${choice.label}
            aria-label="Set ${displayName} to ${choice.label}"
            aria-pressed=${index === chosen ? "true" : "false"}
            tabindex=${index === Math.max(chosen, 0) ? nothing : "-1"}
            data-availability=${choice.availability}
            @click=${() => actions.show(person, choice)}
          >
            ${icon(choice)}
          </button>`,
      )}
      <button
        type="button"
        class="release"
        title="Let the simulation decide"
        aria-label="auto: let the simulation decide for ${displayName}"
        tabindex="-1"
        @click=${() => actions.release(person)}
      >
        auto
      </button>
    </div>
  </li>`;
}

function icon(choice: Choice): TemplateResult {
  const shape = presenceState(entryOf(choice));
  return html`<span class="badge ${shape}"
    ><svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">${drawShape(shape)}</svg></span
  >`;
}

/** One button of a toolbar can be reached by Tab, the others by the arrow keys. */
function moveFocus(event: KeyboardEvent): void {
  const buttons = [...(event.currentTarget as HTMLElement).querySelectorAll("button")];
  const at = buttons.indexOf(event.target as HTMLButtonElement);
  const next = { ArrowLeft: at - 1, ArrowUp: at - 1, ArrowRight: at + 1, ArrowDown: at + 1, Home: 0, End: -1 }[
    event.key
  ];
  if (next !== undefined) {
    event.preventDefault();
    buttons.at(next % buttons.length)?.focus();
  }
}
